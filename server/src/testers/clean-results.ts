import type { TestCaseResult, TestResultWord } from '../domain/test-result.ts'

/** How much of a test run's results is kept; a stranger's tests may say any amount. */
export const BOUNDS = {
  results: 5_000,
  /** Of all texts of all results together, in characters. */
  textChars: 2_000_000,
  nameChars: 500,
  messageChars: 4_000,
  logs: 20,
  urlChars: 2_000,
} as const

/** What is looked at first stays, when not all can. */
const IMPORTANCE: Record<TestResultWord, number> = {
  failed: 0,
  error: 0,
  'not-run': 1,
  skipped: 2,
  info: 2,
  passed: 3,
}

/**
 * Results as they are stored: in their order, without characters that no text should have, cut to `BOUNDS`. When
 * some have to go, passed ones go first, and an `info` entry at the end says how many went.
 */
export function cleanResults(results: readonly TestCaseResult[]): TestCaseResult[] {
  const most = BOUNDS.results
  const chosen = results.length > most ? chooseImportant(results, most - 1) : results
  let room: number = BOUNDS.textChars
  const bounded = chosen.map((result) => {
    const cut = cleanResult(result, room)
    room = Math.max(0, room - sizeOf(cut))
    return cut
  })
  const dropped = results.length - chosen.length
  return dropped === 0 ? bounded : [...bounded, describeDropped(dropped)]
}

function chooseImportant(results: readonly TestCaseResult[], count: number): TestCaseResult[] {
  const order = results.map((result, index) => ({ index, rank: IMPORTANCE[result.result] }))
  order.sort((a, b) => a.rank - b.rank || a.index - b.index)
  const kept = new Set(order.slice(0, count).map(({ index }) => index))
  return results.filter((_, index) => kept.has(index))
}

function describeDropped(count: number): TestCaseResult {
  const name = `${count} more results`
  return {
    ...{ suite: '', name, result: 'info', seconds: null, place: null, logs: [] },
    message: `They were not kept: at most ${BOUNDS.results} are. The log of the runner has them all.`,
  }
}

function cleanResult(result: TestCaseResult, room: number): TestCaseResult {
  const { suite, name, message, seconds, place } = result
  const line = place?.line ?? null
  return {
    suite: oneLine(suite),
    name: oneLine(name),
    result: result.result,
    seconds: seconds !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds : null,
    message: message === null || message.trim() === '' ? null : endOf(clean(message), room),
    place: place && { path: oneLine(place.path), line: line !== null && Number.isSafeInteger(line) ? line : null },
    logs: result.logs.filter(isWebLink).slice(0, BOUNDS.logs).map(toLog),
  }
}

const toLog = ({ name, url }: { name: string; url: string }) => ({ name: oneLine(name), url })

/** Links are shown to people: only what a browser opens as a page. */
function isWebLink({ url }: { url: string }): boolean {
  return /^https?:\/\/[^\s"'<>]+$/.test(url) && url.length <= BOUNDS.urlChars
}

function sizeOf({ suite, name, message, logs }: TestCaseResult): number {
  const links = logs.reduce((sum, log) => sum + log.name.length + log.url.length, 0)
  return suite.length + name.length + (message?.length ?? 0) + links
}

/** PostgreSQL stores no NUL, terminals obey escapes, and half a surrogate pair is no text. */
function clean(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, ' ').trim().slice(0, BOUNDS.nameChars).toWellFormed()
}

/** The end says why; null when nothing of it has room. */
function endOf(text: string, room: number): string | null {
  const most = Math.min(BOUNDS.messageChars, room)
  if (text.length <= most) return text
  if (most < 100) return null
  return `…${text.slice(-most + 1)}`.toWellFormed()
}
