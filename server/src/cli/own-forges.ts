import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { FindForge, Forge, ForgeInbox } from '../forges/forge.ts'
import { createGitInbox } from '../forges/git/inbox.ts'
import { hostOfApi } from '../forges/github/app.ts'
import { type AppStore, openAppStore } from '../forges/github/app-store.ts'
import { createGithubInbox } from '../forges/github/inbox.ts'
import { createUnsetInbox } from '../forges/unset.ts'
import type { Backends } from './backends.ts'
import { createForges, type Forges } from './forges.ts'

/** The forges that this installation is set up for. */
export interface OwnForges {
  /** The GitHub App, if there is one. */
  apps: AppStore
  forges: Forges
  inboxes: ForgeInbox[]
  findForge: FindForge
  listForges: () => Forge[]
  /** Whether the App is that of the account: what its owner has is allowed by itself. */
  isOwnApp: (account: { forge: string; login: string }) => Promise<boolean>
}

interface Options {
  config: Config
  backends: Backends
  now: () => Date
  log: Logger
  /** In place of the real forges. */
  findForge: FindForge | undefined
}

export function openOwnForges({ config, backends, now, log, findForge: replaced }: Options): OwnForges {
  const apps = openAppStore(config.dataDir, config.github)
  const hosts = () => hostsOfApp(config, apps)
  const forges = createForges(apps.current, now, log)
  const findForge: FindForge = (host) => {
    const forge = (replaced ?? forges.find)(host)
    return forge && backends.forge(forge)
  }
  return {
    apps,
    forges,
    inboxes: [
      createGithubInbox(apps.webhookSecret, () => ownApp(apps)),
      createGitInbox(config.gitWebhookSecret, hosts),
      createUnsetInbox('gitlab', "'gitlab_token_secret' not specified in the config."),
      createUnsetInbox('forgejo', "'forgejo_webhook_secret' not specified in the config."),
    ],
    findForge,
    listForges: () => hosts().flatMap((host) => findForge(host) ?? []),
    isOwnApp: async ({ forge, login }) => hosts().includes(forge) && isOwner(apps, login),
  }
}

/** Hosts whose deliveries come from the App alone. */
function hostsOfApp({ github }: Config, apps: AppStore): string[] {
  const app = apps.current()
  if (app) return [hostOfApi(app.apiUrl)]
  return github.webhookSecret ? [hostOfApi(github.apiUrl)] : []
}

function ownApp(apps: AppStore): { appId: number | null; slug: string | null } {
  const { appId = null, slug = null } = apps.current() ?? {}
  return { appId, slug }
}

/** Names of accounts are the same in either case. */
function isOwner(apps: AppStore, login: string): boolean {
  return apps.owner()?.toLowerCase() === login.toLowerCase()
}
