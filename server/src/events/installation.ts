import { noteOnAllowlist } from '../db/allowlist.ts'
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
  const isOwn = await deps.isOwnApp({ forge: event.forge, ...event.account })
  await deps.database.transaction(async (tx) => {
    const reasons = await writeInstallation(tx, event, deps, delivery.receivedAt)
    if (event.action === 'created') reasons.push(await admit(tx, event, { isOwn, at: delivery.receivedAt }))
    await settleDelivery(tx, delivery.id, { state: 'decided', decision: DECISIONS[event.action], reasons })
  })
}

/** Whoever owns the App is allowed at once; anybody else waits for the operator. */
async function admit(tx: Db, event: InstallationEvent, facts: { isOwn: boolean; at: Date }): Promise<string> {
  const path = `${event.forge}/${event.account.login}`
  const status = await noteOnAllowlist(tx, event, facts)
  if (status === 'waiting') return `${path} waits to be allowed: packit-service allow ${path}`
  return status === 'denied' ? `${path} is denied` : `${path} is allowed`
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
