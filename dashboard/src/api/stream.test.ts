import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keysOf, LiveUpdates } from './stream.ts'

/** An event source whose other end is the test. */
class FakeSource extends EventTarget {
  static CLOSED = 2
  static made: FakeSource[] = []
  readyState = 0
  constructor() {
    super()
    FakeSource.made.push(this)
  }
  close() {
    this.readyState = FakeSource.CLOSED
  }
  open() {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }
  giveUp() {
    this.readyState = FakeSource.CLOSED
    this.dispatchEvent(new Event('error'))
  }
  tell(change: object) {
    this.dispatchEvent(
      new MessageEvent('change', { data: JSON.stringify({ run: null, id: null, project: null, ...change }) }),
    )
  }
}

let live: LiveUpdates
let invalidate: ReturnType<typeof vi.fn>
beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  FakeSource.made = []
  const queries = new QueryClient()
  invalidate = vi.fn(async () => undefined)
  queries.invalidateQueries = invalidate as never
  live = new LiveUpdates(queries)
  live.start()
})
afterEach(() => {
  live.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
const source = () => FakeSource.made.at(-1) as FakeSource
const asked = () => invalidate.mock.calls.map(([filter]) => filter?.queryKey ?? 'everything')

test('a burst of changes asks each question once', () => {
  source().open()
  for (let i = 0; i < 10; i++) source().tell({ kind: 'run', run: 5, id: 5 })
  expect(asked()).toEqual([])
  vi.advanceTimersByTime(200)
  expect(asked()).toEqual([['run', 5], ['runs'], ['status'], ['compare']])
})

test('a log that grows wakes its reader, and no question', () => {
  const grown = vi.fn()
  live.watchLog('build', 9, grown)
  source().tell({ kind: 'log', step: 'build', id: 9, size: 120 })
  source().tell({ kind: 'log', step: 'srpm', id: 9, size: 500 })
  vi.advanceTimersByTime(200)
  expect(grown.mock.calls).toEqual([[120]])
  expect(asked()).toEqual([])
})

test('a source that gave up is opened anew with growing waits, and then everything is asked', () => {
  source().open()
  source().giveUp()
  expect(live.connection).toBe('lost')
  vi.advanceTimersByTime(1_000)
  expect(FakeSource.made.length).toBe(2)
  source().giveUp()
  vi.advanceTimersByTime(1_999)
  expect(FakeSource.made.length).toBe(2)
  vi.advanceTimersByTime(1)
  source().open()
  expect([live.connection, asked()]).toEqual(['open', ['everything']])
})

test('a resting page holds no connection, asks now and then, and streams again when it is looked at', () => {
  source().open()
  live.rest()
  expect(source().readyState).toBe(FakeSource.CLOSED)
  vi.advanceTimersByTime(60_000)
  expect([asked(), FakeSource.made.length]).toEqual([['everything'], 1])
  live.wake()
  expect(FakeSource.made.length).toBe(2)
  source().open()
  vi.advanceTimersByTime(300_000)
  expect(asked()).toEqual(['everything', 'everything'])
})

test('“reset” asks everything anew', () => {
  source().dispatchEvent(new MessageEvent('reset', { data: '{}' }))
  expect(asked()).toEqual(['everything'])
})

test('a change makes old what it is about', () => {
  const none = { run: null, id: null, project: null }
  expect(keysOf({ ...none, kind: 'check', run: 5 })).toEqual([['run', 5]])
  expect(keysOf({ ...none, kind: 'build', run: 5, id: 9 })).toEqual([['run', 5], ['jobs'], ['build', 9], ['runs']])
  expect(keysOf({ ...none, kind: 'run', run: 5 })).toEqual([['run', 5], ['runs'], ['status'], ['compare']])
  expect(keysOf({ ...none, kind: 'project', project: 'github.com/a/b' })).toEqual([
    ['project', 'github.com/a/b'],
    ['projects'],
  ])
})
