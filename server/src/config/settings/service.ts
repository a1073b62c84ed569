import type { Setting } from '../setting.ts'

/** The service itself: where it listens, and what it keeps its data in. */
export const SERVICE = [
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
    name: 'PACKIT_S3_SESSION_TOKEN',
    expects: 'a text',
    default: '',
    about:
      'The token of a key that is lent for a time; unset = `AWS_SESSION_TOKEN`. It is read at the start: restart before it ends.',
    secret: true,
    also: 'AWS_SESSION_TOKEN',
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
] as const satisfies readonly Setting[]
