type Count = (texts: readonly string[]) => number

/** Each test runner's own count of failed tests; the first that finds any is right. */
const COUNTS: readonly Count[] = [
  // pytest, Jest, Vitest, Qt, Catch2: `== 2 failed, 1 error in 3 s ==`, `Tests: 1 failed, 2 passed`
  last(/^=+ .*?\b(\d+) failed\b/, /^=+ .*?\b(\d+) errors?\b/),
  last(/^(?:Tests:| +Tests ) +.*?\b(\d+) failed/),
  last(/^test cases: .*?\b(\d+) failed/),
  total(/^Totals: .*?\b(\d+) failed/),
  // ctest, unittest, meson, Maven
  total(/^\d+% tests passed, (\d+) tests? failed out of/),
  total(/^FAILED \((?:failures=(\d+))?(?:, )?(?:errors=(\d+))?/),
  total(/^(?:Fail|Timeout|Unexpected Pass): +(\d+)/),
  last(/^\[ERROR\] Tests run: \d+, Failures: (\d+), Errors: (\d+)/),
  // cargo, automake, DejaGnu, TAP, node, Mocha, RSpec, minitest, GoogleTest
  total(/^test result: FAILED\. \d+ passed; (\d+) failed/),
  total(/^# (?:FAIL|ERROR|XPASS): +(\d+)/),
  total(/^# of unexpected failures\s+(\d+)/),
  total(/^# Looks like you failed (\d+) test/),
  total(/^(?:# |ℹ )fail (\d+)$/),
  total(/^\s+(\d+) failing$/),
  last(/^\d+ examples?, (\d+) failures?/),
  last(/^\d+ (?:runs|tests), \d+ assertions, (\d+) failures, (\d+) errors/),
  lines(/^\[ {2}FAILED {2}\] (\S+\.\S+)/),
  // those that only name them
  lines(/^--- FAIL: (\S+)/),
  lines(/^(?:FAIL|ERROR|XPASS): (\S.*)/),
  lines(/^FAILED (\S+::\S+)/),
  lines(/^(not ok \d+.*)/),
]

/**
 * How many tests failed.
 *
 * @param texts  the lines of the test runner
 * @returns 0 when it doesn't say
 */
export function countFailedTests(texts: readonly string[]): number {
  for (const count of COUNTS) {
    const found = count(texts)
    if (found > 0) return found
  }
  return 0
}

/** The sum of what the patterns find in a line; undefined when none fits. */
function numbers(patterns: readonly RegExp[], text: string): number | undefined {
  const found = patterns.map((pattern) => pattern.exec(text)).filter((match) => match !== null)
  const digits = found.flatMap((match) => match.slice(1)).map((group) => Number(group ?? 0))
  return found.length > 0 ? digits.reduce((sum, n) => sum + n, 0) : undefined
}

/** What the last line says: it sums up those before. */
function last(...patterns: RegExp[]): Count {
  return (texts) => texts.map((text) => numbers(patterns, text)).findLast((n) => n !== undefined) ?? 0
}

/** What all lines say together: one a program, or one a kind of failure. */
function total(...patterns: RegExp[]): Count {
  return (texts) => texts.reduce((sum, text) => sum + (numbers(patterns, text) ?? 0), 0)
}

/** How many different lines there are. */
function lines(pattern: RegExp): Count {
  return (texts) => new Set(texts.map((text) => pattern.exec(text)?.[1]).filter((name) => name !== undefined)).size
}
