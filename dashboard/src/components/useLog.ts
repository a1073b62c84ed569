import { useEffect, useRef, useState } from 'react'
import { isMissingLog, readLog } from '../api/log.ts'
import { Alarm } from '../lib/alarm.ts'
import { LogBuffer } from '../lib/log-buffer.ts'
import { useLive } from './live.tsx'

export interface LogSource {
  /** The API path of the log. */
  path: string
  step: 'srpm' | 'build'
  id: number
  /** The step won't write any more: what isn't there now isn't kept. */
  hasEnded: boolean
}

export interface LogState {
  buffer: LogBuffer
  /** Rises whenever lines were added. */
  version: number
  /** Nothing more will come, and all of it is here. */
  complete: boolean
  /** Everything that was written so far is here. */
  caughtUp: boolean
  /** It was still being written when its end was reached: there is something to follow. */
  isLive: boolean
  error: Error | null
  /** It was removed, or never written. */
  isGone: boolean
}

/** A quiet log is looked after this often, should its announcement have been lost. */
const QUIET_MS = 3_000
const LONGEST_WAIT_MS = 15_000

/** A log as it is and as it grows: read by parts, woken by the stream. */
export function useLog({ path, step, id, hasEnded }: LogSource): LogState {
  const live = useLive()
  const [state, setState] = useState<LogState>(emptyLog)
  // asked for only when the log is missing: the end of a step must not start the reading anew
  const ended = useRef(hasEnded)
  ended.current = hasEnded

  useEffect(() => {
    const abort = new AbortController()
    const alarm = new Alarm()
    abort.signal.addEventListener('abort', alarm.ring)
    const unwatch = live?.watchLog(step, id, alarm.ring)
    const start = emptyLog()
    setState(start)
    const tell = (news: Partial<LogState>) =>
      setState((before) => ({ ...before, ...news, version: before.version + 1 }))
    void follow({ path, buffer: start.buffer, signal: abort.signal, alarm, tell, hasEnded: () => ended.current })
    return () => {
      unwatch?.()
      abort.abort()
    }
  }, [live, path, step, id])

  return state
}

function emptyLog(): LogState {
  return {
    buffer: new LogBuffer(),
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
  buffer: LogBuffer
  signal: AbortSignal
  alarm: Alarm
  tell: (news: Partial<LogState>) => void
  hasEnded: () => boolean
}

async function follow(reader: Reader): Promise<void> {
  let failures = 0
  while (!reader.signal.aborted) {
    try {
      const done = await readOn(reader)
      failures = 0
      if (done) return
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

/** Reads the next part, and waits for more when there is none. True at the end of the log. */
async function readOn({ path, buffer, signal, alarm, tell }: Reader): Promise<boolean> {
  const part = await readLog(path, buffer.offset, signal)
  if (signal.aborted) return true
  buffer.append(part.bytes)
  const caughtUp = buffer.offset >= part.size
  const isLive = caughtUp && !part.complete
  tell({ caughtUp, complete: caughtUp && part.complete, error: null, ...(isLive ? { isLive } : {}) })
  if (caughtUp && part.complete) return true
  if (caughtUp) await alarm.wait(QUIET_MS)
  return false
}
