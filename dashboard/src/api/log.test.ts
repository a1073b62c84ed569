import { afterEach, expect, test, vi } from 'vitest'
import { readLog } from './log.ts'

function answer(status: number, body: string | null, headers: Record<string, string> = {}) {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(body, { status, headers })),
  )
}
afterEach(() => vi.unstubAllGlobals())

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('a part tells how long the log is, and whether more will come', async () => {
  answer(206, 'bcde', { 'content-range': 'bytes 1-4/9', 'x-log-state': 'open' })
  const part = await readLog('/api/srpm-builds/7/log', 2)
  expect([text(part.bytes), part.size, part.complete]).toEqual(['cde', 9, false])
  expect(vi.mocked(fetch).mock.calls[0]?.[1]?.headers).toEqual({ range: 'bytes=1-1048577' })
})

test('asking at the end of a log that has nothing new gives nothing', async () => {
  answer(206, 'i', { 'content-range': 'bytes 8-8/9', 'x-log-state': 'complete' })
  expect(await readLog('/api/x/log', 9)).toEqual({ bytes: new Uint8Array(), size: 9, complete: true })
})

test('asking past the end gives nothing, not an error', async () => {
  answer(416, null, { 'content-range': 'bytes */9', 'x-log-state': 'complete' })
  expect(await readLog('/api/x/log', 9)).toEqual({ bytes: new Uint8Array(), size: 9, complete: true })
})

test('a proxy that sends the whole log is understood', async () => {
  answer(200, 'abcdef', { 'x-log-state': 'complete' })
  const part = await readLog('/api/x/log', 4)
  expect([text(part.bytes), part.size]).toEqual(['ef', 6])
})

test('an empty log that will grow is empty', async () => {
  answer(200, '', { 'x-log-state': 'open' })
  expect(await readLog('/api/x/log', 0)).toEqual({ bytes: new Uint8Array(), size: 0, complete: false })
})

test('an error carries the words of the service', async () => {
  answer(410, JSON.stringify({ detail: 'This log has expired' }))
  await expect(readLog('/api/x/log', 0)).rejects.toThrow('This log has expired')
})
