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
