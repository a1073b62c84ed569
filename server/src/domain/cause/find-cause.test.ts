import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { CASES, type CauseCase } from '../../../test/causes/cases.ts'
import { cpuMs } from '../../../test/cpu-time.ts'
import type { CauseStep } from './cause.ts'
import { findCause } from './find-cause.ts'
import { cleanLine } from './lines.ts'
import { HINT, RULES } from './rules/rules.ts'

const folder = new URL('../../../test/causes/logs/', import.meta.url)
const LOGS = new Map(
  readdirSync(folder).map((file) => [file.replace(/\.\w+$/, ''), readFileSync(new URL(file, folder), 'utf8')]),
)
const BUILD: CauseStep = { kind: 'build', name: 'host-debian-12-x86_64' }

function logOf(name: string): string {
  const log = LOGS.get(name)
  assert.ok(log !== undefined, `there is no log ${name}`)
  return log
}

test('every log of the corpus has a case, and there are at least 40', () => {
  assert.deepEqual([...LOGS.keys()].sort(), Object.keys(CASES).sort())
  assert.ok(LOGS.size >= 40)
})

for (const [name, expected] of Object.entries<CauseCase>(CASES)) {
  test(`the cause is found: ${name}`, () => {
    const cause = findCause(logOf(name), expected.step ?? { kind: 'build' })

    assert.equal(cause.kind, expected.kind)
    assert.equal(cause.section, expected.section)
    const said = cause.lines.map((line) => line.text.trim())
    assert.ok(
      said.some((text) => text.startsWith(expected.says)),
      `not said: ${expected.says}\nbut:\n${said.join('\n')}`,
    )
  })
}

test('most causes lie above the end of the log, where rpmbuild only repeats that something failed', () => {
  const long = [...LOGS].filter(
    ([name, log]) => log.includes('RPM build errors:') && (CASES[name]?.step?.kind ?? 'build') === 'build',
  )
  const atTheEnd = long.filter(([name, log]) => {
    const { lines } = findCause(log, CASES[name]?.step ?? BUILD)
    const last = log.trimEnd().split('\n').length
    return lines.every(({ number }) => number > last - lines.length)
  })
  assert.ok(long.length > 50)
  assert.deepEqual(
    atTheEnd.map(([name]) => name),
    [],
  )
})

const SUMMARIES: Record<string, string> = {
  'check-pytest': '%check of host-debian-12-x86_64 failed: 2 tests failed',
  'check-automake': '%check of host-debian-12-x86_64 failed: 2 tests failed',
  'check-cargo': '%check of host-debian-12-x86_64 failed: 2 tests failed',
  'check-ctest': '%check of host-debian-12-x86_64 failed: 2 tests failed',
  'check-go': '%check of host-debian-12-x86_64 failed: 1 test failed',
  'check-gtest': '%check of host-debian-12-x86_64 failed: 1 test failed',
  'check-jest': '%check of host-debian-12-x86_64 failed: 1 test failed',
  'check-meson': '%check of host-debian-12-x86_64 failed: 2 tests failed',
  'check-prove': '%check of host-debian-12-x86_64 failed: 2 tests failed',
  'check-rspec': '%check of host-debian-12-x86_64 failed: 1 test failed',
  'check-surefire': '%check of host-debian-12-x86_64 failed: 1 test failed',
  'check-unittest': '%check of host-debian-12-x86_64 failed: 2 tests failed',
  'check-make-plain': '%check of host-debian-12-x86_64 failed: 1 test failed',
  'node-test': '%check of host-debian-12-x86_64 failed: 1 test failed',
  'missing-buildrequires-rpm':
    'The build of host-debian-12-x86_64 failed: cmake, gcc, libfrobnicate-devel >= 2.0 are missing',
  'mock-dnf5-no-match':
    'The build of host-debian-12-x86_64 failed: libfrobnicate-devel >= 2.0, python3dist(frob) are missing',
  'prep-patch-rejected': '%prep of host-debian-12-x86_64 failed: fix-greeting.patch does not apply',
  'compiler-gcc':
    '%build of host-debian-12-x86_64 failed: hello.c:6:13: error: too many arguments to function ‘count_words’',
  'unpackaged-files':
    '%files of host-debian-12-x86_64 failed: installed files are in no package: /usr/share/hello/data.txt, /usr/share/hello/more.txt',
  'missing-files':
    '%files of host-debian-12-x86_64 failed: files of the package were not installed: /usr/share/man/man1/hello.1*, /usr/lib/hello/plugin.so',
  'macro-undefined-job-control': '%build of host-debian-12-x86_64 failed: the macro %pyproject_weel is not defined',
  'missing-program': '%build of host-debian-12-x86_64 failed: there is no program frobnicate',
  'network-curl': "%build of host-debian-12-x86_64 failed: example.org can't be reached from here",
  'network-pip': '%build of host-debian-12-x86_64 failed: a download needs the network',
  'source-missing': 'The build of host-debian-12-x86_64 failed: hello.service is missing',
  'exit-silent': '%build of host-debian-12-x86_64 failed: the command "test -f no-such-file"',
}

test('the summary is one sentence that names the part, the chroot and what is wrong', () => {
  const summaries = Object.keys(SUMMARIES).map((name) => [name, findCause(logOf(name), BUILD).summary])
  assert.deepEqual(Object.fromEntries(summaries), SUMMARIES)
})

test('a step that a limit ended says so, and what it was at', () => {
  const cause = findCause(logOf('time-out-check'), { ...BUILD, end: 'timed-out' })
  assert.equal(
    cause.summary,
    '%check of host-debian-12-x86_64 was stopped because its time was up: it was at "running test 3 (network): waiting for the server..."',
  )
})

test('an SRPM that could not be made is explained by the sentence of the program that made it', () => {
  const failure = {
    kind: 'merge-conflict',
    message: 'The change conflicts with main in a.c. Merge or rebase, and push again.',
  }
  const cause = findCause(logOf('srpm-merge-conflict'), { kind: 'srpm', failure })
  assert.equal(cause.summary, 'The change conflicts with main in a.c. Merge or rebase, and push again')
})

test('an empty log has a cause without lines', () => {
  assert.deepEqual(findCause('', BUILD), {
    kind: 'unknown',
    section: null,
    line: null,
    lines: [],
    summary: 'The build of host-debian-12-x86_64 failed',
  })
})

test('texts are without colours and control characters, also when the line names the error by colour', () => {
  const log =
    'Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.x\n\x1b[1ma.c:1:2: \x1b[31merror: \x1b[0mbad \x07\u202etext\x1b]0;title\x07\r\n'
  assert.ok(findCause(log, BUILD).lines.some(({ text }) => text === 'a.c:1:2: error: bad text'))
})

test('every line that a rule knows passes the quick look', () => {
  const lines = [...LOGS.values()].flatMap((log) => log.split('\n').map(cleanLine))
  const missed = lines.filter((line) => !HINT.test(line) && RULES.some((rule) => rule.pattern.test(line)))
  assert.deepEqual(missed, [])
})

const corpusLine = fc.constantFrom(...[...LOGS.values()].flatMap((log) => log.split('\n')))
const anyLog = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: corpusLine },
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\r', '\x1b[', '', '==> '),
    ),
    { maxLength: 80 },
  )
  .map((lines) => lines.join('\n'))
const anyStep: fc.Arbitrary<CauseStep> = fc.record(
  {
    kind: fc.constantFrom('srpm', 'build', 'test'),
    name: fc.string(),
    end: fc.constantFrom('finished', 'timed-out', 'out-of-memory', 'disk-full', 'log-limit', 'canceled', 'crashed'),
    failure: fc.record({ kind: fc.string(), message: fc.string({ unit: 'binary' }) }),
  },
  { requiredKeys: ['kind'] },
)

test('whatever the log, the lines are lines of it under their numbers, two to ten, in order, and the main one is among them', () => {
  const check = (log: string, step: CauseStep) => {
    const { lines, line, summary } = findCause(log, step)
    const real = log.split('\n').map(cleanLine)
    for (const { number, text } of lines)
      assert.ok(text === real[number - 1] || real[number - 1]?.startsWith(text.slice(0, -1)))
    assert.deepEqual(
      lines.map(({ number }) => number),
      lines.map(({ number }) => number).toSorted((a, b) => a - b),
    )
    assert.ok(lines.length <= 10)
    const different = new Set(real.map((text) => text.trim()).filter((text) => text !== ''))
    if (lines.length < 2) assert.ok(different.size < 2, `${different.size} lines to choose from`)
    assert.equal(line === null, lines.length === 0)
    if (line !== null) assert.ok(lines.some(({ number }) => number === line))
    assert.doesNotMatch(lines.map(({ text }) => text).join(''), /[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e]/)
    assert.doesNotMatch(summary, /\n/)
  }
  fc.assert(fc.property(anyLog, anyStep, check), { numRuns: 400 })
})

/** The quickest of some runs: the first ones are not compiled yet. */
function bestMs(log: string): number {
  return Math.min(...Array.from({ length: 5 }, () => cpuMs(() => findCause(log, BUILD))))
}

const fill = (part: string, bytes = 5_000_000) => part.repeat(Math.ceil(bytes / part.length))

test('5 MB of an ordinary log take less than 100 ms', () => {
  const ordinary = logOf('cmake-build-ninja').split('\n').slice(17, 32).join('\n').replace('FAILED', 'done')
  const log = `Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.x\n${fill(`${ordinary}\n`)}${logOf('compiler-gcc')}`
  assert.ok(log.length > 5_000_000)
  assert.ok(bestMs(log) < 100)
})

const HOSTILE: Record<string, string> = {
  'nothing but errors': fill('src/a.c:1:2: error: x failed: No such file or directory\n'),
  'one line': fill('error: '),
  'one line of escapes': fill('\x1b]'),
  'marks of sections': fill('Executing(%check): x\n'),
  'marks that are none': fill(' Executing( Bad exit status from '),
  'ends of sections': fill('error: Bad exit status from x (%check)\n'),
  'almost tests': fill(`${'= 1 failed '.repeat(40)}\n`),
  colons: fill(`a${':1'.repeat(200)} error\n`),
  'empty lines': fill('\n'),
}

for (const [what, log] of Object.entries(HOSTILE)) {
  test(`5 MB made to be slow take less than half a second: ${what}`, () => {
    assert.ok(bestMs(log) < 500)
  })
}
