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
