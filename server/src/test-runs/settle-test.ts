import { findTestRequest, findTestTarget, moveTest, noteTest, type TestRequest, type TestTarget } from '../db/tests.ts'
import { isBelievedGone, pollAfterMs } from '../domain/polling.ts'
import { hasEnded } from '../domain/status.ts'
import { boundResults, summarizeResults } from '../domain/test-result.ts'
import { decideTest, MOST_TEST_RETRIES, type NextTest, retryAfterMs } from '../domain/test-run.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { FoundTest } from '../testers/tester.ts'
import type { TestDeps } from './deps.ts'
import { endTest, tellTest } from './end-test.ts'

/** Asks the runner how tests stand, and writes what is new. Notifications, hints and polls all end here. */
export async function settleTest(
  { testRequestId, poll, polls = 0 }: Jobs['settle-test'],
  deps: TestDeps,
): Promise<void> {
  const { database, tester } = deps
  const request = await findTestRequest(database.db, testRequestId)
  const target = request && (await findTestTarget(database.db, request.testTargetId))
  if (!request?.requestId || !target) return
  if (tester?.name !== request.tester) return endForeign(target, request, deps)
  const options = { isInternal: request.isInternal }
  // what was ended here while it was asked for is not left to run there
  if (target.cancelReason !== null) await tester.cancelTest(request.requestId, options)
  // of a request that was made anew the one before tells nothing
  if (hasEnded(target.state) || target.pipelineId !== request.requestId) return
  const found = await tester.findTest(request.requestId, options)
  // this machine knows at once what it has
  const isMissing = found === undefined && tester.name !== 'local' && !isBelievedGone(polls)
  if (!isMissing) await write(target, decideTest(target, found), found, deps)
  if (poll) await pollOn(request, polls, deps)
}

/** Who was asked is not there to be asked any more: nobody else would ever end these tests. */
async function endForeign(target: TestTarget, request: TestRequest, deps: TestDeps): Promise<void> {
  if (hasEnded(target.state) || target.pipelineId !== request.requestId) return
  if (target.cancelReason !== null) return endTest(target, 'canceled', target.cancelReason, deps)
  const now = deps.tester ? `this installation tests by ${deps.tester.name} now` : 'no test runner is set up here now'
  return endTest(target, 'error', `these were begun by ${request.tester}, and ${now}: run them again`, deps)
}

async function write(target: TestTarget, next: NextTest, found: FoundTest | undefined, deps: TestDeps): Promise<void> {
  if (next.kind === 'again') return again(target, next, deps)
  const seen = found ? await columnsOf(target, found, deps) : {}
  await deps.database.transaction(async (tx) => {
    if (next.kind === 'none') {
      // the address of a page is there before anything runs; a test that has ended stays as it is
      if (!hasEnded(target.state)) await noteTest(tx, target.id, seen)
      return
    }
    const { state, reason } = next
    const times = {
      startedAt: target.startedAt ?? found?.startedAt ?? null,
      endedAt: hasEnded(state) ? (found?.endedAt ?? deps.now()) : null,
    }
    if (!(await moveTest(tx, target, { state, isSubmitted: true, reason, ...times, ...seen }))) return
    await tellTest(tx, target, state, deps)
  })
}

type SeenColumns = Omit<Parameters<typeof noteTest>[2], 'state'>

/** What is new beside the state. */
async function columnsOf(target: TestTarget, found: FoundTest, { storage }: TestDeps): Promise<SeenColumns> {
  const { webUrl, logUrl, logKey, results } = found
  const logSize = logKey === null ? 0 : ((await storage.range(logKey, 0, 0))?.size ?? 0)
  return {
    ...(webUrl !== null && webUrl !== target.webUrl ? { webUrl } : {}),
    ...(logUrl !== null && logUrl !== target.logUrl ? { logUrl } : {}),
    ...(logKey !== null ? { logKey, logSize } : {}),
    ...(results ? { results: boundResults(results), summary: summarizeResults(results) } : {}),
  }
}

/** The runner broke or lost them: only these tests are asked for anew, later each time. */
async function again(
  target: TestTarget,
  { tries, reason }: NextTest & { kind: 'again' },
  deps: TestDeps,
): Promise<void> {
  const afterMs = retryAfterMs(tries - 1, deps.timing.firstRetryMs)
  const when = afterMs < 60_000 ? `${Math.round(afterMs / 1000)} s` : `${Math.round(afterMs / 60_000)} min`
  const told = `${reason}; they are run again in ${when} (${tries} of ${MOST_TEST_RETRIES})`
  await deps.database.transaction(async (tx) => {
    const reset = {
      pipelineId: null,
      startedAt: null,
      results: null,
      summary: null,
      webUrl: null,
      logUrl: null,
      logKey: null,
    }
    if (!(await moveTest(tx, target, { state: 'pending', tries, reason: told, ...reset }))) return
    await deps.queue.add(tx, 'start-tests', { testTargetId: target.id }, { afterMs })
    await tellTest(tx, target, 'pending', deps)
  })
}

/** The polling job asks again as long as the tests run, often at first and seldom later. */
async function pollOn(request: TestRequest, polls: number, { database, queue, timing }: TestDeps): Promise<void> {
  const target = await findTestTarget(database.db, request.testTargetId)
  if (!target || hasEnded(target.state) || target.pipelineId !== request.requestId) return
  const afterMs = pollAfterMs(polls, timing.longestPollMs)
  await queue.add(database.db, 'settle-test', { testRequestId: request.id, poll: true, polls: polls + 1 }, { afterMs })
}
