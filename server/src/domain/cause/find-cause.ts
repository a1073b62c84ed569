import { plainText } from '../escape.ts'
import type { Cause, CauseKind, CauseStep } from './cause.ts'
import { chooseLines, type Line, lastLines } from './choose-lines.ts'
import { chooseMain, findHits, type Hit, inTests } from './hits.ts'
import { LogLines } from './lines.ts'
import { type Rule, WEAK } from './rules/rule.ts'
import { findFailedPart, type Part } from './section.ts'
import { shorten, summarize } from './summary.ts'

/**
 * Why a step did not succeed: the part that failed, the lines that say why, and one sentence.
 *
 * @param log   the whole log of the step, as it was printed; may be empty, or many MB (linear, about 10 ms for a MB)
 * @param step  which step it is, and what is known of its end besides the log
 * @returns     lines of the log with their numbers in it (from 1), without colours and control characters, long ones cut; two to ten
 *              of them unless the log has fewer; their order is the log's. It never throws.
 */
export function findCause(log: string, step: CauseStep): Cause {
  const lines = new LogLines(log)
  const part = findFailedPart(lines, step.kind)
  const { hits, stop } = findHits(lines, part, step)
  const found = chooseEvidence({ lines, part, step, hits, stop })
  const kind = kindOf(found.main, part, step)
  const section = found.main?.rule === NOTHING && part.section === '%files' ? null : (part.section ?? sectionOf(kind))
  const cause = { kind, section, line: found.main ? found.main.index + 1 : null, lines: found.lines }
  return { ...cause, summary: toldSummary(step, kind) ?? summarize({ ...found, kind, section, hits }, step) }
}

interface Evidence {
  lines: LogLines
  part: Part
  step: CauseStep
  hits: readonly Hit[]
  stop: number | undefined
}

/** The kinds of hits that explain why the sandbox ended a step. */
const EXPLAINS: Partial<Record<NonNullable<CauseStep['end']>, CauseKind>> = {
  'out-of-memory': 'memory',
  'disk-full': 'disk',
}
const ENDED: Partial<Record<NonNullable<CauseStep['end']>, CauseKind>> = {
  'timed-out': 'time-out',
  'out-of-memory': 'memory',
  'disk-full': 'disk',
  'log-limit': 'log-limit',
  canceled: 'canceled',
}

function chooseEvidence({ lines, part, step, hits, stop }: Evidence): { main: Hit | undefined; lines: Line[] } {
  const ended = step.end && ENDED[step.end]
  const explains = step.end && EXPLAINS[step.end]
  const telling = ended ? hits.filter((hit) => hit.rule.kind === explains) : hits
  const main = chooseMain(telling, stop)
  if (main) return { main, lines: chooseLines(lines, part, main, telling) }
  const end = stop === undefined || ended ? part.to : stop + 1
  const last = lastLines(lines, { ...part, to: end }) ?? lastLines(lines, { ...part, from: 0, to: lines.count })
  if (!last) return { main: undefined, lines: [] }
  return { main: hitAt(last.main, lines.text(last.main)), lines: last.lines }
}

const NOTHING: Rule = { kind: 'unknown', weight: 0, pattern: /^/ }

function hitAt(index: number, text: string): Hit {
  return { index, text, rule: NOTHING, weight: 0, it: undefined }
}

/** What the program that makes SRPMs calls a failure. */
const TOLD: Record<string, CauseKind> = {
  'merge-conflict': 'merge-conflict',
  'action-failed': 'action',
  'source-download': 'source-missing',
  'spec-missing': 'source-missing',
  'missing-commit': 'source-missing',
}
/** What a line may say more exactly than an action or rpmbuild that "failed". */
const SHARPER: ReadonlySet<CauseKind> = new Set([
  'missing-program',
  'network-denied',
  'memory',
  'disk',
  'processes',
  'spec-syntax',
  'macro-undefined',
  'changelog',
])
const SECTION_KINDS: Record<string, CauseKind> = { '%prep': 'prep-other', '%install': 'install', '%check': 'check' }
/** In tests these are the test's failure; elsewhere they say more than that. */
const ORDINARY: ReadonlySet<CauseKind> = new Set(['script', 'unknown', 'missing-build-requires'])

function kindOf(main: Hit | undefined, part: Part, step: CauseStep): CauseKind {
  const ended = step.end && ENDED[step.end]
  if (ended) return ended
  const kind = main?.rule.kind ?? 'unknown'
  const told = step.failure && TOLD[step.failure.kind]
  if (told) return told === 'merge-conflict' || !SHARPER.has(kind) ? told : kind
  if (inTests(part, step) && part.section !== null && ORDINARY.has(kind)) return 'check'
  if (kind !== 'unknown' && kind !== 'script') return kind
  const bySection = part.section === null ? undefined : SECTION_KINDS[part.section]
  if (bySection && (kind === 'unknown' || (main?.weight ?? 0) <= WEAK)) return bySection
  if (step.kind === 'srpm') return 'srpm'
  return step.kind === 'test' && kind === 'unknown' ? 'check' : kind
}

function sectionOf(kind: CauseKind): string | null {
  return kind === 'unpackaged-files' || kind === 'missing-files' ? '%files' : null
}

/** The program that makes SRPMs says in a sentence why it could not; only for rpmbuild the log knows better. */
function toldSummary({ failure, end }: CauseStep, kind: CauseKind): string | undefined {
  if (!failure || (end && ENDED[end]) || failure.kind === 'rpmbuild') return undefined
  if (SHARPER.has(kind)) return undefined
  return shorten(plainText(failure.message)).replace(/\.$/, '') || undefined
}
