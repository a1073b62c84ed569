import { randomBytes } from 'node:crypto'
import {
  findNewestRequest,
  findTestTarget,
  insertTestRequest,
  moveTest,
  noteTest,
  type TestRequest,
  type TestTarget,
  updateTestRequest,
} from '../db/tests.ts'
import { ConfigError, UnavailableError } from '../domain/errors.ts'
import { hasEnded } from '../domain/status.ts'
import { formatToken, hashToken, TOKEN_BYTES } from '../domain/token.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { withLease } from '../jobs/lease.ts'
import type { Tester, TestToRun } from '../testers/tester.ts'
import type { TestDeps } from './deps.ts'
import { type Described, describeTest, refuseTester } from './describe-test.ts'
import { endTest, tellTest } from './end-test.ts'

/** Asks the runner for the tests of one target. A repeat finds what the first call started. */
export async function startTests({ testTargetId }: Jobs['start-tests'], deps: TestDeps): Promise<void> {
  await withLease(deps.database, `start-tests ${testTargetId}`, () => start(testTargetId, deps))
}

async function start(testTargetId: number, deps: TestDeps): Promise<void> {
  const target = await findTestTarget(deps.database.db, testTargetId)
  if (!target || hasEnded(target.state) || target.readyAt === null) return
  if (target.cancelReason !== null) return endTest(target, 'canceled', target.cancelReason, deps)
  const newest = await findNewestRequest(deps.database.db, target.id)
  const open = newest && target.pipelineId !== null && newest.requestId === target.pipelineId ? newest : undefined
  // asked for already: it is followed on
  if (open) return deps.queue.add(deps.database.db, 'settle-test', { testRequestId: open.id, poll: true })
  const { tester } = deps
  if (!tester) return endTest(target, 'skipped', 'no test runner is set up on this installation', deps)
  const described = await describeTest(target, deps)
  if ('problem' in described) return endTest(target, 'skipped', described.problem, deps)
  try {
    const problem = refuseTester(described, tester) ?? (await tester.findProblem(described.place))
    if (problem !== null) return await endTest(target, 'skipped', problem, deps)
    // what another runner may have been asked for is not to be had from this one
    const unsent = newest?.requestId === null && newest.tester === tester.name ? newest : undefined
    await submit(target, described, tester, unsent, deps)
  } catch (error) {
    if (error instanceof ConfigError) return endTest(target, 'failure', error.message, deps)
    if (error instanceof UnavailableError) await tellWaiting(target, error, deps)
    throw error
  }
}

/** @param unsent  a request that was written, of which it is not known whether it was sent */
async function submit(
  target: TestTarget,
  { place, test }: Described,
  tester: Tester,
  unsent: TestRequest | undefined,
  deps: TestDeps,
): Promise<void> {
  const secret = formatToken(randomBytes(TOKEN_BYTES))
  const request = await writeRequest(target, { tester, isInternal: place.isInternal, secret, unsent }, deps)
  const notification = { url: `${deps.publicUrl}/api/testing-farm/results`, secret }
  // a crash between the request and its note would else have the tests run twice
  const toRun: TestToRun = {
    ...test,
    id: request.id,
    createdAt: request.createdAt,
    notification,
    triedSince: unsent?.createdAt ?? null,
  }
  const requestId = await tester.startTest(toRun)
  await deps.database.transaction(async (tx) => {
    await updateTestRequest(tx, request.id, { requestId })
    const now = await findTestTarget(tx, target.id)
    // cancelled meanwhile, by whoever did not know of the request yet: it is followed so that it is cancelled too
    await deps.queue.add(tx, 'settle-test', { testRequestId: request.id, poll: true })
    if (!now || hasEnded(now.state)) return
    await moveTest(tx, now, { state: now.state, isSubmitted: true, pipelineId: requestId, reason: null })
    await tellTest(tx, target, 'pending', deps)
  })
}

/** Only the hash of the secret is kept: a request that was written and maybe never sent gets another one. */
async function writeRequest(
  target: TestTarget,
  {
    tester,
    isInternal,
    secret,
    unsent,
  }: { tester: Tester; isInternal: boolean; secret: string; unsent: TestRequest | undefined },
  { database, now }: TestDeps,
): Promise<TestRequest> {
  const secretHash = hashToken(secret)
  return database.transaction(async (tx) => {
    if (!unsent)
      return insertTestRequest(tx, {
        testTargetId: target.id,
        tester: tester.name,
        isInternal,
        secretHash,
        createdAt: now(),
      })
    await updateTestRequest(tx, unsent.id, { secretHash })
    return { ...unsent, secretHash }
  })
}

/** Until the runner can be asked again the check says why nothing happens. */
async function tellWaiting(target: TestTarget, error: UnavailableError, deps: TestDeps): Promise<void> {
  const reason = `${error.message}; it is asked again`
  if (target.reason === reason) return
  await deps.database.transaction(async (tx) => {
    await noteTest(tx, target.id, { reason })
    await tellTest(tx, target, 'pending', deps)
  })
}
