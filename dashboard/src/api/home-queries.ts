import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from './client.ts'

/** The newest run of something watched; null where there is none. It is asked for anew with its project alone. */
export const newestQuery = ({ project, pr }: { project: string; pr: number | null }) =>
  queryOptions({
    queryKey: ['project', project, 'newest', pr],
    queryFn: async ({ signal }) => {
      const query = { project, per_page: 1, ...(pr === null ? {} : { pr }) }
      return bodyOf(await client.GET('/api/runs', { params: { query }, signal }))[0] ?? null
    },
  })
