export interface Setting {
  name: string
  /** What is expected, as the error and the documentation say it. */
  expects: string
  default: string
  about: string
  secret?: boolean
  /** A name that other programs use for the same; ours counts more. */
  also?: string
}

/** Every setting the service reads, in the order of the documentation. */
export const SETTINGS = [
  {
    name: 'PACKIT_HOST',
    expects: 'an address to listen on',
    default: '127.0.0.1',
    about: 'Where the service listens.',
  },
  {
    name: 'PACKIT_PORT',
    expects: 'a port from 0 to 65535 (0 = any free one)',
    default: '8080',
    about: 'The port it listens on.',
  },
  {
    name: 'PACKIT_WORKER_PORT',
    expects: 'a port from 0 to 65535 (0 = any free one)',
    default: '',
    about: 'Where `worker` answers `/api/healthz`, `/api/readyz` and `/metrics`; unset = `PACKIT_PORT`.',
  },
  {
    name: 'PACKIT_DATA_DIR',
    expects: 'a folder',
    default: './data',
    about: 'Embedded database, repositories, logs, mirrors.',
  },
  {
    name: 'PACKIT_STORAGE_URL',
    expects: 'file:///folder or s3://bucket/prefix?endpoint=https://host&region=name',
    default: '',
    about: 'Where logs and repositories are kept: what all processes share; unset = the folder `storage` of the data.',
  },
  {
    name: 'PACKIT_S3_ACCESS_KEY',
    expects: 'a text',
    default: '',
    about: 'Key id for the bucket of `PACKIT_STORAGE_URL`; unset = `AWS_ACCESS_KEY_ID`.',
    secret: true,
    also: 'AWS_ACCESS_KEY_ID',
  },
  {
    name: 'PACKIT_S3_SECRET_KEY',
    expects: 'a text',
    default: '',
    about: 'The secret of that key; unset = `AWS_SECRET_ACCESS_KEY`.',
    secret: true,
    also: 'AWS_SECRET_ACCESS_KEY',
  },
  {
    name: 'DATABASE_URL',
    expects: 'postgres://user:password@host/database',
    default: '',
    about: 'PostgreSQL 15 or newer; unset = the embedded database.',
    secret: true,
  },
  {
    name: 'PACKIT_PUBLIC_URL',
    expects: 'an http or https address',
    default: '',
    about: 'How others reach the service; its path is the prefix of all pages.',
  },
  {
    name: 'PACKIT_GIT_WEBHOOK_SECRET',
    expects: 'a text',
    default: '',
    about: 'Key of the signatures of `/api/webhooks/git`; unset = the endpoint answers 401.',
    secret: true,
  },
  {
    name: 'PACKIT_GITHUB_APP_ID',
    expects: 'a number',
    default: '',
    about: 'Id of the GitHub App; unset = the one that `/setup` made, or none.',
  },
  {
    name: 'PACKIT_GITHUB_PRIVATE_KEY',
    expects: 'a private key in PEM form',
    default: '',
    about: 'Private key of the GitHub App.',
    secret: true,
  },
  {
    name: 'PACKIT_GITHUB_WEBHOOK_SECRET',
    expects: 'a text',
    default: '',
    about: 'Key of the signatures of `/api/webhooks/github`; unset = the endpoint answers 401.',
    secret: true,
  },
  {
    name: 'PACKIT_GITHUB_CLIENT_ID',
    expects: 'a text',
    default: '',
    about: 'Client id of the GitHub App: people sign in by it.',
  },
  {
    name: 'PACKIT_GITHUB_CLIENT_SECRET',
    expects: 'a text',
    default: '',
    about: 'Client secret of the GitHub App.',
    secret: true,
  },
  {
    name: 'PACKIT_GITHUB_API_URL',
    expects: 'an http or https address',
    default: 'https://api.github.com',
    about: "GitHub's API; that of GitHub Enterprise is `https://<host>/api/v3`.",
  },
  {
    name: 'PACKIT_GIT_ALLOW',
    expects: 'folders and hosts, separated by commas',
    default: '',
    about: 'Repositories on this machine (below these folders) or own hosts that may be fetched.',
  },
  {
    name: 'PACKIT_NET_ALLOW',
    expects: 'networks such as 10.1.0.0/16 and host names, separated by commas',
    default: '',
    about: 'Own networks that builds may download from and git may fetch from.',
  },
  {
    name: 'PACKIT_SANDBOX_NETWORK',
    expects: 'none or srpm',
    default: 'none',
    about: '`srpm`: making the SRPM (actions) may use the network, as in the existing service.',
  },
  {
    name: 'PACKIT_BUILD_PARALLEL',
    expects: 'a number from 1 to 64',
    default: '2',
    about: 'How many sandboxes run at a time, on each machine that builds.',
  },
  {
    name: 'PACKIT_PROJECT_PARALLEL',
    expects: 'a number from 1 to 1000, or 0 = no limit',
    default: '0',
    about: 'How many SRPMs, and how many starts of builds, of one project run at a time in the whole installation.',
  },
  {
    name: 'PACKIT_DRAIN_TIME',
    expects: 'a duration such as 5s, or 0',
    default: '5s',
    about: 'How long `web` goes on answering after it was told to stop, so that a proxy learns of it by `/api/readyz`.',
  },
  {
    name: 'PACKIT_BUILD_TIME',
    expects: 'a duration such as 90s, 30m, 2h',
    default: '2h',
    about: 'Longest time of one SRPM or build.',
  },
  {
    name: 'PACKIT_BUILD_MEMORY',
    expects: 'a size such as 512M, 4G',
    default: '4G',
    about: 'Most memory of one SRPM or build, its work tree included.',
  },
  {
    name: 'PACKIT_BUILD_PROCESSES',
    expects: 'a number from 16 to 100000',
    default: '1024',
    about: 'Most processes of one SRPM or build.',
  },
  {
    name: 'PACKIT_BUILD_DISK',
    expects: 'a size such as 512M, 4G',
    default: '2G',
    about: 'Size of the work tree of one SRPM or build (in memory).',
  },
  {
    name: 'PACKIT_BUILD_LOG',
    expects: 'a size such as 64M',
    default: '100M',
    about: 'Longest log of one SRPM or build.',
  },
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
  {
    name: 'PACKIT_BODHI_URL',
    expects: 'an http or https address, or off',
    default: 'https://bodhi.fedoraproject.org',
    about: 'Bodhi, which is asked daily what aliases such as `fedora-stable` stand for; `off` = the table as it is.',
  },
  {
    name: 'PACKIT_CHROOTS_URL',
    expects: 'an http or https address, or off',
    default: 'https://copr.fedorainfracloud.org',
    about:
      'A Copr, which is asked daily for its list of chroots: a target that is none of them is unknown; `off` as above.',
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
    name: 'PACKIT_LOG_LEVEL',
    expects: 'debug, info, warn, error or silent',
    default: 'info',
    about: 'What the service log holds.',
  },
] as const satisfies readonly Setting[]
