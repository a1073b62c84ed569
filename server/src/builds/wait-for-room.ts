import { countRunningBuilds } from '../db/builds.ts'
import type { Db } from '../db/database.ts'
import { UnavailableError } from '../domain/errors.ts'
import { withPlace } from '../jobs/lease.ts'
import type { BuildDeps } from './deps.ts'

const LOOK_AGAIN_MS = 30_000

/**
 * Lets a step begin only where there is room for it; else its job waits in the queue, as long as it takes.
 *
 * @throws {UnavailableError} with the reason, which the pages show too
 */
export async function waitForRoom({ findObstacle }: Pick<BuildDeps, 'findObstacle'>): Promise<void> {
  const obstacle = await findObstacle()
  if (obstacle !== null) throw new UnavailableError(obstacle, LOOK_AGAIN_MS, { hasDeadline: false })
}

/**
 * Begins a build elsewhere, and notes it, only while not too many of ours run there.
 *
 * @param id  of the build's row
 * @throws {UnavailableError}
 */
export async function inTurn<T>(
  { database, builder, mostRemoteBuilds }: Pick<BuildDeps, 'database' | 'builder' | 'mostRemoteBuilds'>,
  id: number,
  work: () => Promise<T>,
): Promise<T> {
  if (mostRemoteBuilds === undefined) return work()
  const countTaken = (tx: Db) => countRunningBuilds(tx, builder.name)
  const places = { kind: `${builder.name}-turn`, most: mostRemoteBuilds, setting: 'PACKIT_COPR_PARALLEL', countTaken }
  return withPlace(database, places, id, work)
}
