import { countRunningBuilds } from '../db/builds.ts'
import type { Db } from '../db/database.ts'
import type { Build } from '../db/runs.ts'
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

type Room = Pick<BuildDeps, 'database' | 'builder' | 'mostRemoteBuilds' | 'mostOfProject'>

/**
 * Begins a build elsewhere, and notes it, only while not too many of ours run there, nor of its project.
 *
 * @throws {UnavailableError}
 */
export async function inTurn<T>(
  { database, builder, mostRemoteBuilds, mostOfProject }: Room,
  { id, projectId }: Pick<Build, 'id' | 'projectId'>,
  work: () => Promise<T>,
): Promise<T> {
  const { name } = builder
  const all = {
    ...{ kind: `${name}-turn`, most: mostRemoteBuilds, setting: 'PACKIT_COPR_PARALLEL' },
    countTaken: (tx: Db) => countRunningBuilds(tx, name),
  }
  const ofProject = {
    ...{ kind: `${name}-project-${projectId}`, most: mostOfProject, setting: 'PACKIT_PROJECT_PARALLEL' },
    countTaken: (tx: Db) => countRunningBuilds(tx, name, projectId),
  }
  return withPlace(database, ofProject, id, () => withPlace(database, all, id, work))
}
