// What people do with Apps: install them, give them other repositories, take them away.
import { briefRepository } from './events.ts'
import type { Hub } from './hub.ts'
import { userShape } from './shapes.ts'
import type { App, Installation, Permissions, Repository, User } from './things.ts'

export interface NewInstallation {
  app: App
  account: User
  /** Default: all. */
  repositories?: 'all' | readonly Repository[]
  /** Default: what the App asks for. */
  permissions?: Permissions
  events?: string[]
  by?: User
}

export async function install(hub: Hub, wanted: NewInstallation): Promise<Installation> {
  const { app, account, repositories = 'all', by = account } = wanted
  const installation: Installation = {
    id: hub.state.nextId(),
    app,
    account,
    repositories: repositories === 'all' ? 'all' : new Set(repositories),
    permissions: { metadata: 'read', ...(wanted.permissions ?? app.permissions) },
    events: wanted.events ?? app.events,
    suspendedAt: null,
    isDeleted: false,
    createdAt: hub.state.now(),
  }
  hub.state.installations.push(installation)
  await tell(hub, 'created', installation, by)
  return installation
}

export async function uninstall(hub: Hub, installation: Installation, by = installation.account): Promise<void> {
  const told = tell(hub, 'deleted', installation, by)
  installation.isDeleted = true
  await told
}

export async function suspend(hub: Hub, installation: Installation, by = installation.account): Promise<void> {
  installation.suspendedAt = hub.state.now()
  await tell(hub, 'suspend', installation, by)
}

export async function unsuspend(hub: Hub, installation: Installation, by = installation.account): Promise<void> {
  installation.suspendedAt = null
  await tell(hub, 'unsuspend', installation, by)
}

async function tell(hub: Hub, action: string, installation: Installation, by: User): Promise<void> {
  const repositories = hub.state.repositoriesOf(installation).map(briefRepository)
  await hub.events.ofInstallation('installation', installation, by, { action, repositories, requester: null })
}

/** Gives an installation repositories and takes others from it. */
export async function changeRepositories(
  hub: Hub,
  installation: Installation,
  { add = [], remove = [] }: { add?: readonly Repository[]; remove?: readonly Repository[] },
): Promise<void> {
  const own = new Set(hub.state.repositoriesOf(installation))
  for (const one of add) own.add(one)
  for (const one of remove) own.delete(one)
  installation.repositories = own
  const changes = [
    { action: 'added', list: add },
    { action: 'removed', list: remove },
  ]
  for (const { action, list } of changes) {
    if (list.length === 0) continue
    await hub.events.ofInstallation('installation_repositories', installation, installation.account, {
      action,
      repository_selection: 'selected',
      repositories_added: action === 'added' ? list.map(briefRepository) : [],
      repositories_removed: action === 'removed' ? list.map(briefRepository) : [],
      requester: null,
    })
  }
}

/** The account is called otherwise; former addresses of its repositories lead to the new ones. */
export async function renameAccount(hub: Hub, account: User, login: string): Promise<void> {
  const { state, events } = hub
  const from = account.login
  for (const one of state.repositories)
    if (one.owner === account) state.formerNames.set(`${from}/${one.name}`.toLowerCase(), one)
  account.login = login
  for (const installation of state.installations) {
    if (installation.account !== account || installation.isDeleted) continue
    await events.ofInstallation('installation_target', installation, account, {
      action: 'renamed',
      account: userShape(state, account),
      changes: { login: { from } },
      target_type: account.type,
    })
  }
}
