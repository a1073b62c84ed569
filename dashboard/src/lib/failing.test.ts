import { expect, test } from 'vitest'
import { makeRun, triggerOf } from '../../test/fixtures.ts'
import { failingRuns } from './failing.ts'
import type { State } from './state.ts'

const run = (id: number, pr: number, state: State, name = 'hello') =>
  makeRun(id, { trigger: triggerOf('acme', 'hello', pr), state, package: name })
const ids = (runs: { merged_run_id: number }[]) => runs.map((each) => each.merged_run_id)

test('of each pull request the newest ended run counts', () => {
  expect(
    ids(failingRuns([run(4, 1, 'success'), run(3, 2, 'error'), run(2, 1, 'failure'), run(1, 2, 'failure')])),
  ).toEqual([3])
})

test('a failure stays one while its next run goes on, or was called off', () => {
  expect(ids(failingRuns([run(3, 1, 'running'), run(2, 1, 'canceled'), run(1, 1, 'failure')]))).toEqual([1])
})

test('packages of one change fail each for itself', () => {
  expect(ids(failingRuns([run(2, 1, 'success', 'a'), run(1, 1, 'failure', 'b')]))).toEqual([1])
})
