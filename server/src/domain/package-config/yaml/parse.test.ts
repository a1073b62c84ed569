import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cpuMs } from '../../../../test/cpu-time.ts'
import { toJson } from '../readers.ts'
import { YamlError, type YamlNode } from './nodes.ts'
import { parseYaml } from './parse.ts'

function read(text: string): unknown {
  return toJson(parseYaml(text))
}

function refusal(text: string): YamlError {
  try {
    parseYaml(text)
  } catch (error) {
    if (error instanceof YamlError) return error
    throw error
  }
  throw new assert.AssertionError({ message: `accepted: ${text.slice(0, 100)}` })
}

describe('plain words mean what they mean in YAML 1.1', () => {
  const words: [string, unknown][] = [
    ['yes', true],
    ['Off', false],
    ['oN', 'oN'],
    ['y', 'y'],
    ['~', null],
    ['Null', null],
    ['012', 10],
    ['08', '08'],
    ['0o12', '0o12'],
    ['0x1f', 31],
    ['0b101', 5],
    ['1_000', 1000],
    ['-1:30', -90],
    ['1:30.5', 90.5],
    ['1e3', '1e3'],
    ['1.0e+3', 1000],
    ['.5', 0.5],
    ['.inf', '.inf'],
    ['12345678901234567890', '12345678901234567890'],
    ["'on'", 'on'],
    ['!!str 1.0', '1.0'],
  ]
  for (const [written, value] of words) test(`${written}`, () => assert.deepEqual(read(`a: ${written}`), { a: value }))

  test('2024-01-01 is a date', () => {
    const root = parseYaml('a: 2024-01-01')
    assert.equal(root.kind === 'map' && root.entries[0]?.value.kind === 'scalar' && root.entries[0].value.type, 'date')
  })
})

describe('mappings', () => {
  test('of a key that stands twice the last value counts', () => {
    assert.deepEqual(read('a: 1\nb: 2\na: 3\n'), { a: 3, b: 2 })
  })

  test('a merge key fills in what the mapping does not say itself, the first of several mappings first', () => {
    const text = '_: [&a {x: 1, y: 1}, &b {y: 2, z: 2}]\nm: {<<: [*a, *b], x: 0}\nn: {"<<": 1}\n'
    assert.deepEqual((read(text) as { m: unknown }).m, { x: 0, y: 1, z: 2 })
    assert.deepEqual((read(text) as { n: unknown }).n, { '<<': 1 })
  })

  test('a key called __proto__ is a key like any other', () => {
    assert.deepEqual(Object.keys(read('__proto__: 1\n') as object), ['__proto__'])
  })
})

describe('further lines of quoted texts and brackets may begin in any column', () => {
  test('a quoted text', () => {
    assert.deepEqual(read('a:\n  - "one\ntwo\n\n three"\n'), { a: ['one two\nthree'] })
    assert.deepEqual(read("a:\n  - 'it''s\nhere'\nb: 1\n"), { a: ["it's here"], b: 1 })
  })

  test('a list in brackets', () => {
    assert.deepEqual(read('a:\n  b: [\nx,\n  y\n]\nc: 1\n'), { a: { b: ['x', 'y'] }, c: 1 })
  })

  test('what stands behind keeps its place', () => {
    const text = 'a:\n  - "one\ntwo"\nb: [x]\n'
    const root = parseYaml(text)
    assert.equal(root.kind === 'map' && root.entries[1]?.value.start, text.indexOf('[x]'))
  })
})

describe('what is no YAML is refused at its place, with what to do', () => {
  const cases: [string, string, RegExp, number][] = [
    ['a bracket that is never closed', 'a: [b\n', /never closed.*"\]"/, 6],
    ['a quote that is never closed', 'a: "b\n', /close the quote/, 6],
    ['a value with a colon', 'a: b: c\n', /quotes/, 3],
    ['a tab as indentation', 'a:\n\tb: c\n', /tab.*spaces/, 3],
    ['a tab between values', 'a:\tb\n', /tab/, 2],
    ['a sign that begins no value', 'a: @b\n', /quotes/, 3],
    ['an unknown alias', 'a: *b\n', /&b/, 3],
    ['an alias of the value it is in', 'a: &b [*b]\n', /part of/, 7],
    ['an anchor that is defined twice', 'a: &b 1\nc: &b 2\n', /twice/, 14],
    ['a tag of a program', 'a: !!python/none x\n', /tag/, 17],
    ['a mapping as a key', 'a: {{b}}\n', /quotes/, 4],
    ['a merge key without a mapping', '<<: a\n', /mapping/, 0],
    ['two documents', 'a: 1\n---\nb: 1\n', /documents/, 5],
    ['a key that is missing', 'a: 1\n: 2\n', /key.*missing/, 5],
    ['a control character', 'a: \u0007\n', /0x07/, 3],
  ]
  for (const [name, text, message, offset] of cases) {
    test(name, () => {
      const error = refusal(text)
      assert.equal(error.kind, 'yaml_syntax')
      assert.match(error.message, message)
      assert.equal(error.offset, offset)
    })
  }
})

describe('what would take all time or memory is refused', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`)
  const keys = Array.from({ length: 2_000 }, (_, i) => `k${i}: 1`)
  const bombs: [string, string][] = [
    ['a billion laughs', `a0: &a0 [x]\n${lines.join('\n')}\n`],
    ['many keys merged many times', `- &a {${keys.join(', ')}}\n- {<<: [${'*a,'.repeat(1_000)}]}\n`],
    ['a long text many times', `_: &a ${'x'.repeat(10_000)}\nb: [${'*a,'.repeat(1_000)}]\n`],
    ['brackets 100,000 deep', '['.repeat(100_000)],
    ['lists 100,000 deep on one line', '- '.repeat(100_000)],
    ['mappings 100 deep by indentation', Array.from({ length: 100 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['more than 1 MB', '# comment\n'.repeat(110_000)],
    ['a million values', '- []\n'.repeat(200_000)],
  ]
  for (const [name, text] of bombs) {
    test(name, () => {
      const error = refusal(text)
      assert.ok(cpuMs(() => refusal(text)) < 2_000)
      assert.match(error.message, /nested|larger|too (much|many)/)
      assert.equal(error.kind, 'yaml_limit')
    })
  }

  test('a file of ordinary depth and many jobs is none of these', () => {
    const jobs = '- {job: tests, trigger: commit, tf_extra_params: {environments: [{tmt: {context: {how: full}}}]}}\n'
    const root: YamlNode = parseYaml(`jobs:\n${jobs.repeat(200)}`)
    assert.equal(root.kind, 'map')
  })
})
