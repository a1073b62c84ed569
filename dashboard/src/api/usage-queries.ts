import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from './client.ts'

/** What it answers is made anew every few minutes. */
const RENEWED_MS = 3 * 60_000

type Past = 'past-day' | 'past-week' | 'past-month' | 'past-year' | 'total'

/** Counts of a period that ends now. */
export const usageQuery = (past: Past) =>
  queryOptions({
    queryKey: ['usage', past],
    queryFn: async ({ signal }) => bodyOf(await client.GET(`/api/usage/${past}`, { signal })),
    staleTime: RENEWED_MS,
    refetchInterval: RENEWED_MS,
  })

/** Counts of so many intervals of so many days and hours, the last of which ends now. */
export const intervalsQuery = (intervals: { days: number; hours: number; count: number }) =>
  queryOptions({
    queryKey: ['usage', intervals],
    // the answer redirects to that of an id, where it is found in the description
    queryFn: async ({ signal }) =>
      bodyOf<IntervalUsage>(
        (await client.GET('/api/usage/intervals', { params: { query: intervals }, signal })) as Answer,
      ),
    staleTime: RENEWED_MS,
    refetchInterval: RENEWED_MS,
  })

type IntervalUsage = import('./schema.ts').components['schemas']['IntervalUsage']
interface Answer {
  data?: IntervalUsage
  error?: unknown
  response: Response
}
