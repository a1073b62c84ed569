import { useCallback, useEffect, useRef, useState } from 'react'
import { readLogPart } from '../api/log.ts'
import type { LineRange } from '../lib/lines.ts'
import { MOST_FOUND, LogSearch as Search } from '../lib/log-search.ts'
import type { LogState } from './useLog.ts'

const RETRY_MS = 2_000
/** Whoever types goes on. */
const TYPING_MS = 150
const LOOK_AGAIN_MS = 400

/** Fetches lines that are looked at and not here: one part at a time, and always the newest wish. */
export function useLogParts({ store, path, version }: LogState, { first, last }: LineRange): void {
  const [, setFetched] = useState(0)
  const wish = useRef({ first, last })
  const loader = useRef<AbortController | null>(null)
  wish.current = { first, last }

  const load = useCallback(async () => {
    const abort = new AbortController()
    loader.current = abort
    for (;;) {
      const part = store.missing(wish.current.first, wish.current.last)
      if (!part || abort.signal.aborted) break
      try {
        store.put(part, await readLogPart(path, part.from, part.to, abort.signal))
        setFetched((count) => count + 1)
      } catch {
        if (!abort.signal.aborted) await pause(RETRY_MS)
      }
    }
    if (loader.current === abort) loader.current = null
  }, [store, path])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a wish or a version is what may miss something
  useEffect(() => {
    if (loader.current === null && store.missing(first, last)) void load()
  }, [load, store, first, last, version])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another log ends the fetching of this one
  useEffect(() => () => endLoading(loader), [load])
}

function endLoading(loader: { current: AbortController | null }): void {
  loader.current?.abort()
  loader.current = null
}

export interface Found {
  lines: readonly number[]
  /** How much of the log was looked through, from 0 to 1; null while nothing is looked for. */
  share: number | null
  /** All that is written was looked through, or as much as is listed. */
  isDone: boolean
}

const NOTHING: Found = { lines: [], share: null, isDone: true }

/** Looks for a text through the whole log, in the background; an empty text looks for nothing. */
export function useLogSearch(log: LogState, text: string): Found {
  const [found, setFound] = useState<Found>(NOTHING)
  const latest = useRef(log)
  latest.current = log
  const { store, path } = log

  useEffect(() => {
    setFound(NOTHING)
    if (text.length < 2) return
    const abort = new AbortController()
    const { signal } = abort
    const search = new Search(text, store, (part) => readLogPart(path, part.from, part.to, signal))
    void searchOn(search, () => latest.current, setFound, signal)
    return () => abort.abort()
  }, [store, path, text])

  return found
}

async function searchOn(
  search: Search,
  current: () => LogState,
  tell: (found: Found) => void,
  signal: AbortSignal,
): Promise<void> {
  await pause(TYPING_MS)
  while (!signal.aborted) {
    const { store, complete, caughtUp } = current()
    const end = complete ? store.lineCount : store.completeLines
    const more = await search.step(end).catch(() => null)
    if (signal.aborted) return
    const isDone = search.next > end && caughtUp
    const isFull = search.found.length >= MOST_FOUND
    if (more !== false || isDone) {
      tell({
        lines: [...search.found],
        share: Math.min(1, (search.next - 1) / Math.max(1, end)),
        isDone: isDone || isFull,
      })
    }
    if (isFull || (isDone && complete)) return
    // a part that could not be read is tried again, a log that grows looked at again
    await pause(more === null ? RETRY_MS : more ? 0 : LOOK_AGAIN_MS)
  }
}

/** The lines from one to another as they are in the log, fetched where they are not here. */
export async function readLines({ store, path }: LogState, { first, last }: LineRange): Promise<string> {
  const lines: string[] = []
  for (let number = first; number <= Math.min(last, store.lineCount); number++) {
    const part = store.missing(number, number)
    if (part) store.put(part, await readLogPart(path, part.from, part.to))
    lines.push(store.line(number) ?? '')
  }
  return lines.join('\n')
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
