import type { Cause, CauseStep } from '../domain/cause/cause.ts'
import { findCause } from '../domain/cause/find-cause.ts'
import type { Storage } from '../storage/storage.ts'

/** More of a log than this is not searched for the cause; errors stand at its end. */
const MOST_BYTES = 16 * 2 ** 20
const CHUNK_BYTES = 2 ** 20
const LINE_FEED = 0x0a

/** The cause of a failure, found at the end of a stored log; the numbers of its lines are those of the whole log. */
export async function findStoredCause(
  storage: Pick<Storage, 'range'>,
  key: string,
  step: CauseStep,
  mostBytes = MOST_BYTES,
): Promise<Cause> {
  const { text, linesBefore } = await readLogEnd(storage, key, mostBytes)
  const cause = findCause(text, step)
  if (linesBefore === 0) return cause
  const lines = cause.lines.map((line) => ({ ...line, number: line.number + linesBefore }))
  return { ...cause, lines, line: cause.line === null ? null : cause.line + linesBefore }
}

/** The end of a stored log, cut at a line start; `''` when there is none. */
async function readLogEnd(
  storage: Pick<Storage, 'range'>,
  key: string,
  mostBytes: number,
): Promise<{ text: string; linesBefore: number }> {
  const end = await storage.range(key, -mostBytes, mostBytes)
  if (!end) return { text: '', linesBefore: 0 }
  if (end.start === 0) return { text: end.data.toString(), linesBefore: 0 }
  const cut = end.data.indexOf(LINE_FEED) + 1
  const linesBefore = await countLines(storage, key, end.start + cut)
  return { text: end.data.subarray(cut).toString(), linesBefore }
}

async function countLines(storage: Pick<Storage, 'range'>, key: string, until: number): Promise<number> {
  let lines = 0
  for (let start = 0; start < until; start += CHUNK_BYTES) {
    const range = await storage.range(key, start, Math.min(CHUNK_BYTES, until - start))
    for (const byte of range?.data ?? []) if (byte === LINE_FEED) lines++
  }
  return lines
}
