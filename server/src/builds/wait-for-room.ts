import { countRunningBuilds } from '../db/builds.ts'
import { UnavailableError } from '../domain/errors.ts'
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

/** A place elsewhere may get free at any moment. */
const LOOK_ELSEWHERE_MS = 5000

/**
 * Lets a build begin elsewhere only while not too many of ours run there. Workers that look at the same moment may begin one
 * more each.
 *
 * @throws {UnavailableError}
 */
export async function waitForTurn(deps: Pick<BuildDeps, 'database' | 'builder' | 'mostRemoteBuilds'>): Promise<void> {
  const { database, builder, mostRemoteBuilds } = deps
  if (mostRemoteBuilds === undefined) return
  const running = await countRunningBuilds(database.db, builder.name)
  if (running < mostRemoteBuilds) return
  const why = `${running} builds of ours run in Copr, and more are not wanted there at a time (PACKIT_COPR_PARALLEL)`
  throw new UnavailableError(why, LOOK_ELSEWHERE_MS, { hasDeadline: false, isBusy: true })
}
