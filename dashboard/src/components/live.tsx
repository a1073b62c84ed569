import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react'
import { type Connection, LiveUpdates } from '../api/stream.ts'

const LiveContext = createContext<LiveUpdates | null>(null)

/** Keeps the live connection open as long as the pages are. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [live] = useState(() => new LiveUpdates(queries))
  useEffect(() => {
    live.start()
    return () => live.stop()
  }, [live])
  return <LiveContext value={live}>{children}</LiveContext>
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
