import type { Db } from '../db/database.ts'
import { lockRun } from '../db/runs.ts'
import { listAwaitedBuilds, listWaitingTests, moveTest, setReady } from '../db/tests.ts'
import { decideReadiness } from '../domain/test-run.ts'
import type { Queue } from './queue.ts'

/**
 * Has the tests begun whose builds are there, and ends those that will have none. It waits for the run's lock before it reads, so
 * that tests which are written meanwhile for a build of this run are seen here, or see its end.
 *
 * @returns the runs whose tests were changed
 */
export async function handOverTests(tx: Db, queue: Queue, runId: number, now: Date): Promise<number[]> {
  await lockRun(tx, runId)
  const changed: number[] = []
  for (const waiting of await listWaitingTests(tx, runId)) {
    const readiness = decideReadiness(await listAwaitedBuilds(tx, waiting.id))
    if (readiness.kind === 'wait') continue
    if (readiness.kind === 'start') {
      if (!(await setReady(tx, waiting.id, now))) continue
      await queue.add(tx, 'start-tests', { testTargetId: waiting.id })
    } else {
      const { state, reason } = readiness
      const from = { id: waiting.id, state: 'pending' as const, tries: 0 }
      if (!(await moveTest(tx, from, { state, reason, endedAt: now }))) continue
    }
    changed.push(waiting.runId)
  }
  return changed
}
