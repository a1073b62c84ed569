import { useEffect, useRef, useState } from 'react'
import { isMissingLog, LOG_CHUNK, readLog, readLogIndex } from '../api/log.ts'
import { Alarm } from '../lib/alarm.ts'
import { BLOCK_BYTES, LogStore } from '../lib/log-store.ts'
import { useLive } from './live.tsx'

export interface LogSource {
  /** The API path of the log. */
  path: string
  step: 'srpm' | 'build' | 'test'
  id: number
  /** The step won't write any more: what isn't there now isn't kept. */
  hasEnded: boolean
  /** Bytes of the log as far as they are known: a big one is begun at its end. */
  size?: number | null
}

export interface LogState {
  /** API path. */
  path: string
  store: LogStore
  /** Rises whenever lines were added. */
  version: number
  /** Nothing more will come, and its end is here. */
  complete: boolean
  /** Everything that was written so far is known. */
  caughtUp: boolean
  /** It was still being written when its end was reached: there is something to follow. */
  isLive: boolean
  error: Error | null
  /** It was removed, or never written. */
  isGone: boolean
}

/** A quiet log is looked after this often, should its announcement have been lost. */
const QUIET_MS = 3_000
/** A log that grows all the time is drawn at most so often. */
const LEAST_WAIT_MS = 100
const LONGEST_WAIT_MS = 15_000

/** A log as it is and as it grows: read by parts, woken by the stream. Of a big one only the end is read at first. */
export function useLog({ path, step, id, hasEnded, size }: LogSource): LogState {
  const live = useLive()
  const [state, setState] = useState<LogState>(() => emptyLog(path))
  // asked for only when the log is missing: the end of a step must not start the reading anew
  const latest = useRef({ hasEnded, size })
  latest.current = { hasEnded, size }

  useEffect(() => {
    const abort = new AbortController()
    const alarm = new Alarm()
    abort.signal.addEventListener('abort', alarm.ring)
    const unwatch = live?.watchLog(step, id, alarm.ring)
    const start = emptyLog(path)
    setState(start)
    const tell = (news: Partial<LogState>) =>
      setState((before) => ({ ...before, ...news, version: before.version + 1 }))
    const reader = { path, store: start.store, signal: abort.signal, alarm, tell, mayJump: true }
    void follow({ ...reader, hasEnded: () => latest.current.hasEnded }, latest.current.size ?? 0)
    return () => {
      unwatch?.()
      abort.abort()
    }
  }, [live, path, step, id])

  return state
}

function emptyLog(path: string): LogState {
  return {
    path,
    store: new LogStore(),
    version: 0,
    complete: false,
    caughtUp: false,
    error: null,
    isGone: false,
    isLive: false,
  }
}

interface Reader {
  path: string
  store: LogStore
  signal: AbortSignal
  alarm: Alarm
  tell: (news: Partial<LogState>) => void
  hasEnded: () => boolean
  /** The service has an index, as far as is known. */
  mayJump: boolean
}

async function follow(reader: Reader, size: number): Promise<void> {
  let failures = 0
  let toRead = size
  while (!reader.signal.aborted) {
    try {
      if (toRead > LOG_CHUNK && reader.mayJump) await jump(reader)
      toRead = await readOn(reader)
      failures = 0
      if (toRead < 0) return
    } catch (error) {
      if (reader.signal.aborted) return
      if (isMissingLog(error) && reader.hasEnded()) {
        reader.tell({ complete: true, caughtUp: true, isGone: true })
        return
      }
      if (!isMissingLog(error)) reader.tell({ error: error instanceof Error ? error : new Error(String(error)) })
      await reader.alarm.wait(Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** failures++))
    }
  }
}

/** Passes over what nobody looks at yet; a service without an index has to be read from the beginning. */
async function jump(reader: Reader): Promise<void> {
  const index = await readLogIndex(reader.path, reader.signal)
  if (index?.blockBytes === BLOCK_BYTES) reader.store.jump(index)
  else reader.mayJump = false
}

/** Reads the next part, and waits for more when there is none. Gives how much is left to read; -1 at the end. */
async function readOn({ path, store, signal, alarm, tell }: Reader): Promise<number> {
  const part = await readLog(path, store.offset, signal)
  if (signal.aborted) return -1
  store.append(part.bytes)
  const left = Math.max(0, part.size - store.offset)
  const caughtUp = left === 0
  const isLive = caughtUp && !part.complete
  tell({ caughtUp, complete: caughtUp && part.complete, error: null, ...(isLive ? { isLive } : {}) })
  if (caughtUp && part.complete) return -1
  if (caughtUp) {
    await pause(LEAST_WAIT_MS)
    await alarm.wait(QUIET_MS)
  }
  return left
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
