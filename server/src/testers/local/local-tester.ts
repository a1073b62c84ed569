import { createHash } from 'node:crypto'
import { hasEnded } from '../../domain/status.ts'
import type { Limits, Sandbox } from '../../sandbox/sandbox.ts'
import { createGrowingLog } from '../../storage/growing-log.ts'
import type { Storage } from '../../storage/storage.ts'
import type { FoundTest, Tester, TestPlace, TestToRun } from '../tester.ts'
import { examinePackages } from './examine.ts'

export interface LocalTesterOptions {
  sandbox: Sandbox
  storage: Storage
  limits: Limits
  /** Name of the only target: packages of another distribution say nothing here. */
  hostChroot: string
  workDir?: string
  now?: () => Date
  /** Called when lines of a log were stored, with the log's size in bytes. */
  onLog?: (requestId: string, bytes: number) => void
}

/** How many tests are kept in memory. */
const REMEMBERED = 1_000

interface Running {
  found: FoundTest
  controller: AbortController
  done: Promise<void>
}

/**
 * Tests on this machine: the packages are installed from their repository into an empty root, and rpmlint looks at them. What
 * it started is kept in memory: after a restart `findTest` knows nothing of it, and `startTest` with the same id begins anew.
 *
 * In storage: `tests/<request>/test.log`.
 */
export function createLocalTester(options: LocalTesterOptions): Tester {
  const { hostChroot, storage, now = () => new Date() } = options
  const tests = new Map<string, Running>()
  const listeners = new Set<(requestId: string) => void>()

  async function startTest(test: TestToRun): Promise<string> {
    const requestId = requestIdOf(test.id)
    if (tests.has(requestId)) return requestId
    const controller = new AbortController()
    const running: Running = { found: { ...BEGUN }, controller, done: Promise.resolve() }
    tests.set(requestId, running)
    forgetOldest(tests)
    running.done = run(requestId, test, running)
    return requestId
  }

  async function run(requestId: string, test: TestToRun, { found, controller }: Running): Promise<void> {
    const logKey = `tests/${requestId}/test.log`
    const move = (part: Partial<FoundTest>) => {
      Object.assign(found, part)
      for (const listener of listeners) listener(requestId)
    }
    const begin = () => {
      if (found.state === 'pending') move({ state: 'running', startedAt: now(), logKey })
    }
    try {
      // what an earlier process left of the same test
      await storage.delete(logKey)
      const log = createGrowingLog(storage, logKey, (bytes) => options.onLog?.(requestId, bytes))
      const rpms = await Promise.all(test.builds.flatMap(({ files }) => files).map(toRpm))
      const srpms = await findSrpms(test)
      const { signal } = controller
      const timeMs = test.timeoutMinutes === null ? null : test.timeoutMinutes * 60_000
      const verdict = await examinePackages(options, { rpms, srpms, timeMs, onStart: begin, onLog: log.add, signal })
      await log.flush()
      move({ startedAt: found.startedAt ?? now(), ...verdict, logKey, endedAt: now() })
    } catch (error) {
      move({ state: 'error', reason: error instanceof Error ? error.message : String(error), endedAt: now() })
    }
  }

  /** One that was removed meanwhile is left out: the packages are what is tested. */
  async function findSrpms({ builds }: TestToRun): Promise<{ name: string; path: string }[]> {
    const keys = [...new Set(builds.flatMap(({ srpm }) => srpm ?? []))]
    const there = await Promise.all(keys.map(async (key) => ((await storage.range(key, 0, 0)) ? [key] : [])))
    return Promise.all(there.flat().map(toRpm))
  }

  async function toRpm(key: string): Promise<{ name: string; path: string }> {
    return { name: key.split('/').at(-1) ?? key, path: await storage.localPath(key) }
  }

  return {
    name: 'local',
    findProblem: async (test) => problemOf(test, hostChroot),
    startTest,
    async findTest(requestId) {
      const found = tests.get(requestId)?.found
      return found && { ...found }
    },
    async cancelTest(requestId) {
      const test = tests.get(requestId)
      test?.controller.abort()
      await test?.done
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const BEGUN: FoundTest = {
  ...{ state: 'pending', reason: null, isTransient: false, startedAt: null, endedAt: null },
  ...{ webUrl: null, logUrl: null, logKey: null, results: null },
}

const ELSEWHERE = 'that needs Testing Farm (PACKIT_TESTING_FARM_TOKEN)'

function problemOf({ target, isInternal, hasPlans }: TestPlace, hostChroot: string) {
  if (isInternal) return `Tests in the internal Testing Farm can't run on this machine: ${ELSEWHERE}.`
  if (target !== hostChroot)
    return `Packages of ${target} can't be tried on this machine, which is ${hostChroot}: ${ELSEWHERE}.`
  if (hasPlans)
    return `The project's own test plans can't run on this machine: ${ELSEWHERE}. Without plans, packages are installed here and looked at by rpmlint instead.`
  return null
}

/** A UUID, as clients of the API expect; the same for the same submission. */
function requestIdOf(id: number): string {
  const hex = createHash('sha256').update(`test on this machine ${id}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** Who asks for a test wants to know its end soon; what it was is stored elsewhere. */
function forgetOldest(tests: Map<string, Running>): void {
  for (const [id, { found }] of tests) {
    if (tests.size <= REMEMBERED) return
    if (hasEnded(found.state)) tests.delete(id)
  }
}
