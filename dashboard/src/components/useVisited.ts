import { useEffect } from 'react'
import { recent, remember } from '../lib/recent.ts'

/** Notes that this page was looked at, for the search field. `page` is its path without the prefix; null for one that is none. */
export function useVisited(page: string | null, label: string, detail: string | null): void {
  useEffect(() => {
    if (page !== null) recent.set(remember(recent.get(), { page, label, detail }))
  }, [page, label, detail])
}
