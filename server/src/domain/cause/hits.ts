import type { CauseStep } from './cause.ts'
import { type LogLines, withoutPrefix } from './lines.ts'
import { type Rule, WEAK } from './rules/rule.ts'
import { HINT, RULES } from './rules/rules.ts'
import { HARMLESS } from './rules/system.ts'
import type { Part } from './section.ts'

/** A line that says why. */
export interface Hit {
  index: number
  text: string
  rule: Rule
  weight: number
  /** What is wrong, if the line names it. */
  it: string | undefined
}

/** A log of nothing but errors costs no more than this many lines at its begin and as many at its end. */
const MAX_LINES = 1500
/** In tests, what the test runner says counts more than what the tests print; elsewhere less than a compiler's error. */
const IN_TESTS = 25
const ELSEWHERE = -20

const STOP = /^(?:g?make(?:\[\d+\])?: \*\*\* |ninja: build stopped)/
const SORTED_RULES = RULES.toSorted((a, b) => b.weight - a.weight)

/** Whether the part is one where tests run. */
export function inTests(part: Part, step: CauseStep): boolean {
  return part.section === '%check' || (step.kind === 'test' && part.section === null)
}

/** All telling lines of a part; and where make or ninja gave up first. */
export function findHits(lines: LogLines, part: Part, step: CauseStep): { hits: Hit[]; stop: number | undefined } {
  const section = inTests(part, step) ? '%check' : part.section
  const hits: Hit[] = []
  let stop: number | undefined
  for (const index of findHints(lines, part)) {
    const text = withoutPrefix(lines.text(index))
    const stops = STOP.test(text)
    if (stops) stop ??= index
    const hit = HARMLESS.test(text) ? undefined : matchRules(text, section)
    if (!hit || (stops && hit.rule.weight <= WEAK)) continue
    const bonus = hit.rule.kind !== 'check' ? 0 : section === '%check' ? IN_TESTS : ELSEWHERE
    hits.push({ index, text, ...hit, weight: hit.rule.weight + bonus })
  }
  return { hits, stop }
}

function findHints(lines: LogLines, { from, to }: Part): number[] {
  const found: number[] = []
  const hint = new RegExp(HINT, 'g')
  hint.lastIndex = lines.start(from)
  for (let match = hint.exec(lines.log); match; match = hint.exec(lines.log)) {
    const index = lines.indexAt(match.index)
    if (index >= to) break
    found.push(index)
    hint.lastIndex = lines.start(index + 1)
  }
  return found.length <= 2 * MAX_LINES ? found : [...found.slice(0, MAX_LINES), ...found.slice(-MAX_LINES)]
}

function matchRules(text: string, section: string | null): { rule: Rule; it: string | undefined } | undefined {
  for (const rule of SORTED_RULES) {
    if (rule.only && (section === null || !rule.only.includes(section))) continue
    const match = rule.pattern.exec(text)
    if (match) return { rule, it: match.groups?.it || undefined }
  }
  return undefined
}

/**
 * The main one of the hits: the most telling, of equal ones the first. A weak one only counts before make gave up, and the last of
 * them is the nearest to the end.
 */
export function chooseMain(hits: readonly Hit[], stop: number | undefined): Hit | undefined {
  const strong = hits.filter((hit) => hit.weight > WEAK)
  const weight = Math.max(...strong.map((hit) => hit.weight))
  const best = strong.filter((hit) => hit.weight === weight)
  if (best[0]) return best[0].rule.last ? best.at(-1) : best[0]
  return hits.findLast((hit) => stop === undefined || hit.index < stop) ?? hits.at(-1)
}
