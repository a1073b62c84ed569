import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from './client.ts'

/** Longer texts are refused, and would find nothing. */
const LONGEST = 300

/** Everything that has a name, by part of it. A question that is no longer wanted is called off. */
export const searchQuery = (text: string) =>
  queryOptions({
    queryKey: ['search', text],
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET('/api/search', {
          params: { query: { q: text.replaceAll('\0', '').slice(0, LONGEST), limit: 5 } },
          signal,
        }),
      ),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  })
