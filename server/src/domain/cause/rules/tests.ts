import { type Rule, rule } from './rule.ts'

/** What test runners say. Counts of failed tests are read by `counts.ts`. */
export const TEST_RULES: readonly Rule[] = [
  // pytest
  rule('check', 74, /^(?:\[gw\d+\] .*)?FAILED \S+(?:::|\.py)\S*(?: - .+)?/),
  rule('check', 73, /^ERROR \S+(?:::|\.py)\S*(?: - .+)?$/),
  rule('check', 73, /^E {3,}.*(?:Error|assert|Exception).*/),
  rule('check', 66, /^=+ .*\b\d+ (?:failed|errors?)\b/, { last: true }),
  rule('check', 66, /^!+ .*\b(?:Interrupted|errors?)\b/),
  // unittest
  rule('check', 73, /^(?:FAIL|ERROR): \w+ \(\S+\)/, { after: /^-{20}|^Traceback|^ {2}|^\w*Error\b/ }),
  rule('check', 66, /^FAILED \((?:failures|errors)=.*\)/, { last: true }),
  // ctest
  rule('check', 74, /^\s*\d+\/\d+ +Test +#\d+: .*\*\*\*\s*(?:Failed|Exception|Timeout|Not Run).*/, { after: 1 }),
  rule('check', 73, /^The following tests FAILED:/, { after: /^\s+\d+ - / }),
  rule('check', 67, /^\d+% tests passed, [1-9]\d* tests? failed out of \d+/),
  // meson
  rule('check', 74, /^\s*\d+\/\d+ .*\b(?:FAIL|ERROR|TIMEOUT|UNEXPECTEDPASS)\b.*/, {
    after: /^(?:stdout|stderr|>>>|\S*(?:Error|error|Assertion))/,
  }),
  rule('check', 66, /^(?:Fail|Timeout|Unexpected Pass): +[1-9]\d*/),
  // cargo
  rule('check', 74, /^thread '.*' (?:\(\d+\) )?panicked at /, { after: /^(?!stack backtrace|note: |$)/ }),
  rule('check', 68, /^test .* \.\.\. FAILED$/),
  rule('check', 67, /^test result: FAILED\..*/),
  rule('check', 67, /^\s+(?:FAIL|SIGABRT|TIMEOUT) \[\s*[\d.]+s\] /),
  // go
  rule('check', 75, /^\s*\S+_test\.go:\d+: .+/),
  rule('check', 74, /^\s*--- FAIL: \S+/, { after: /^\s+\S+_test\.go:\d+: |^panic: / }),
  rule('check', 75, /^panic: .+/, { only: ['%check'] }),
  rule('check', 66, /^FAIL\s+\S+\s+[\d.]+s/),
  // automake, DejaGnu, Bazel, ninja
  rule('check', 72, /^(?:FAIL|ERROR|XPASS): \S.*/),
  rule('check', 67, /^# (?:FAIL|ERROR|XPASS): +[1-9]\d*/),
  rule('check', 66, /^# of unexpected failures\s+[1-9]/),
  // TAP: perl, node, bats, and many shell scripts
  rule('check', 73, /^\s*not ok \d+\b(?!.*# (?:TODO|SKIP))/, {
    after: /^\s*#|^\s+(?:error|expected|actual|got|location|message): /,
  }),
  rule('check', 73, /^#\s+Failed test/, { after: 3 }),
  rule('check', 66, /^# Looks like you failed .*/),
  rule('check', 65, /^\S+\.t +\(Wstat: .*\)/, { after: 2 }),
  rule('check', 64, /^(?:# |ℹ )fail [1-9]\d*$/),
  rule('check', 73, /^\s*✖ \S.*/),
  // GoogleTest, Catch2, Qt, Boost, Check
  rule('check', 74, /^\S+?:\d+: Failure$/, { after: 4 }),
  rule('check', 73, /^\[ {2}FAILED {2}\] .*/),
  rule('check', 73, /^\S+?:\d+: FAILED:$/, { after: 4 }),
  rule('check', 66, /^(?:test cases|assertions): .*\b[1-9]\d* failed/),
  rule('check', 73, /^FAIL! {2}: .*/, { after: 4 }),
  rule('check', 66, /^Totals: .*\b[1-9]\d* failed/),
  rule('check', 73, /^\S+\(\d+\): (?:fatal )?error: in "[^"]+": .*/),
  rule('check', 73, /^[^\s:]+:\d+:[FE]:[^\s:]+:[^\s:]+:\d+: /),
  // Maven, Gradle
  rule('check', 74, /^\[ERROR\] {3}(?:\w+\.)+\w+:\d+.*/),
  rule('check', 72, /^\[ERROR\]\s+\S+ .*<<< (?:FAILURE|ERROR)!/, { after: 1 }),
  rule('check', 67, /^\[ERROR\] Tests run: \d+, Failures: \d+, Errors: \d+.*/, { last: true }),
  rule('check', 72, /^\S+ > \S+.* FAILED$/, { after: 2 }),
  // Jest, Vitest, Mocha
  rule('check', 73, /^\s+● .+/, { after: 5 }),
  rule('check', 72, /^\s*(?:FAIL|×) {1,2}\S.*/, { after: 2 }),
  rule('check', 66, /^(?:Tests:| +Tests ) +.*\b[1-9]\d* failed/),
  rule('check', 66, /^\s+[1-9]\d* failing$/, { after: 6 }),
  // RSpec, minitest, PHPUnit
  rule('check', 72, /^rspec \S+:\d+/),
  rule('check', 73, /^\s+Failure\/Error: .*/, { before: 1, after: 3 }),
  rule('check', 66, /^\d+ examples?, [1-9]\d* failures?/),
  rule('check', 73, /^\s+\d+\) (?:Failure|Error):$/, { after: 3 }),
  rule('check', 66, /^\d+ (?:runs|tests), \d+ assertions, .*(?:[1-9]\d* failures|[1-9]\d* errors)/),
  rule('check', 66, /^Tests: \d+, Assertions: \d+, .*(?:Failures|Errors): [1-9]/),
  // programs that crash, and assertions of the languages
  rule('check', 72, /: Assertion [`'].*' failed\.?$/, { before: 1 }),
  rule('check', 71, /(?:ERROR: AddressSanitizer|WARNING: ThreadSanitizer|runtime error: ).*/, { after: 3 }),
  rule('check', 68, /\b(?:Segmentation fault|Bus error|Floating point exception|Illegal instruction|Aborted)\b/, {
    before: 1,
    only: ['%check'],
  }),
]
