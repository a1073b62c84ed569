// Runs as the database gives them, for tests of what is said about them.
import type { Run } from '../src/db/runs.ts'
import type { Cause } from '../src/domain/cause/cause.ts'
import type { Plan, PlannedBuild } from '../src/domain/plan.ts'
import type { State } from '../src/domain/status.ts'
import type { TestSummary } from '../src/domain/test-result.ts'

export const BEGAN = new Date('2026-11-25T10:00:00Z')
const after = (seconds: number) => new Date(BEGAN.getTime() + seconds * 1000)

export interface SampleTarget {
  target?: string
  state: State
  reason?: string
  cause?: Cause
}

export interface SampleTest {
  target?: string
  state: State
  reason?: string
  summary?: TestSummary
  /** Its runner's id of the request. */
  request?: string
}

interface SampleRun {
  id?: number
  attempt?: number
  package?: string
  /** Of the run; left out: running, while something of it is to come, else that of the SRPM or the first target. */
  state?: State
  reason?: string
  gaveUp?: string
  srpm?: { state: State; reason?: string; cause?: Cause; specfile?: string } | null
  targets?: SampleTarget[]
  tests?: SampleTest[]
  published?: boolean
}

const ENDED: readonly State[] = ['success', 'failure', 'error', 'canceled', 'skipped']

/** A run with just enough in it. */
export function sampleRun(of: SampleRun): Run {
  const { id = 1, attempt = 1, srpm = { state: 'success' }, targets = [], tests = [], published = false } = of
  const living = targets.find((t) => !ENDED.includes(t.state)) ?? (srpm && !ENDED.includes(srpm.state))
  const state = of.state ?? (living ? 'running' : (targets[0]?.state ?? srpm?.state ?? 'skipped'))
  const pipeline = {
    id,
    attempt,
    state,
    package: of.package ?? '',
    identifier: '',
    mergedRunId: id,
    srpmBuildId: srpm ? id : null,
    buildGroupId: id,
    testGroupId: tests.length > 0 ? id : null,
    reason: of.reason ?? null,
    gaveUp: of.gaveUp ?? null,
    createdAt: BEGAN,
    endedAt: ENDED.includes(state) ? after(300) : null,
    repositoryName: 'acme-hello-1',
    publishedAt: published ? after(290) : null,
  }
  const run = {
    id,
    pipelines: [pipeline],
    srpm: srpm
      ? {
          id: 70 + id,
          state: srpm.state,
          reason: srpm.reason ?? null,
          cause: srpm.cause ?? null,
          startedAt: srpm.state === 'pending' ? null : BEGAN,
          endedAt: ENDED.includes(srpm.state) ? after(12) : null,
          coprBuildId: null,
          input: { options: { specfile_path: srpm.specfile ?? 'hello.spec', paths: ['.'] } },
        }
      : undefined,
    builds: [],
    targets: targets.map((target, index) => ({
      id: id * 10 + index,
      groupId: id,
      target: target.target ?? 'fedora-45-x86_64',
      identifier: null,
      state: target.state,
      reason: target.reason ?? null,
      cause: target.cause ?? null,
      startedAt: srpm?.state === 'success' && !['pending', 'skipped'].includes(target.state) ? after(20) : null,
      endedAt: ENDED.includes(target.state) ? after(265) : null,
      builtPackages: target.state === 'success' ? [{ name: 'hello', arch: 'x86_64' }] : null,
    })),
    tests: tests.map((one, index) => ({
      id: id * 100 + index,
      groupId: id,
      target: one.target ?? 'fedora-45-x86_64',
      identifier: null,
      state: one.state,
      reason: one.reason ?? null,
      summary: one.summary ?? null,
      pipelineId: one.request ?? null,
      readyAt: one.request ? after(270) : null,
      startedAt: one.request ? after(280) : null,
      endedAt: ENDED.includes(one.state) ? after(300) : null,
      webUrl: one.request ? `https://artifacts.example/${one.request}` : null,
      logUrl: null,
      logKey: null,
      input: { jobIndex: 0, package: 'hello', env: {}, hasPlans: false },
    })),
  }
  // what is said of a run reads none of the columns that are left out
  return run as unknown as Run
}

/** A plan that wants these targets. */
export function samplePlan(targets: readonly string[], over: Partial<Plan> = {}): Plan {
  const build: PlannedBuild = {
    package: '',
    identifier: '',
    jobIndex: 0,
    targets: [...targets],
    srpmKey: 'x',
    checks: Object.fromEntries(targets.map((target) => [target, `rpm-build:${target}`])),
    repository: 'acme-hello-1',
  }
  return {
    summary: 'The only job was chosen to run.',
    jobs: [],
    builds: [build],
    tests: [],
    skipped: [],
    warnings: [],
    config: null,
    configPath: '.packit.yaml',
    problem: null,
    ...over,
  }
}

export const CHECK_FAILED: Cause = {
  kind: 'check',
  section: '%check',
  summary: '%check of fedora-45-x86_64 failed: 2 tests failed',
  line: 812,
  lines: [
    { number: 812, text: 'FAIL: test_one' },
    { number: 813, text: 'FAIL: test_two ``` <img src=x> @ann' },
  ],
}
