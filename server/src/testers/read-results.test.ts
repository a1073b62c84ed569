import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readResults } from './read-results.ts'
import { ResultsError } from './results-xml.ts'

const suite = (cases: string) => `<testsuites><testsuite name="s">${cases}</testsuite></testsuites>`

test('a large file is read without holding up the process, and gives what a small one does', async () => {
  const [small] = await readResults(suite('<testcase name="t" result="failed"><failure>why</failure></testcase>'))
  const cases = '<testcase name="t" result="failed"><failure>why</failure></testcase>'.repeat(40_000)
  let turns = 0
  const ticker = setInterval(() => {
    turns += 1
  }, 1)

  const results = await readResults(suite(cases))
  clearInterval(ticker)

  assert.deepEqual(results[0], small)
  assert.match(results.at(-1)?.name ?? '', /^\d+ more results$/)
  assert.ok(turns > 2, `${turns} turns`)
})

test('a large file that is refused says why, as a small one does', async () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "b">]>${suite('<testcase name="&a;"/>'.repeat(10_000))}`

  await assert.rejects(
    readResults(bomb),
    (error) => error instanceof ResultsError && /document type/.test(error.message),
  )
})

test('a test without any member is a test', async () => {
  const [result] = await readResults(suite('<testcase/>'))

  assert.deepEqual([result?.name, result?.result], ['(no name)', 'passed'])
})
