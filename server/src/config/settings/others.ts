import type { Setting } from '../setting.ts'

/** Other systems that it asks or listens to. */
export const OTHERS = [
  {
    name: 'PACKIT_BODHI_URL',
    expects: 'an http or https address, or off',
    default: 'https://bodhi.fedoraproject.org',
    about: 'Bodhi, which is asked daily what aliases such as `fedora-stable` stand for; `off` = the table as it is.',
  },
  {
    name: 'PACKIT_CHROOTS_URL',
    expects: 'an http or https address, or off',
    default: '',
    about:
      'The Copr that is asked daily for its chroots: a target that is none of them is unknown; unset = that of `PACKIT_COPR_URL`, else that of Fedora; `off` as above.',
  },
  {
    name: 'PACKIT_MESSAGES_URL',
    expects: 'amqps://user:password@host/vhost',
    default: '',
    about: 'A broker of Fedora Messaging, which tells at once what Copr has done; unset = Copr is asked now and then.',
    secret: true,
  },
  {
    name: 'PACKIT_MESSAGES_CA',
    expects: 'a file with certificates in PEM form',
    default: '',
    about: 'Whom the broker is known by; unset = those that this machine trusts.',
  },
  {
    name: 'PACKIT_MESSAGES_CERT',
    expects: 'a file with a certificate in PEM form',
    default: '',
    about: 'What we are known by at the broker; unset = user and password of the address.',
  },
  {
    name: 'PACKIT_MESSAGES_KEY',
    expects: 'a file with a private key in PEM form',
    default: '',
    about: 'Key of `PACKIT_MESSAGES_CERT`.',
  },
  {
    name: 'PACKIT_MESSAGES_QUEUE',
    expects: 'a UUID, as uuidgen prints',
    default: '',
    about: 'Name of the queue at the broker: of this installation alone, and the same for all its processes.',
  },
  {
    name: 'PACKIT_MESSAGES_TOPIC_PREFIX',
    expects: 'words with dots between them',
    default: 'org.fedoraproject.prod',
    about: 'What topics begin with; messages of any other sender are left alone.',
  },
  {
    name: 'PACKIT_TESTING_FARM_URL',
    expects: 'an http or https address',
    default: 'https://api.testing-farm.io/v0.1',
    about: 'The API of Testing Farm, with its version.',
  },
  {
    name: 'PACKIT_TESTING_FARM_TOKEN',
    expects: 'a text',
    default: '',
    about: 'Token of the public ranch: tests run in Testing Farm; unset = on this machine.',
    secret: true,
  },
  {
    name: 'PACKIT_TESTING_FARM_INTERNAL_URL',
    expects: 'an http or https address',
    default: '',
    about: 'The API for `use_internal_tf`; unset = `PACKIT_TESTING_FARM_URL`.',
  },
  {
    name: 'PACKIT_TESTING_FARM_INTERNAL_TOKEN',
    expects: 'a text',
    default: '',
    about: "Token of Red Hat's ranch; unset = jobs with `use_internal_tf` are not run.",
    secret: true,
  },
] as const satisfies readonly Setting[]
