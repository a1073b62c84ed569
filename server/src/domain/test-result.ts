/** What a test, as its runner names it, may say. */
export const TEST_RESULTS = ['passed', 'failed', 'error', 'skipped', 'not-run', 'info'] as const
export type TestResultWord = (typeof TEST_RESULTS)[number]

/** What one test said. Names are not unique. */
export interface TestCaseResult {
  /** Of the plan or suite it belongs to: `/plans/ci`. */
  suite: string
  name: string
  result: TestResultWord
  seconds: number | null
  /** The end of what it printed, or what it found; null when it said nothing that is kept. */
  message: string | null
  /** Where it was found, of a finding with a place: `hello.spec`, line 12. */
  place: { path: string; line: number | null } | null
  logs: { name: string; url: string }[]
}

/** The results of one target, in short. */
export interface TestSummary {
  /** Of what ran or should have: remarks are not counted. */
  total: number
  failed: number
  /** What failed, the first of it, with messages cut. */
  worst: TestCaseResult[]
  /** What was found in a file of the sources, maybe at a line: what failed first; left out where nothing was. */
  found?: TestCaseResult[]
}

const MOST_RESULTS = 2000
const MOST_MESSAGE_CHARS = 4000
const MOST_WORST = 10
/** As many as a forge takes as remarks at lines with one request. */
const MOST_FOUND = 50
const MOST_WORST_CHARS = 1000

export const isBad = ({ result }: Pick<TestCaseResult, 'result'>): boolean => result === 'failed' || result === 'error'

/** What is kept of results: what failed comes first where there are too many, long messages keep their end. */
export function boundResults(results: readonly TestCaseResult[]): TestCaseResult[] {
  const kept =
    results.length > MOST_RESULTS ? [...results.filter(isBad), ...results.filter((one) => !isBad(one))] : results
  return kept.slice(0, MOST_RESULTS).map((one) => cutMessage(one, MOST_MESSAGE_CHARS))
}

export function summarizeResults(results: readonly TestCaseResult[]): TestSummary {
  const counted = results.filter(({ result }) => result !== 'info')
  const bad = counted.filter(isBad)
  const placed = results.filter((one) => isInSources(one) && (isBad(one) || one.result === 'info'))
  const found = [...placed.filter(isBad), ...placed.filter((one) => !isBad(one))].slice(0, MOST_FOUND)
  return {
    total: counted.length,
    failed: bad.length,
    worst: bad.slice(0, MOST_WORST).map((one) => cutMessage(one, MOST_WORST_CHARS)),
    ...(found.length > 0 ? { found: found.map((one) => cutMessage(one, MOST_WORST_CHARS)) } : {}),
  }
}

/** Paths of packages' files begin with a slash, and packages have names, no lines. */
function isInSources({ place }: TestCaseResult): boolean {
  return place !== null && !place.path.startsWith('/') && (place.line !== null || place.path.endsWith('.spec'))
}

function cutMessage(one: TestCaseResult, most: number): TestCaseResult {
  const { message } = one
  return message !== null && message.length > most ? { ...one, message: `…${message.slice(-most)}` } : one
}

/** `2 of 14 tests failed`, `14 tests passed`; null when nothing is known of them. */
export function countText(summary: TestSummary | null): string | null {
  if (!summary || summary.total === 0) return null
  const { total, failed } = summary
  const tests = `${total} test${total === 1 ? '' : 's'}`
  return failed > 0 ? `${failed} of ${tests} failed` : `${tests} passed`
}
