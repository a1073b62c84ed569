import type { Db } from '../db/database.ts'
import { findEvent, listHeads, listPipelinesOfEvent } from '../db/events.ts'
import { findTrigger } from '../db/projects.ts'
import type { Selection } from '../domain/selection.ts'
import { newestTargets } from './newest-targets.ts'
import { readRuns } from './read-runs.ts'

/** The packages of pull requests of other repositories, which tests are to have besides. */
export interface OtherBuilds {
  /** `acme/world#7` */
  name: string
  /** Rows of builds that went well and are kept, by chroot. */
  targets: Map<string, number[]>
}

/**
 * What the newest commits of other pull requests have built, on the same forge. Of a private repository nothing is told: who may
 * comment here may not read there.
 */
export async function findOtherBuilds(
  tx: Db,
  eventId: number,
  others: NonNullable<Selection['others']>,
): Promise<OtherBuilds[]> {
  const own = others.length > 0 ? await findEvent(tx, eventId) : undefined
  const all: OtherBuilds[] = []
  for (const { namespace, repository, number } of own ? others : []) {
    const name = `${namespace}/${repository}#${number}`
    all.push({
      name,
      targets: await findBuilds(tx, { forge: own?.project.forge ?? '', namespace, repository, number }),
    })
  }
  return all
}

async function findBuilds(
  tx: Db,
  { forge, namespace, repository, number }: { forge: string; namespace: string; repository: string; number: number },
): Promise<Map<string, number[]>> {
  const project = { forge, namespace, name: repository, webUrl: '', cloneUrl: '', isPrivate: false }
  const trigger = await findTrigger(tx, { project, triggerKind: 'pull_request', number, name: null })
  const [newest] = trigger ? await listHeads(tx, trigger.id) : []
  const found = newest && (await findEvent(tx, newest.id))
  if (!found || found.project.isPrivate) return new Map()
  const built = [...newestTargets(await readRuns(tx, await listPipelinesOfEvent(tx, newest.id))).values()].filter(
    ({ target, pipeline }) => target.state === 'success' && pipeline.expiredAt === null,
  )
  const byChroot = Map.groupBy(built, ({ target }) => target.target ?? '')
  return new Map(Array.from(byChroot, ([chroot, of]) => [chroot, of.map(({ target }) => target.id)]))
}
