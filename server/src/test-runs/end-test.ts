import type { Db } from '../db/database.ts'
import { findRunOfTestGroup, moveTest, type TestTarget } from '../db/tests.ts'
import type { State } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import type { TestDeps } from './deps.ts'

/** Ends tests without results of theirs. */
export async function endTest(
  target: TestTarget,
  state: State,
  reason: string,
  deps: Pick<TestDeps, 'database' | 'queue' | 'now'>,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    if (await moveTest(tx, target, { state, reason, endedAt: deps.now() })) await tellTest(tx, target, state, deps)
  })
}

/** Has everybody told what changed about tests: their run, the stream, the forge. */
export async function tellTest(
  tx: Db,
  target: Pick<TestTarget, 'id' | 'groupId'>,
  state: State,
  { queue, now }: Pick<TestDeps, 'queue' | 'now'>,
): Promise<void> {
  const runId = target.groupId === null ? undefined : await findRunOfTestGroup(tx, target.groupId)
  if (runId !== undefined) await announceRun(tx, queue, runId, now(), { kind: 'test', rowId: target.id, state })
}
