import { findTestRequest, findTestTarget } from '../db/tests.ts'
import { hasEnded } from '../domain/status.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { TestDeps } from './deps.ts'
import { endTest } from './end-test.ts'

/** A job that was given up ends its tests as an error of ours: none is silent. */
export async function giveUpStart(
  { testTargetId }: Jobs['start-tests'],
  reason: string,
  deps: TestDeps,
): Promise<void> {
  const target = await findTestTarget(deps.database.db, testTargetId)
  if (target && !hasEnded(target.state)) await endTest(target, 'error', reason, deps)
}

export async function giveUpSettle(
  { testRequestId }: Jobs['settle-test'],
  reason: string,
  deps: TestDeps,
): Promise<void> {
  const request = await findTestRequest(deps.database.db, testRequestId)
  if (request) await giveUpStart({ testTargetId: request.testTargetId }, reason, deps)
}
