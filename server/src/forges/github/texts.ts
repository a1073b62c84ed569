import type { CheckAnnotation, CheckButton, CheckConclusion, CheckPhase } from '../../domain/check.ts'
import type { ShownCheck } from '../forge.ts'

/** GitHub writes "characters" and counts bytes: https://github.com/github/rest-api-description/issues/5399 */
const SUMMARY_BYTES = 65_535
const COMMENT_CHARACTERS = 65_536
const STATUS_CHARACTERS = 140
/** Of each request; the annotations of further requests are added to those of the check. */
export const ANNOTATIONS_A_REQUEST = 50
const MOST_BUTTONS = 3
const CUT_NOTE = '\n\n_Cut here: GitHub shows no more. The details have the rest._\n'

/**
 * The beginning of a text that fits, cut at the end of a line, with a note that it was cut.
 *
 * @param max   room for text and note
 * @param size  of a text, in the same unit
 */
function cutAtLine(text: string, max: number, size: (text: string) => number): string {
  if (size(text) <= max) return text
  const room = max - size(CUT_NOTE)
  let kept = text.slice(0, room)
  // each round takes away what is too much at least, in the unit that counts a character as one or more
  while (size(kept) > room) kept = kept.slice(0, kept.length - Math.max(1, Math.ceil((size(kept) - room) / 4)))
  const lineEnd = kept.lastIndexOf('\n')
  return `${(lineEnd > 0 ? kept.slice(0, lineEnd) : kept).replace(/[\ud800-\udbff]$/, '')}${CUT_NOTE}`
}

/** The summary of a check as far as GitHub takes it. */
export function cutSummary(text: string): string {
  return cutAtLine(text, SUMMARY_BYTES, Buffer.byteLength)
}

/** A comment as far as GitHub takes it. */
export function cutComment(text: string): string {
  return cutAtLine(text, COMMENT_CHARACTERS, (t) => t.length)
}

/** A line of at most `max` characters, with an ellipsis where something is missing. */
export function cutLine(text: string, max: number): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  return characters.length <= max ? characters.join('') : `${characters.slice(0, max - 1).join('')}…`
}

/** A link as GitHub takes it: http or https; `undefined` for others. */
function linkOf(url: string | null): string | undefined {
  return url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined
}

/** A check as GitHub's API takes it, but for its annotations. */
export function checkFields(check: ShownCheck): Record<string, unknown> {
  const { phase, output, startedAt, endedAt } = check
  const isCompleted = phase.status === 'completed'
  const link = linkOf(check.url)
  return {
    name: check.name,
    external_id: check.externalId,
    status: phase.status,
    ...(isCompleted && { conclusion: phase.conclusion }),
    ...(link && { details_url: link }),
    ...(startedAt && { started_at: startedAt.toISOString() }),
    ...(isCompleted && endedAt && { completed_at: endedAt.toISOString() }),
    output: outputFields(check),
    actions: output.buttons.filter(hasShortWord).slice(0, MOST_BUTTONS).map(buttonFields),
  }
}

/** Title and summary, which GitHub wants together and not empty. */
export function outputFields({ name, output }: ShownCheck): { title: string; summary: string } {
  const title = cutLine(output.title, 255) || name
  return { title, summary: cutSummary(output.summary.trim() === '' ? title : output.summary) }
}

/** A word that is cut is another word: such a button is left out. */
function hasShortWord({ word }: CheckButton): boolean {
  return word.length >= 1 && word.length <= 20
}

function buttonFields({ label, description, word }: CheckButton) {
  return { label: cutLine(label, 20), description: cutLine(description, 40), identifier: word }
}

/** An annotation as GitHub's API takes it. */
export function annotationFields({ path, startLine, endLine, level, title, message }: CheckAnnotation) {
  const first = Math.max(1, startLine)
  return {
    path,
    start_line: first,
    end_line: Math.max(first, endLine),
    annotation_level: level,
    title: cutLine(title, 255),
    message: cutAtLine(message || title, 64_000, Buffer.byteLength),
  }
}

/** State of a commit status, and the word that says what it can't. */
const STATUS: Record<CheckConclusion, [state: 'success' | 'failure' | 'error' | 'pending', word: string]> = {
  success: ['success', ''],
  failure: ['failure', ''],
  neutral: ['success', 'No result: '],
  skipped: ['success', 'Skipped: '],
  cancelled: ['error', 'Canceled: '],
  action_required: ['pending', 'Waits for somebody: '],
}

/** A check as a commit status, which knows four states and a line of text. */
export function statusFields(check: ShownCheck): Record<string, unknown> {
  const [state, word] = statusOf(check.phase)
  const link = linkOf(check.url)
  return {
    state,
    context: check.name,
    description: cutLine(`${word}${check.output.title}`, STATUS_CHARACTERS),
    ...(link && { target_url: link }),
  }
}

function statusOf(phase: CheckPhase): (typeof STATUS)[CheckConclusion] {
  return phase.status === 'completed' ? STATUS[phase.conclusion] : ['pending', '']
}
