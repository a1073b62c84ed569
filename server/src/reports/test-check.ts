import type { WantedCheck } from '../db/checks.ts'
import type { Run } from '../db/runs.ts'
import { markdownBlock, markdownText } from '../domain/escape.ts'
import type { PackageOptions } from '../domain/package-config/types.ts'
import type { Plan } from '../domain/plan.ts'
import { HOST_PREFIX } from '../domain/run.ts'
import { hasEnded, type State } from '../domain/status.ts'
import { countText, type TestCaseResult } from '../domain/test-result.ts'
import { annotateFindings } from './annotations.ts'
import { durationText, summaryText, titleText } from './check-text.ts'
import { REPLACED, type ReportView } from './target-check.ts'

export type Test = Run['tests'][number]

/** The check of the tests on one target, and what the stable check has to know of it. */
export interface TestReport {
  check: WantedCheck
  run: Run
  test: Test
  /** What this machine tests of what it built for itself: never one of the wanted targets. */
  isHost: boolean
  /** What it waits for that does not answer. */
  waits: string | null
}

/** What a forge shall show of the tests on one target. */
export function reportTest(plan: Plan | null, run: Run, test: Test, view: ReportView): TestReport {
  const isHost = (test.target ?? '').startsWith(HOST_PREFIX)
  const state = hasEnded(test.state) || !view.isSuperseded ? test.state : 'canceled'
  const ended = hasEnded(state)
  const isReplaced = state === 'canceled' && view.isSuperseded
  const waits = ended ? null : waitOf(test, view)
  const check: WantedCheck = {
    name: testCheckName(plan, run, test),
    state,
    conclusion: null,
    title: isReplaced ? REPLACED : titleText(waits ?? titleOf(test)),
    summary: ended && !isReplaced ? testSummary(test, optionsOf(plan, test), view) : '',
    link: testPage(test, view),
    annotations: ended && !isReplaced ? annotateFindings(test.summary?.found ?? [], optionsOf(plan, test)) : [],
    buttons: [],
    startedAt: isReplaced ? null : test.startedAt,
    endedAt: ended && !isReplaced ? test.endedAt : null,
    attempt: testPipeline(run, test)?.attempt ?? 1,
  }
  return { check, run, test, isHost, waits }
}

/** The settings of the tested package, from the frozen plan. */
function optionsOf(plan: Plan | null, { input }: Test): PackageOptions | undefined {
  return input ? plan?.config?.jobs[input.jobIndex]?.packages[input.package] : undefined
}

function testPage(test: Test, { page }: Pick<ReportView, 'page'>): string {
  return page(`/jobs/testing-farm/${test.id}`)
}

export function testPipeline(run: Run, test: Test) {
  return run.pipelines.find((p) => p.testGroupId === test.groupId)
}

function testCheckName(plan: Plan | null, run: Run, test: Test): string {
  const target = test.target ?? ''
  const pipeline = testPipeline(run, test)
  const planned = plan?.tests.find((t) => t.package === pipeline?.package && t.identifier === pipeline.identifier)
  return planned?.checks[target] ?? ['testing-farm', target, ...(test.identifier ? [test.identifier] : [])].join(':')
}

/** Who does not answer is left alone, and can only be Testing Farm: this machine always answers. */
function waitOf({ readyAt }: Test, { waitsFor }: ReportView): string | null {
  return readyAt === null ? null : waitsFor('testing-farm')
}

/** Its words change seldom until the end: each change of them is a call to the forge. */
function titleOf(test: Test): string {
  const { state, reason, summary, readyAt, pipelineId } = test
  const counts = countText(summary)
  const waiting = readyAt === null ? 'Waiting for RPMs to be built...' : 'Submitting the tests ...'
  const titles: Record<State, string> = {
    pending: reason ?? (pipelineId === null ? waiting : 'Tests have been submitted ...'),
    running: 'Tests are running ...',
    success: counts ? `${counts}.` : 'Tests passed.',
    failure: failureTitle(test, counts),
    error: reason ?? 'The tests could not be run.',
    canceled: reason ?? 'The tests were cancelled.',
    skipped: reason ?? 'Not tested.',
  }
  return titles[state]
}

function failureTitle({ reason, summary }: Test, counts: string | null): string {
  if (!counts || !summary || summary.failed === 0) return reason ?? 'Tests failed.'
  const names = summary.worst.slice(0, 3).map(({ name }) => name)
  const more = summary.failed - names.length
  return `${counts}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const MOST_SHOWN = 5
const MOST_REMARKS = 10

function testSummary(test: Test, options: PackageOptions | undefined, view: ReportView): string {
  const { reason, startedAt, endedAt, webUrl, logUrl, logKey } = test
  const links = [
    `[What each test said](${testPage(test, view)})`,
    ...(webUrl ? [`[results of the test runner](${webUrl})`] : []),
    ...(logUrl && !logKey ? [`[its log](${logUrl})`] : []),
  ]
  return summaryText([
    reason === null ? null : markdownText(reason),
    ...failedTestTexts(test),
    remarksText(test, options),
    startedAt && endedAt ? `Took: ${durationText(startedAt, endedAt)}.` : null,
    test.state === 'skipped' || test.state === 'canceled' ? null : links.join(' · '),
  ])
}

/** The tests that failed, each with what it said. */
export function failedTestTexts({ summary }: Pick<Test, 'summary'>): string[] {
  return (summary?.worst ?? []).slice(0, MOST_SHOWN).map((one) => {
    const head = `✗ **${markdownText(one.name)}**${placeText(one)}`
    return one.message === null ? head : `${head}\n\n${markdownBlock(one.message)}`
  })
}

/** Remarks with a place that are no failures, for forges that don't show them at their lines. */
function remarksText({ summary }: Pick<Test, 'summary'>, options: PackageOptions | undefined): string | null {
  const remarks = (summary?.found ?? []).filter(({ result }) => result === 'info')
  const lines = annotateFindings(remarks, options).map(
    ({ path, startLine, title }) => `- ${markdownText(`${path}:${startLine}: ${title}`)}`,
  )
  if (lines.length === 0) return null
  const more = lines.length > MOST_REMARKS ? [`- and ${lines.length - MOST_REMARKS} more`] : []
  return [`Remarks:`, '', ...lines.slice(0, MOST_REMARKS), ...more].join('\n')
}

function placeText({ place }: TestCaseResult): string {
  if (!place) return ''
  return ` ${markdownText(`(${place.path}${place.line === null ? '' : `:${place.line}`})`)}`
}
