import type { WantedCheck } from '../db/checks.ts'
import { markdownText } from '../domain/escape.ts'
import type { PlannedJob } from '../domain/plan.ts'
import { LOOKS } from '../domain/status.ts'
import { countText } from '../domain/test-result.ts'
import { causeText, installOf, installText, summaryText } from './check-text.ts'
import type { StableFacts } from './stable-check.ts'
import { causeOf, linkOf, type ReportView, type TargetReport } from './target-check.ts'
import { failedTestTexts, type TestReport } from './test-check.ts'

const MOST_CAUSES = 3
const MOST_ITEMS = 60

/** What the stable check says below its title: causes first, then each target, then what can be installed and what was left out. */
export function stableSummary({ plan, targets, tests }: StableFacts, ended: boolean, view: ReportView): string {
  if (plan?.problem && targets.length + tests.length === 0)
    return summaryText([markdownLines(plan.problem.summary), notWanted(plan.jobs)])
  // until the end it stays as it is: each change of it is a call to the forge
  if (!ended) return summaryText([markdownText(plan?.summary ?? '')])
  return summaryText([
    ...causes(targets, view),
    ...testCauses(tests),
    checkList(targets.map(({ check, target }) => ({ check, name: target.target }))),
    tests.length > 0 ? 'Tests:' : null,
    checkList(tests.map(({ check, test }) => ({ check, name: test.target }))),
    ...installs(targets, view),
    notWanted(plan?.jobs ?? []),
    remarks(plan?.warnings ?? []),
  ])
}

/** What is the same for several targets is told once. */
function causes(targets: readonly TargetReport[], view: ReportView): string[] {
  const told = new Map<string, string>()
  for (const { run, target, check } of targets) {
    const cause = check.state === 'failure' || check.state === 'error' ? causeOf(run, target) : null
    const link = linkOf(run, target, view)
    const key = cause && (target.cause ? cause.lines.map((line) => line.text).join('\n') || cause.summary : link)
    if (cause && key !== null && !told.has(key)) told.set(key, causeText(cause, link))
  }
  return [...told.values()].slice(0, MOST_CAUSES)
}

/** What the first failed tests of each target said. */
function testCauses(tests: readonly TestReport[]): string[] {
  return tests
    .filter(({ test }) => test.state === 'failure')
    .slice(0, MOST_CAUSES)
    .flatMap(({ test }) => [
      `**${markdownText(`${test.target ?? 'tests'}: ${countText(test.summary) ?? 'tests failed'}`)}**`,
      ...failedTestTexts(test).slice(0, MOST_CAUSES),
    ])
}

function checkList(checks: readonly { check: WantedCheck; name: string | null }[]): string | null {
  if (checks.length === 0) return null
  return items(
    checks.map(({ check, name: shown }) => {
      const name = markdownText(shown ?? check.name)
      const { mark, word } = LOOKS[check.state]
      return `${mark} ${check.link ? `[${name}](${check.link})` : name}: ${word.toLowerCase()}, ${markdownText(check.title)}`
    }),
  )
}

/** The lines of each chroot; several packages of one chroot each have theirs. */
function installs(targets: readonly TargetReport[], { page }: ReportView): string[] {
  return targets.flatMap(({ run, target }) => {
    const text = installText(installOf(run, target, page))
    return text === null ? [] : [`**${markdownText(target.target ?? '')}**`, text]
  })
}

function notWanted(jobs: readonly PlannedJob[]): string | null {
  const left = jobs.filter((job) => !job.wanted)
  if (left.length === 0) return null
  const lines = left.map(({ job, package: name, identifier, reason }) =>
    markdownText(`${[job, name, identifier].filter(Boolean).join(' ')}: ${reason}`),
  )
  return `Not run:\n\n${items(lines)}`
}

function remarks(warnings: readonly string[]): string | null {
  return warnings.length === 0 ? null : `Remarks on the configuration:\n\n${items(warnings.map(markdownText))}`
}

function items(lines: readonly string[]): string {
  const more = lines.length > MOST_ITEMS ? [`and ${lines.length - MOST_ITEMS} more`] : []
  return [...lines.slice(0, MOST_ITEMS), ...more].map((line) => `- ${line}`).join('\n')
}

/** A text of several lines, each one a paragraph of its own. */
export function markdownLines(text: string): string {
  return text
    .split('\n')
    .map(markdownText)
    .filter((line) => line !== '')
    .join('\n\n')
}
