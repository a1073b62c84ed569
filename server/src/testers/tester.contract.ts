import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasEnded } from '../domain/status.ts'
import type { FoundTest, Tester, TestToRun } from './tester.ts'

/** What the contract asks of whoever holds a tester to it. */
export interface TesterUnderTest {
  tester: Tester
  /** A target that it tests for. */
  target: string
  /** What is tested: packages in order, packages with a fault, or something that goes on until it is cancelled. */
  test(kind: 'good' | 'failing' | 'endless'): Promise<TestToRun>
  /** Called with the id of each request that was started, for a runner whose tests have to be ended by hand. */
  started?: (requestId: string, kind: 'good' | 'failing' | 'endless') => void
  /** How long tests may take; default one minute. */
  patienceMs?: number
}

/**
 * What every tester does, whoever it is: run it from a test file of each.
 *
 * @param open  makes the tester, once for all its tests
 */
export function testTester(name: string, open: () => Promise<TesterUnderTest>): void {
  const opened = lazily(open)
  describe(`${name} keeps the contract of a tester`, () => {
    test('tests of packages in order end as success, with times, a log and what each test said', async () => {
      const under = await opened()
      const { id } = await start(under, 'good')

      const found = await waitForEnd(under, id, (test) => test.results !== null)

      assert.equal(found.state, 'success', found.reason ?? undefined)
      assert.ok(found.startedAt && found.endedAt && found.startedAt <= found.endedAt)
      assert.ok(found.logUrl ?? found.logKey, 'where the log is')
      assert.ok(found.results?.some(({ result }) => result === 'passed'))
      assert.ok(found.results?.every(({ result }) => result !== 'failed' && result !== 'error'))
    })

    test('tests that fail are a failure of the change, and which one failed is said', async () => {
      const under = await opened()
      const { id } = await start(under, 'failing')

      const found = await waitForEnd(under, id, (test) => test.results !== null)

      assert.equal(found.state, 'failure', found.reason ?? undefined)
      assert.equal(found.isTransient, false)
      const failed = found.results?.filter(({ result }) => result === 'failed') ?? []
      assert.ok(failed.length > 0)
      for (const { name: which } of failed) assert.notEqual(which, '')
    })

    test('a cancelled request ends as cancelled, and cancelling an ended one changes nothing', async () => {
      const under = await opened()
      const { id, isInternal } = await start(under, 'endless')

      await under.tester.cancelTest(id, { isInternal })
      const found = await waitForEnd(under, id)
      await under.tester.cancelTest(id, { isInternal })

      assert.equal(found.state, 'canceled', found.reason ?? undefined)
      assert.equal((await under.tester.findTest(id, { isInternal }))?.state, 'canceled')
    })

    test('an ended request stays as it is', async () => {
      const under = await opened()
      const { id, isInternal } = await start(under, 'good')
      const found = await waitForEnd(under, id, (test) => test.results !== null)

      await under.tester.cancelTest(id, { isInternal })

      assert.deepEqual(await under.tester.findTest(id, { isInternal }), found)
    })

    test('an unknown request is not found', async () => {
      const { tester } = await opened()

      for (const id of ['00000000-0000-4000-8000-00000000dead', '../composes/public', ''])
        assert.equal(await tester.findTest(id, { isInternal: false }), undefined, id)
    })

    test('a target that it tests for has no problem, and of another the problem is said in a sentence', async () => {
      const { tester, target } = await opened()
      const asked = { isInternal: false, hasPlans: false }

      assert.equal(await tester.findProblem({ ...asked, target }), null)
      const problem = await tester.findProblem({ ...asked, target: 'plan9-4-x86_64' })
      assert.match(problem ?? '', /^[A-Z].*\.$/)
    })

    test('a listener can go', async () => {
      const { tester } = await opened()

      tester.onChange(() => assert.fail('it was told'))()
    })
  })
}

async function start(under: TesterUnderTest, kind: 'good' | 'failing' | 'endless') {
  const wanted = await under.test(kind)
  const id = await under.tester.startTest(wanted)
  assert.match(id, /^[A-Za-z0-9-]{1,100}$/)
  under.started?.(id, kind)
  return { id, isInternal: wanted.isInternal }
}

/** Asks until the request has ended, and what else is wanted is there. */
async function waitForEnd(
  { tester, patienceMs = 60_000 }: TesterUnderTest,
  id: string,
  wanted: (test: FoundTest) => boolean = () => true,
): Promise<FoundTest> {
  for (let i = 0; i < patienceMs / 25; i++) {
    const found = await tester.findTest(id, { isInternal: false })
    if (found && hasEnded(found.state) && (wanted(found) || found.state === 'error')) return found
    await sleep(25)
  }
  throw new Error(`request ${id} did not get there within ${patienceMs / 1000} s`)
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
