import type { Setting } from '../setting.ts'

/** How long things are kept, and how it behaves towards projects and visitors. */
export const OPERATION = [
  {
    name: 'PACKIT_KEEP_CLOSED',
    expects: 'a number of days',
    default: '60',
    about: 'How long repositories of closed pull requests are kept.',
  },
  {
    name: 'PACKIT_KEEP_SUPERSEDED',
    expects: 'a number of days',
    default: '7',
    about: 'How long repositories of superseded pushes are kept.',
  },
  { name: 'PACKIT_KEEP_LOGS', expects: 'a number of days', default: '365', about: 'How long logs are kept.' },
  {
    name: 'PACKIT_KEEP_PAYLOADS',
    expects: 'a number of days',
    default: '30',
    about: 'How long bodies of deliveries are kept (their decision stays).',
  },
  {
    name: 'PACKIT_KEEP_MIRRORS',
    expects: 'a size such as 20G',
    default: '20G',
    about: 'Space for git mirrors; the least recently used go first.',
  },
  {
    name: 'PACKIT_INSTANCE',
    expects: 'a name such as prod, stg, dev',
    default: 'prod',
    about: 'Which `packit_instances` of a configuration are meant.',
  },
  {
    name: 'PACKIT_COMMAND_PREFIX',
    expects: 'a word such as /packit',
    default: '/packit',
    about: 'The word that commands in comments begin with.',
  },
  {
    name: 'PACKIT_SHADOW',
    expects: '0 or 1',
    default: '0',
    about: '`1`: everything is done and shown on our pages, and nothing is written to a forge.',
  },
  {
    name: 'PACKIT_PRIVATE_NAMESPACES',
    expects: 'forge/namespace, separated by commas',
    default: '',
    about: 'Namespaces whose private repositories are served; then all reading needs a token or a sign-in.',
  },
  {
    name: 'PACKIT_TRUSTED_PROXIES',
    expects: 'addresses or networks, separated by commas',
    default: '',
    about: 'Proxies whose `X-Forwarded-For` is believed.',
  },
  {
    name: 'PACKIT_RATE_LIMIT',
    expects: 'requests a minute, 0 = no limit',
    default: '',
    about: 'For one address; unset = 600, none on loopback.',
  },
  { name: 'PACKIT_MAX_TARGETS', expects: 'a number from 1 to 1000', default: '50', about: 'Most targets of one run.' },
] as const satisfies readonly Setting[]
