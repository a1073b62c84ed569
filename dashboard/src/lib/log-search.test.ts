import { expect, test } from 'vitest'
import { LogSearch, MOST_FOUND } from './log-search.ts'
import { LogStore } from './log-store.ts'

function storeOf(text: string) {
  const bytes = new TextEncoder().encode(text)
  const store = new LogStore()
  for (let at = 0; at < bytes.length; at += 1_000_000) store.append(bytes.subarray(at, at + 1_000_000))
  const asked: number[] = []
  const read = async ({ from, to }: { from: number; to: number }) => {
    asked.push(to - from)
    return bytes.subarray(from, to)
  }
  return { store, read, asked }
}

async function findAll(search: LogSearch, end: number): Promise<number[]> {
  while (await search.step(end)) if (search.next > end + 1) throw new Error('too far')
  return search.found
}

test('a text is found whatever its case, with the numbers of its lines', async () => {
  const { store, read, asked } = storeOf('one\nError: two\nthree\nan ERROR\n')
  expect(await findAll(new LogSearch('error', store, read), store.lineCount)).toEqual([2, 4])
  expect(asked).toEqual([])
})

test('what is not in memory is read a megabyte at a time, each line is looked at once', async () => {
  const lines = Array.from({ length: 300_000 }, (_, i) => `a line of the log with the number ${i + 1};`)
  const { store, read, asked } = storeOf(`${lines.join('\n')}\n`)
  expect(store.line(5)).toBeUndefined()
  expect(await findAll(new LogSearch(' 77', store, read), store.lineCount)).toEqual(
    lines.flatMap((line, i) => (line.includes(' 77') ? [i + 1] : [])),
  )
  expect(Math.max(...asked)).toBeLessThan(1_100_000)
})

test('a search goes on where it stopped when the log has grown, and lists no more than it may', async () => {
  const { store, read } = storeOf('x\nx\n')
  const search = new LogSearch('x', store, read)
  await findAll(search, 2)
  store.append(new TextEncoder().encode('x\ny\nx\n'))
  expect(await findAll(search, 5)).toEqual([1, 2, 3, 5])

  const many = storeOf('x\n'.repeat(MOST_FOUND + 500))
  expect(await findAll(new LogSearch('x', many.store, many.read), many.store.lineCount)).toHaveLength(MOST_FOUND)
})
