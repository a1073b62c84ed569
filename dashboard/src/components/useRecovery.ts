import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ApiError } from '../api/errors.ts'
import { useConnection } from './live.tsx'

/** A service that failed is asked again this often. */
const AGAIN_MS = 10_000

/**
 * Shows a page again by itself once the service can answer: what failed is asked for behind the error, so that nothing
 * flickers meanwhile.
 */
export function useRecovery(error: unknown, onRecovered: () => void): void {
  const queries = useQueryClient()
  // its coming back is the best moment to ask
  const connection = useConnection()
  const recovered = useRef(onRecovered)
  useEffect(() => {
    recovered.current = onRecovered
  })
  useEffect(() => {
    if (!mayPass(error)) return
    let timer: ReturnType<typeof setTimeout>
    let isOver = false
    const ask = async () => {
      // others may have asked meanwhile: the error is then another one of the same words, or gone
      const failed = queries.getQueryCache().findAll({ predicate: ({ state }) => isSame(state.error, error) })
      await Promise.all(failed.map((query) => query.fetch().catch(() => undefined)))
      if (isOver) return
      if (failed.length === 0 || failed.some((query) => query.state.status === 'success')) recovered.current()
      else timer = setTimeout(ask, AGAIN_MS)
    }
    timer = setTimeout(ask, connection === 'open' ? AGAIN_MS / 5 : AGAIN_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [error, connection, queries])
}

function isSame(one: Error | null, other: ApiError): boolean {
  return one instanceof ApiError && one.status === other.status && one.message === other.message
}

/** Whether it may be otherwise in a while: no answer, too much to do, or a fault of the service. */
function mayPass(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500)
}
