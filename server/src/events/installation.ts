import type { Db } from '../db/database.ts'
import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import {
  addRepositories,
  listLivingRunsOfProjects,
  removeRepositories,
  setDeleted,
  setSuspended,
  upsertInstallation,
} from '../db/installations.ts'
import type { InstallationEvent, RepositoryName } from '../domain/forge-event.ts'
import { cancelRuns } from './cancel-runs.ts'
import type { EventDeps } from './deps.ts'

/** Keeps what is known of an installation. What runs for repositories that are taken away is cancelled; their history stays. */
export async function noteInstallation(delivery: Delivery, event: InstallationEvent, deps: EventDeps): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const reasons = await writeInstallation(tx, event, deps, delivery.receivedAt)
    await settleDelivery(tx, delivery.id, { state: 'decided', decision: DECISIONS[event.action], reasons })
  })
}

const DECISIONS: Record<InstallationEvent['action'], string> = {
  created: 'installed',
  deleted: 'installation removed',
  suspended: 'installation suspended',
  unsuspended: 'installation active again',
  repositories: 'repositories of the installation changed',
}

async function writeInstallation(tx: Db, event: InstallationEvent, deps: EventDeps, at: Date): Promise<string[]> {
  if (event.action === 'deleted') {
    const ids = await removeRepositories(tx, event, 'all')
    await setDeleted(tx, event, at)
    return [count(ids.length, 'gave up its installation'), await cancelAll(tx, ids, 'the App was removed', deps)]
  }
  if (event.action === 'suspended') {
    await upsertInstallation(tx, event)
    await setSuspended(tx, event, at)
    return [`${event.account.login} suspended it: GitHub tells nothing of its repositories until that ends`]
  }
  await upsertInstallation(tx, event)
  const admitted = event.added.filter((repository) => isAdmitted(event.forge, repository, deps))
  const origin = event.account.url ? new URL(event.account.url).origin : `https://${event.forge}`
  await addRepositories(tx, event, admitted, { origin, at })
  const taken = await removeRepositories(tx, event, event.removed)
  const reasons = [count(admitted.length, 'can be built')]
  const refused = event.added.length - admitted.length
  if (refused > 0)
    reasons.push(`${count(refused, 'left out')}: private, and PACKIT_PRIVATE_NAMESPACES does not name it`)
  if (event.removed.length > 0) {
    reasons.push(count(event.removed.length, 'taken away'))
    reasons.push(await cancelAll(tx, taken, 'the App may not see the repository any more', deps))
  }
  return reasons
}

/** Nothing is kept of private repositories that nobody admitted. */
function isAdmitted(forge: string, { namespace, isPrivate }: RepositoryName, { settings }: EventDeps): boolean {
  return !isPrivate || settings.privateNamespaces.includes(`${forge}/${namespace}`)
}

async function cancelAll(tx: Db, projectIds: readonly number[], reason: string, deps: EventDeps): Promise<string> {
  return cancelRuns(tx, deps.queue, await listLivingRunsOfProjects(tx, projectIds), reason, deps.now())
}

function count(number: number, what: string): string {
  return `${number} ${number === 1 ? 'repository' : 'repositories'} ${what}`
}
