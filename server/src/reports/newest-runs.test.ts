import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pipeline } from '../db/runs.ts'
import { newestRuns } from './report-event.ts'

const pipeline = (id: number, set: Partial<Pipeline>) =>
  ({
    id,
    mergedRunId: id,
    package: '',
    identifier: '',
    attempt: 1,
    srpmBuildId: null,
    buildGroupId: null,
    ...set,
  }) as Pipeline

const waited = pipeline(1, { state: 'skipped' })
const built = pipeline(2, { attempt: 2, identifier: 'x', srpmBuildId: 1, state: 'success' })

test('an attempt that waited for approval is replaced by the one that is built, of whatever package', () => {
  assert.deepEqual(newestRuns([waited]), [1])
  assert.deepEqual(newestRuns([waited, built]), [2])
})

test('an attempt that was refused replaces nothing that was built; one that broke is shown', () => {
  assert.deepEqual(newestRuns([waited, built, pipeline(3, { attempt: 3, state: 'skipped' })]), [2])
  assert.deepEqual(newestRuns([built, pipeline(3, { attempt: 3, state: 'error' })]), [2, 3])
})
