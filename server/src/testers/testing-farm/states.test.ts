import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FarmRequest, readRefusal, readRequest, readTime } from './protocol.ts'
import { isTerminal, stateOf } from './states.ts'

const request = (state: string, result: object | null = null, more: object = {}): FarmRequest =>
  readRequest({ id: 'x', state, result, ...more }) ?? assert.fail()

test('each state and result of Testing Farm has its state here; the state counts before the result', () => {
  const states: [string, object | null, string][] = [
    ['new', null, 'pending'],
    ['queued', null, 'pending'],
    ['running', null, 'running'],
    ['running', { overall: 'passed' }, 'running'],
    ['complete', { overall: 'passed' }, 'success'],
    ['complete', { overall: 'skipped' }, 'skipped'],
    ['complete', { overall: 'failed' }, 'failure'],
    ['complete', { overall: 'error' }, 'error'],
    ['complete', { overall: 'unknown' }, 'error'],
    ['complete', { overall: 'needs_inspection' }, 'error'],
    ['complete', null, 'error'],
    ['error', null, 'error'],
    ['error', { overall: 'passed' }, 'error'],
    ['cancel-requested', { overall: 'error' }, 'running'],
    ['canceled', { overall: 'error' }, 'canceled'],
    ['canceled', null, 'canceled'],
    ['a-new-word', { overall: 'passed' }, 'running'],
  ]
  for (const [state, result, expected] of states)
    assert.equal(stateOf(request(state, result)).state, expected, `${state} ${JSON.stringify(result)}`)
})

test('only complete, error and canceled are the end', () => {
  const words = ['new', 'queued', 'running', 'complete', 'error', 'cancel-requested', 'canceled', 'a-new-word']
  assert.deepEqual(
    words.filter((word) => isTerminal(request(word))),
    ['complete', 'error', 'canceled'],
  )
})

test('the reason of an error is the summary, else its worst note', () => {
  const notes = [
    { level: 'info', message: 'hello' },
    { level: 'error', message: 'the guest was lost' },
  ]
  assert.equal(stateOf(request('error', { summary: 'no\n machine' }, { notes })).reason, 'no machine')
  assert.equal(stateOf(request('error', null, { notes })).reason, 'the guest was lost')
  assert.match(stateOf(request('error')).reason ?? '', /no reason/)
})

test('what broke there may be gone next time, what the packager wrote is not', () => {
  const isTransient = (summary: string) => stateOf(request('error', { summary })).isTransient
  for (const summary of [
    'Failed to provision the guest',
    'Provisioning failed, guest invalid state',
    'connection to the guest timed out',
    '',
    'Internal error',
  ])
    assert.equal(isTransient(summary), true, summary)
  for (const summary of [
    'No plans found for name /plans/ci',
    'No tests found',
    'Could not clone git repository https://github.com/acme/hello',
    'Invalid plan',
    'Pipeline timed out after 720 minutes',
  ])
    assert.equal(isTransient(summary), false, summary)
  assert.equal(stateOf(request('complete', { overall: 'failed' })).isTransient, false)
  assert.equal(stateOf(request('complete', { overall: 'error' })).isTransient, true)
})

test('an answer without most of its members is read, one without id or state is none', () => {
  const read = readRequest({ id: 'x', state: 'new', result: null, run: null, environments_requested: null })
  assert.deepEqual([read?.artifacts, read?.overall, read?.environments], [null, null, []])
  for (const strange of [null, 'text', [], {}, { id: 'x' }, { id: 7, state: 'new' }])
    assert.equal(readRequest(strange), undefined)
})

test('times mean UTC, with a T or a blank', () => {
  const at = '2022-10-04T11:26:25.239Z'
  assert.equal(readTime('2022-10-04T11:26:25.239829')?.toISOString(), at)
  assert.equal(readTime('2022-10-04 11:26:25.239829')?.toISOString(), at)
  assert.equal(readTime('2022-10-04T13:26:25.239+02:00')?.toISOString(), at)
  assert.equal(readTime('yesterday'), null)
})

test('addresses of artifacts are web addresses or none', () => {
  const artifacts = (address: unknown) => request('running', null, { run: { artifacts: address } }).artifacts
  assert.equal(artifacts('https://a.example/x/'), 'https://a.example/x')
  for (const address of ['javascript:alert(1)', 'file:///etc/passwd', '//x', 7]) assert.equal(artifacts(address), null)
})

test('a refusal is told with the path of each error, in either form', () => {
  assert.deepEqual(readRefusal({ message: 'no' }), { text: 'no', hasErrors: false })
  assert.deepEqual(readRefusal({ errors: { environments: { 0: { arch: 'bad', os: { compose: ['worse'] } } } } }), {
    text: 'environments.0.arch: bad; environments.0.os.compose: worse',
    hasErrors: true,
  })
  assert.deepEqual(readRefusal({ errors: ['a', 'b'] })?.text, 'a; b')
  assert.equal(readRefusal('<html>'), null)
})
