import type { Setting } from '../setting.ts'

/** The forges that it serves. */
export const FORGES = [
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
] as const satisfies readonly Setting[]
