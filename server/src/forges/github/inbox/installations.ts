import type { Fields } from '../../../domain/fields.ts'
import { DeliveryError, type InstallationEvent, type RepositoryName } from '../../../domain/forge-event.ts'
import { type OwnApp, type Reader, unusedAction, wordOf } from './reader.ts'

/** An installation on all repositories of a large account lists each of them. */
const MOST_REPOSITORIES = 50_000

const ACTIONS: Record<string, InstallationEvent['action']> = {
  created: 'created',
  deleted: 'deleted',
  suspend: 'suspended',
  unsuspend: 'unsuspended',
  // the App may do more: what is known of the installation is brought up to date
  new_permissions_accepted: 'created',
}

export const readInstallation: Reader = ({ body, action: word, own }) => {
  const action = wordOf(ACTIONS, word)
  if (!action) return unusedAction(word, 'installations')
  const repositories = readNames(body, 'repositories')
  const [added, removed] = action === 'deleted' ? [[], repositories] : [repositories, []]
  return refuseApp(body, own) ?? { ...readPlace(body), action, added, removed }
}

export const readInstallationRepositories: Reader = ({ body, action, own }) => {
  if (action !== 'added' && action !== 'removed') return unusedAction(action, 'the repositories of an installation')
  const added = readNames(body, 'repositories_added')
  const removed = readNames(body, 'repositories_removed')
  return refuseApp(body, own) ?? { ...readPlace(body), action: 'repositories', added, removed }
}

function refuseApp(body: Fields, { appId }: OwnApp): string | undefined {
  const installation = body.object('installation')
  if (appId === null || !installation.has('app_id') || installation.integer('app_id') === appId) return undefined
  return 'it is the installation of another App'
}

function readPlace(body: Fields): Omit<InstallationEvent, 'action' | 'added' | 'removed'> {
  const installation = body.object('installation')
  const account = installation.object('account')
  const page = account.page('html_url')
  const sender = body.object('sender')
  return {
    kind: 'installation',
    forge: page.hostname,
    installationId: installation.integer('id'),
    account: {
      id: account.integer('id'),
      // an enterprise has a slug instead
      login: account.has('login') ? account.text('login', 200) : account.text('slug', 200),
      type: account.optionalText('type', 100) ?? 'Enterprise',
      url: page.href,
    },
    sender: { id: sender.integer('id'), login: sender.text('login', 200) },
  }
}

function readNames(body: Fields, key: string): RepositoryName[] {
  return body.objects(key, MOST_REPOSITORIES).map((repo) => {
    const full = repo.text('full_name', 500)
    const [namespace, name, ...more] = full.split('/')
    if (!namespace || !name || more.length > 0)
      throw new DeliveryError(`${key}: full_name must be owner/name, not ${JSON.stringify(full)}`)
    return { repositoryId: repo.integer('id'), namespace, name, isPrivate: repo.boolean('private') }
  })
}
