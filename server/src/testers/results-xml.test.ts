import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOUNDS } from './clean-results.ts'
import { MAX_XML_BYTES, parseResults, ResultsError } from './results-xml.ts'

const BASE = 'https://artifacts.example/0d1e/results.xml'

const TESTING_FARM = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites overall-result="failed">
  <testsuite name="/plans/ci" result="failed" tests="4" stage="complete">
    <logs><log href="https://artifacts.example/0d1e/work-ci" name="workdir"/></logs>
    <guest><testing-environment name="requested"><property name="arch" value="x86_64"/></testing-environment></guest>
    <testcase name="/tests/smoke" result="passed" time="12.5">
      <logs><log href="work/testout.log" name="testout.log"/><log href="https://artifacts.example/d" name="log_dir"/></logs>
    </testcase>
    <testcase name="/tests/smoke" result="failed" time="61"><fmf-id><url>https://x</url></fmf-id></testcase>
    <testcase name="/tests/late" result="pending"/>
    <testcase name="/tests/new" result="exploded"/>
  </testsuite>
</testsuites>`

test("Testing Farm's results give suite, name, word, time and links of each test, also of equal names", () => {
  const results = parseResults(TESTING_FARM, BASE)

  assert.deepEqual(
    results.map(({ suite, name, result, seconds }) => [suite, name, result, seconds]),
    [
      ['/plans/ci', '/tests/smoke', 'passed', 12.5],
      ['/plans/ci', '/tests/smoke', 'failed', 61],
      ['/plans/ci', '/tests/late', 'not-run', null],
      ['/plans/ci', '/tests/new', 'error', null],
    ],
  )
  assert.deepEqual(results[0]?.logs, [
    { name: 'testout.log', url: 'https://artifacts.example/0d1e/work/testout.log' },
    { name: 'log_dir', url: 'https://artifacts.example/d' },
  ])
  assert.match(results[3]?.message ?? '', /exploded/)
})

test("JUnit's results are told by their elements, with message and place", () => {
  const results = parseResults(`<testsuite name="pytest">
    <testcase classname="tests.test_a" name="test_one" time="0.01" file="tests/test_a.py" line="12"/>
    <testcase classname="tests.test_a" name="test_two"><failure message="1 != 2">assert 1 == 2 &amp; more</failure>
      <system-out>said this</system-out></testcase>
    <testcase name="c"><skipped message="not here"/></testcase>
    <testcase name="d"><error><![CDATA[<broken> pipe]]></error></testcase>
  </testsuite>`)

  assert.deepEqual(
    results.map(({ name, result, message, place }) => [name, result, message, place]),
    [
      ['tests.test_a test_one', 'passed', null, { path: 'tests/test_a.py', line: 12 }],
      ['tests.test_a test_two', 'failed', '1 != 2\nassert 1 == 2 & more\nsaid this', null],
      ['c', 'skipped', 'not here', null],
      ['d', 'error', '<broken> pipe', null],
    ],
  )
})

test('suites within suites are read, and an empty file has no results', () => {
  const nested =
    '<testsuites><testsuite name="a"><testsuite name="b"><testcase name="x"/></testsuite></testsuite></testsuites>'

  assert.deepEqual(
    parseResults(nested).map(({ suite, name }) => [suite, name]),
    [['a b', 'x']],
  )
  assert.deepEqual(parseResults('<testsuites overall-result="error"/>'), [])
})

test('entities of its own, endless depth, size and what is no XML are refused', () => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><testsuites><testsuite name="&b;"/></testsuites>'
  const file = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuites/>'
  const deep = `<testsuites>${'<testsuite>'.repeat(5_000)}${'</testsuite>'.repeat(5_000)}</testsuites>`
  const large = `<testsuites>${' '.repeat(MAX_XML_BYTES)}</testsuites>`

  for (const xml of [
    bomb,
    file,
    deep,
    large,
    '',
    'late',
    '<html><p>502',
    '<testsuites><testsuite></testsuites>',
    '{}',
  ]) {
    assert.throws(() => parseResults(xml), ResultsError, xml.slice(0, 60))
  }
})

test('names cannot reach prototypes, and unknown entities stay as they are written', () => {
  const [result] = parseResults(
    '<testsuites><testsuite name="__proto__"><testcase name="&unknown;" result="constructor"/></testsuite></testsuites>',
  )

  assert.deepEqual([result?.suite, result?.name, result?.result], ['__proto__', '&unknown;', 'error'])
  assert.equal(({} as { polluted?: unknown }).polluted, undefined)
})

test('links that are no web pages are left out, and control characters too', () => {
  const [result] = parseResults(
    `<testsuites><testsuite name="s&#x0;s"><testcase name="a&#27;[31m
      b" result="failed"><failure>x\u001b[2Jy</failure><logs><log href="javascript:alert(1)" name="x"/><log href="file:///etc/passwd"/>
      <log href="https://a.example/&quot;onload=&quot;x" name="quote"/></logs></testcase></testsuite></testsuites>`,
    BASE,
  )

  assert.equal(result?.name, 'a[31m b')
  assert.equal(result?.message, 'x[2Jy')
  assert.ok(!/[\u0000-\u001f]/.test(result?.suite ?? ''))
  assert.deepEqual(
    result?.logs.map(({ url }) => url),
    ['https://a.example/%22onload=%22x'],
  )
})

test('of too many results those that failed stay, and how many went is said', () => {
  const count = BOUNDS.results + 500
  const one = (i: number) => `<testcase name="t${i}" result="${i === count - 1 ? 'failed' : 'passed'}"/>`
  const cases = Array.from({ length: count }, (_, i) => one(i)).join('')
  const results = parseResults(`<testsuites><testsuite name="s">${cases}</testsuite></testsuites>`)

  assert.equal(results.length, BOUNDS.results)
  assert.equal(results.at(-2)?.result, 'failed')
  assert.equal(results.at(-1)?.name, '501 more results')
})

test('texts are kept to their end, and all together to their bound', () => {
  const long = `begin ${'&lt;x&gt; '.repeat(5_000)} the reason`
  const cases = Array.from(
    { length: 700 },
    (_, i) => `<testcase name="t${i}"><failure>${i === 0 ? long : 'y'.repeat(5_000)}</failure></testcase>`,
  )
  const results = parseResults(`<testsuites><testsuite name="s">${cases.join('')}</testsuite></testsuites>`)

  assert.ok(results[0]?.message?.startsWith('…') && results[0].message.endsWith('<x>  the reason'))
  const chars = results.reduce((sum, { message }) => sum + (message?.length ?? 0), 0)
  assert.ok(chars <= BOUNDS.textChars, String(chars))
  assert.equal(results.length, 700)
})
