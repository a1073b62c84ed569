import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FEDORA, seen, target } from '../../test/sample-checks.ts'
import { type SampleTest, samplePlan, sampleRun } from '../../test/sample-run.ts'
import type { Plan, PlannedTest } from '../domain/plan.ts'
import type { State } from '../domain/status.ts'
import { summarizeResults, type TestCaseResult } from '../domain/test-result.ts'
import { currentRuns } from './current-runs.ts'
import type { ReportView } from './target-check.ts'
import { wantedChecks } from './wanted-checks.ts'

const VIEW = { page: (path: string) => `https://packit.example${path}`, isSuperseded: false, waitsFor: () => null }
const CHECK = `testing-farm:${FEDORA}`
const TESTS: PlannedTest = {
  package: '',
  identifier: '',
  jobIndex: 1,
  targets: [FEDORA],
  chroots: { [FEDORA]: [FEDORA] },
  checks: { [FEDORA]: CHECK },
  build: '',
  skipBuild: false,
  labels: [],
  manual: false,
  notRun: null,
}
const PLAN = samplePlan([FEDORA], { tests: [TESTS] })
const caseOf = (name: string, result: TestCaseResult['result'], message: string | null = null): TestCaseResult => ({
  suite: '',
  name,
  result,
  seconds: 1,
  message,
  place: null,
  logs: [],
})
const FAILED = summarizeResults([
  caseOf('/smoke', 'passed'),
  caseOf('/greets', 'failed', 'got ``` <img src=x> @ann'),
  caseOf('/rain', 'error'),
  caseOf('remark', 'info'),
])

function checksOf(of: SampleTest, build: State = 'success', view: ReportView = VIEW) {
  const run = sampleRun({ targets: [target(FEDORA, build)], tests: [of], published: true, state: of.state })
  const checks = wantedChecks(PLAN, [run], view)
  return { own: checks.find(({ name }) => name === CHECK), stable: checks[0] }
}

test('the check of tests says what they wait for, and how many failed of how many', () => {
  const cases: [SampleTest, State, RegExp][] = [
    [{ state: 'pending' }, 'pending', /^Waiting for RPMs to be built/],
    [{ state: 'pending', request: '1' }, 'pending', /^Tests have been submitted/],
    [
      { state: 'pending', reason: 'the guest was lost; they are run again in 1 min (1 of 3)' },
      'pending',
      /run again in/,
    ],
    [{ state: 'running', request: '1' }, 'running', /^Tests are running/],
    [
      { state: 'success', request: '1', summary: summarizeResults([caseOf('a', 'passed')]) },
      'success',
      /^1 test passed\.$/,
    ],
    [{ state: 'failure', request: '1', summary: FAILED }, 'failure', /^2 of 3 tests failed: \/greets, \/rain$/],
    [{ state: 'error', reason: 'the guest was lost (4 tries)' }, 'error', /^the guest was lost/],
    [{ state: 'skipped', reason: 'not tested: fedora failed to build' }, 'skipped', /^not tested/],
  ]
  for (const [of, state, title] of cases) {
    const { own } = checksOf(of, of.state === 'skipped' ? 'failure' : 'success')
    assert.equal(own?.state, state)
    assert.match(own?.title ?? '', title)
  }
})

test('while Testing Farm does not answer, tests that could go on say so, and no others', () => {
  const away = { ...VIEW, waitsFor: (name: string) => (name === 'testing-farm' ? 'Waiting for Testing Farm' : null) }
  const titleOf = (of: SampleTest) => checksOf(of, 'success', away).own?.title
  assert.equal(titleOf({ state: 'pending', request: '1' }), 'Waiting for Testing Farm')
  assert.equal(titleOf({ state: 'running', request: '1' }), 'Waiting for Testing Farm')
  assert.match(titleOf({ state: 'pending' }) ?? '', /^Waiting for RPMs/)
  assert.match(titleOf({ state: 'failure', request: '1', summary: FAILED }) ?? '', /tests failed/)
})

test('the stable check follows the tests: red for what failed, an action for what broke, neutral for what was left out', () => {
  const verdict = (of: SampleTest) => {
    const { stable } = checksOf(of)
    return `${stable?.state} ${stable?.conclusion}: ${stable?.title}`
  }
  assert.match(verdict({ state: 'running', request: '1' }), /^running null: Testing on 1 target\.$/)
  assert.match(
    verdict({ state: 'success', request: '1' }),
    /^success null: The target was built, and the tests passed\.$/,
  )
  assert.match(verdict({ state: 'failure', request: '1' }), /^failure null: Tests failed on fedora-45-x86_64$/)
  assert.match(
    verdict({ state: 'error', reason: 'lost' }),
    /^error action_required: Tests on fedora.* could not be run: lost$/,
  )
  assert.match(verdict({ state: 'skipped', reason: 'no such compose' }), /^success neutral: .*no such compose$/)
  assert.match(verdict({ state: 'canceled', reason: 'cancelled by ann' }), /^canceled null: cancelled by ann$/)
})

test('failed tests are told with what they said, and their texts make no markup', () => {
  const { own, stable } = checksOf({ state: 'failure', request: '1', summary: FAILED })
  for (const check of [own, stable]) {
    assert.match(check?.summary ?? '', /greets/)
    assert.match(check?.summary ?? '', /````text\ngot ``` <img src=x> @ann\n````/)
  }
  assert.match(own?.summary ?? '', /\(https:\/\/artifacts\.example\/1\)/)
  assert.equal(own?.link, 'https://packit.example/jobs/testing-farm/100')
})

test('what was found in the spec file is remarked at its lines, failures first, and nothing of other files is', () => {
  const options = { paths: ['packages/hello/'], specfile_path: 'hello.spec' }
  const config = { jobs: [{ packages: { hello: options } }], packages: {} } as unknown as NonNullable<Plan['config']>
  const at = (path: string, line: number | null) => ({ suite: 'rpmlint', place: { path, line } })
  const summary = summarizeResults([
    { ...caseOf('macro-in-comment', 'info', 'hello.spec:18: <img> %configure'), ...at('hello.spec', 18) },
    { ...caseOf('hardcoded-library-path', 'failed', 'hello.spec:23: in /usr/lib'), ...at('hello.spec', 23) },
    { ...caseOf('superfluous-%clean-section', 'failed'), ...at('hello.spec', null) },
    { ...caseOf('installed', 'passed'), ...at('hello.spec', 1) },
    { ...caseOf('no-manual-page', 'failed'), ...at('/usr/bin/hello', 3) },
    { ...caseOf('no-description-tag', 'failed'), ...at('hello.x86_64', null) },
    { ...caseOf('elsewhere', 'failed'), ...at('../../etc/passwd', 1) },
  ])
  const shown = (config: Plan['config']) => {
    const run = sampleRun({ tests: [{ state: 'failure', request: '1', summary }], state: 'failure' })
    return wantedChecks({ ...PLAN, config }, [run], VIEW).find(({ name }) => name === CHECK)
  }
  assert.deepEqual(
    shown(config)?.annotations.map(({ path, startLine, endLine, level, title }) => [
      path,
      startLine,
      endLine,
      level,
      title,
    ]),
    [
      ['packages/hello/hello.spec', 23, 23, 'failure', 'rpmlint: hardcoded-library-path'],
      ['packages/hello/hello.spec', 1, 1, 'failure', 'rpmlint: superfluous-%clean-section'],
      ['packages/hello/hello.spec', 18, 18, 'warning', 'rpmlint: macro-in-comment'],
    ],
  )
  assert.equal(shown(config)?.annotations[0]?.message, 'hello.spec:23: in /usr/lib')
  // a forge that shows nothing at lines has the places in the summary
  assert.match(shown(config)?.summary ?? '', /library\\-path\*\* \\\(hello\\\.spec\\:23\\\)/)
  assert.match(shown(config)?.summary ?? '', /Remarks:\n\n- packages\/hello\/hello\\\.spec\\:18\\: rpmlint\\: macro/)
  // where the spec file is nobody knows, nothing is remarked
  assert.deepEqual(shown(null)?.annotations, [])
  const many = Array.from({ length: 60 }, (_, i) => ({ ...caseOf(`${i}`, 'info'), ...at('hello.spec', i + 1) }))
  assert.equal(summarizeResults(many).found?.length, 50)
})

test('tests that are run again count instead of those before, and leave the builds as they are', () => {
  const first = sampleRun({
    targets: [target(FEDORA, 'success')],
    tests: [{ state: 'failure', request: '1' }],
    published: true,
    state: 'failure',
  })
  const again = (state: State) => {
    const run = sampleRun({ id: 2, attempt: 2, srpm: null, tests: [{ state, request: '2' }], state })
    return { ...run, pipelines: run.pipelines.map((p) => ({ ...p, buildGroupId: null })) }
  }
  const shown = (state: State) => {
    const checks = seen(PLAN, currentRuns(PLAN, [first, again(state)]))
    return [checks.packit, checks[`rpm-build:${FEDORA}`], checks[CHECK]]
  }
  assert.deepEqual(shown('running'), ['in_progress', 'success', 'in_progress'])
  assert.deepEqual(shown('success'), ['success', 'success', 'success'])
})
