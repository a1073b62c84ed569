import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { makeRun } from '../../../test/fixtures.ts'
import { runId } from '../RunTable.tsx'
import { useAnnounced } from './announced.tsx'

afterEach(cleanup)
const ids = (runs: readonly { merged_run_id: number }[]) => runs.map((run) => run.merged_run_id)

test('new rows wait until they are asked for', () => {
  const { result, rerender } = renderHook(({ latest }) => useAnnounced(latest, runId), {
    initialProps: { latest: [makeRun(2), makeRun(1)] },
  })
  rerender({ latest: [makeRun(4), makeRun(3), makeRun(2)] })
  expect([ids(result.current.shown), result.current.waiting]).toEqual([[2], 2])
  act(() => result.current.showAll())
  expect([ids(result.current.shown), result.current.waiting]).toEqual([[4, 3, 2], 0])
})

test('into an empty list the first rows come at once', () => {
  const { result, rerender } = renderHook(({ latest }) => useAnnounced(latest, runId), {
    initialProps: { latest: [] as ReturnType<typeof makeRun>[] },
  })
  rerender({ latest: [makeRun(1)] })
  expect([ids(result.current.shown), result.current.waiting]).toEqual([[1], 0])
})
