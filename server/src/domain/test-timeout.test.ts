import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPackageConfig } from './package-config/read.ts'
import { testTimeoutMinutes } from './test-timeout.ts'

const CONTEXT = { repoName: 'hello', configPath: '.packit.yaml', specFiles: ['hello.spec'] }

function timeoutOf(job: string, top = ''): number | null {
  const read = readPackageConfig(`${top}\njobs: [{job: tests, trigger: pull_request, ${job}}]\n`, CONTEXT)
  assert.ok(read.ok)
  const options = read.config.jobs[0]?.packages.hello
  return options ? testTimeoutMinutes(options, read.config.packages.hello) : assert.fail()
}

test('the time limit of a tests job is its own: in seconds, told in whole minutes', () => {
  assert.equal(timeoutOf('timeout: 5400'), 90)
  assert.equal(timeoutOf('timeout: 61'), 2)
  assert.equal(timeoutOf('timeout: 5400', 'timeout: 3600'), 90)
})

test('without one of its own the limit of the test runner holds, whatever is said of builds', () => {
  assert.equal(timeoutOf('targets: [fedora-45]'), null)
  assert.equal(timeoutOf('targets: [fedora-45]', 'timeout: 60'), null)
  assert.equal(timeoutOf('timeout: 0'), null)
})

test('what Testing Farm is told by tf_extra_params holds for every test runner', () => {
  const extra = 'tf_extra_params: {settings: {pipeline: {timeout: 30}}}'
  assert.equal(timeoutOf(extra), 30)
  assert.equal(timeoutOf(`timeout: 5400, ${extra}`), 30)
  assert.equal(timeoutOf('tf_extra_params: {settings: {pipeline: {timeout: soon}}}'), null)
  assert.equal(timeoutOf('tf_extra_params: {settings: [1]}'), null)
})
