import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react'
import { type Connection, LiveUpdates } from '../api/stream.ts'

/** A tab that was left for longer than this rests. */
const HIDDEN_MS = 30_000

const LiveContext = createContext<LiveUpdates | null>(null)

/** Keeps the live connection open as long as the pages are. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [live] = useState(() => new LiveUpdates(queries))
  useEffect(() => {
    live.start()
    const unwatch = watchVisibility(live)
    return () => {
      unwatch()
      live.stop()
    }
  }, [live])
  return <LiveContext value={live}>{children}</LiveContext>
}

function watchVisibility(live: LiveUpdates): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const changed = () => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(() => live.rest(), HIDDEN_MS)
    else live.wake()
  }
  document.addEventListener('visibilitychange', changed)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', changed)
  }
}

/** The live connection; null outside of `LiveProvider`, where nothing changes by itself. */
export function useLive(): LiveUpdates | null {
  return use(LiveContext)
}

const NEVER = () => () => undefined

export function useConnection(): Connection {
  const live = useLive()
  return useSyncExternalStore(live?.watch ?? NEVER, () => live?.connection ?? 'connecting')
}
