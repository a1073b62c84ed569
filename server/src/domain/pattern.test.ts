import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { cpuMs } from '../../test/cpu-time.ts'
import { ConfigError } from './errors.ts'
import { compilePattern, PatternError, PatternTimeout } from './pattern.ts'

/** Pattern, text, and what Python's `re.match` finds at its start; null for nothing. */
const MATCHES: [string, string, string | null][] = [
  ['main', 'main-2', 'main'],
  ['main$', 'main-2', null],
  ['main$', 'main\n', 'main'],
  ['main\\Z', 'main\n', null],
  ['\\Amain', 'main', 'main'],
  ['v(?P<version>\\d+\\.\\d+)', 'v1.20-rc1', 'v1.20'],
  ['(?P<quote>[\'"])x(?P=quote)', '"x"', '"x"'],
  ['(a)\\1', 'aa', 'aa'],
  ['(?i)MAIN', 'main', 'main'],
  ['(?i:M)ain', 'main', 'main'],
  ['(?i:M)AIN', 'main', null],
  ['(?x) v \\d+  # the number\n', 'v12', 'v12'],
  ['(?s).+', 'a\nb', 'a\nb'],
  ['.+', 'a\u2028b\nc', 'a\u2028b'],
  ['(?m)a$', 'a\nb', 'a'],
  ['[]a]+', ']a]b', ']a]'],
  ['[^]a]+', 'b]', 'b'],
  ['[a-]+', 'a-', 'a-'],
  ['[\\w.-]+', 'a.b-c d', 'a.b-c'],
  ['[\\W]+', '-. a', '-. '],
  ['[a&&b]+', 'a&b', 'a&b'],
  ['\\d+', '٣4', '٣4'],
  ['(?a)\\d+', '٣', null],
  ['\\w+', 'größe', 'größe'],
  ['\\bx\\b', 'x y', 'x'],
  ['a{2}', 'aaa', 'aa'],
  ['a{,2}', 'aaa', 'aa'],
  ['a{2,}?', 'aaa', 'aa'],
  ['a{x}', 'a{x}', 'a{x}'],
  ['a{}', 'a{}', 'a{}'],
  ['}]', '}]', '}]'],
  ['(?:a|b)*c', 'abac', 'abac'],
  ['(?=a)\\w', 'ab', 'a'],
  ['(?!b)a', 'a', 'a'],
  ['a(?<=a)b', 'ab', 'ab'],
  ['a(?<!b)b', 'ab', 'ab'],
  ['a(?#comment)b', 'ab', 'ab'],
  ['\\x41\\u0042\\103', 'ABC', 'ABC'],
  ['\\.\\-\\/', '.-/', '.-/'],
  ['', 'x', ''],
  ['a||b', 'b', ''],
  ['[\\1]', '\x01', '\x01'],
  ['👍+', '👍👍', '👍👍'],
]

test('a pattern means what it means in Python', () => {
  const found = MATCHES.map(([source, text]) => [
    source,
    text,
    compilePattern(source, { anchor: 'start' }).exec(text)?.[0] ?? null,
  ])
  assert.deepEqual(found, MATCHES)
})

test('named groups are found under their names', () => {
  const match = compilePattern('v(?P<major>\\d+)\\.(?P<minor>\\d+)').exec('release v3.14')
  assert.deepEqual({ ...match?.groups }, { major: '3', minor: '14' })
})

test('without an anchor a pattern matches anywhere, with "full" only the whole text', () => {
  assert.equal(compilePattern('b').test('abc'), true)
  assert.equal(compilePattern('b', { anchor: 'start' }).test('abc'), false)
  assert.equal(compilePattern('a|ab', { anchor: 'full' }).test('ab'), true)
  assert.equal(compilePattern('ab', { anchor: 'full' }).test('ab\n'), false)
})

/** Pattern, index of the wrong character, and a part of the message. */
const WRONG: [string, number, RegExp][] = [
  ['*', 0, /nothing to repeat/],
  ['{2}', 0, /nothing to repeat/],
  ['a**', 2, /repeated twice/],
  ['^*', 1, /nothing to repeat/],
  ['a|+', 2, /nothing to repeat/],
  ['(a', 0, /lacks its "\)"/],
  ['a)', 1, /too many/],
  ['[a', 0, /lacks its "\]"/],
  ['[z-a]', 1, /wrong way round/],
  ['[\\w-z]', 1, /no range/],
  ['\\q', 0, /escape \\q/],
  ['a\\', 1, /ends with a backslash/],
  ['\\x4', 0, /lacks digits/],
  ['(?P<1a>x)', 4, /name/],
  ['(?P<a>x)(?P<a>y)', 12, /two groups named "a"/],
  ['(?P=a)', 0, /no group named "a"/],
  ['\\1', 0, /no group 1/],
  ['(a\\1)', 2, /refers to itself/],
  ['(?<=a+)b', 0, /fixed length/],
  ['a++', 2, /possessive/],
  ['(?>a)', 0, /atomic/],
  ['(?(1)a|b)', 0, /conditions/],
  ['(?<name>a)', 0, /\(\?P<name>/],
  ['a(?i)', 1, /at its start/],
  ['(?L)a', 4, /bytes/],
  ['(?q:a)', 4, /flag "q"/],
  ['a{3,2}', 1, /at least 3 and at most 2/],
  ['a{5000}', 1, /1000 times/],
  [`${'('.repeat(60)}${')'.repeat(60)}`, 50, /inside each other/],
  ['x'.repeat(1001), 1000, /at most 1000/],
]

test('a wrong pattern is refused with the place and what is wrong', () => {
  for (const [source, position, problem] of WRONG) {
    assert.throws(
      () => compilePattern(source),
      (error) => error instanceof PatternError && error.position === position && problem.test(error.message),
      `${source} at ${position}`,
    )
  }
})

test('a catastrophic pattern ends after its time as an error of the configuration', () => {
  for (const source of ['(a+)+$', '(a|a)*b', '(.*)*x', '(\\w+\\s?)*!', '(?:a?){40}a{40}', '((a*)*)*b']) {
    const ms = cpuMs(() =>
      assert.throws(
        () => compilePattern(source, { anchor: 'start' }).test(`${'a'.repeat(39)}-`.repeat(20)),
        (error) => error instanceof PatternTimeout && error instanceof ConfigError && error.message.includes(source),
        source,
      ),
    )
    assert.ok(ms < 1000, `${source}: ${ms} ms`)
  }
})

test('a pattern can be used again after one ran out of time', () => {
  const slow = compilePattern('(a+)+$')
  assert.throws(() => slow.test(`${'a'.repeat(60)}-`), PatternTimeout)
  assert.equal(slow.test('aa'), true)
})

test('a machine that stands still for a while is not taken for a catastrophic pattern', async () => {
  const module = JSON.stringify(new URL('./pattern.ts', import.meta.url).href)
  const program = `const { compilePattern } = await import(${module}); const version = compilePattern('v(?P<version>.+)')
    for (const end = Date.now() + 1500; Date.now() < end;) version.test('v1.0.0')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'ignore', 'pipe'] })
  const errors = text(child.stderr)
  const ended = once(child, 'exit')
  await sleep(500)
  for (let round = 0; round < 5; round += 1) {
    child.kill('SIGSTOP')
    await sleep(150)
    child.kill('SIGCONT')
    await sleep(20)
  }
  assert.deepEqual(await ended, [0, null], await errors)
})

test('a text of more than 10,000 characters is refused', () => {
  assert.throws(() => compilePattern('a').test('b'.repeat(10_001)), /10001 characters/)
})

test('a pattern that is nothing but characters finds exactly them', () => {
  const quote = (text: string) => text.replace(/[^\p{L}\p{N}_]/gu, '\\$&')
  const check = (text: string) => assert.equal(compilePattern(quote(text), { anchor: 'full' }).test(text), true)
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), check))
})

const piece = fc.constantFrom(
  'a',
  'b',
  '(',
  ')',
  '[',
  ']',
  '*',
  '+',
  '?',
  '{',
  '}',
  '2',
  ',',
  '|',
  '\\',
  '^',
  '$',
  '-',
  '.',
  '(?:',
  '(?P<n>',
  '(?P=n)',
  '\\d',
  '\\1',
)

test('whatever the pattern, it is refused as an error of the configuration or it works', () => {
  const check = (source: string) => {
    try {
      assert.equal(typeof compilePattern(source).test('ab2-a'), 'boolean')
    } catch (error) {
      assert.ok(error instanceof ConfigError, String(error))
      assert.doesNotMatch(error.message, /Invalid regular expression/)
    }
  }
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      check,
    ),
    { numRuns: 3000 },
  )
})
