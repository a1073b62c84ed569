import { moveSrpm, moveTarget, requestBuildCancel, requestSrpmCancel } from '../db/builds.ts'
import type { Db } from '../db/database.ts'
import { findRun, lockRun } from '../db/runs.ts'
import { findNewestRequest, moveTest, requestTestCancel, type TestTarget } from '../db/tests.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from './announce.ts'
import type { Queue } from './queue.ts'

/**
 * Cancels what is left of a run. What waits ends at once; what runs is told, and ends when the machine that holds it has
 * stopped it. Repeats change nothing.
 *
 * @returns whether there was anything to cancel
 */
export async function cancelRun(tx: Db, queue: Queue, runId: number, reason: string, now: Date): Promise<boolean> {
  await lockRun(tx, runId)
  const run = await findRun(tx, runId)
  if (!run) return false
  const ended = { state: 'canceled', reason, endedAt: now } as const
  let any = false
  if (run.srpm && (run.srpm.state === 'pending' || run.srpm.state === 'running')) {
    any = true
    await requestSrpmCancel(tx, run.srpm.id, reason)
    await moveSrpm(tx, run.srpm.id, ['pending'], ended)
  }
  for (const target of run.targets) {
    if (target.state !== 'pending' && target.state !== 'running') continue
    any = true
    const build = run.builds.find((b) => b.id === target.buildRowId)
    if (!build?.buildId) await moveTarget(tx, target.id, ['pending'], ended)
  }
  for (const build of run.builds) {
    if (!any || build.cancelReason !== null) continue
    await requestBuildCancel(tx, build.id, reason)
    if (build.buildId) await queue.add(tx, 'settle-build', { buildRowId: build.id, poll: false })
  }
  for (const test of run.tests) if (await cancelTest(tx, queue, test, reason, now)) any = true
  if (any) await announceRun(tx, queue, runId, now)
  return any
}

/** What was not asked for yet ends at once; the runner is told of the rest. */
async function cancelTest(tx: Db, queue: Queue, test: TestTarget, reason: string, now: Date): Promise<boolean> {
  if (hasEnded(test.state)) return false
  await requestTestCancel(tx, test.id, reason)
  const request = test.pipelineId === null ? undefined : await findNewestRequest(tx, test.id)
  if (request) await queue.add(tx, 'settle-test', { testRequestId: request.id, poll: false })
  else await moveTest(tx, test, { state: 'canceled', reason, endedAt: now })
  return true
}
