import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client, pageOf } from './client.ts'
import { asked, type ListFilter } from './list-filter.ts'
import type { paths } from './schema.ts'

/** Lists of jobs: their names in addresses, and where the API has them. */
const LISTS = {
  copr: '/api/copr-builds',
  srpm: '/api/srpm-builds',
  'testing-farm': '/api/testing-farm/results',
  koji: '/api/koji-builds',
  'koji-downstream': '/api/koji-builds',
  'koji-tag-requests': '/api/koji-tag-requests',
  bodhi: '/api/bodhi-updates',
  'propose-downstream': '/api/propose-downstream',
  'pull-from-upstream': '/api/pull-from-upstream',
  openscanhub: '/api/openscanhub-scans',
  'log-detective': '/api/log-detective',
} as const satisfies Record<string, keyof paths>

export type JobList = keyof typeof LISTS
type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 206: { content: { 'application/json': infer T } } } }
}
  ? T
  : never
/** What one entry of a list holds. */
export type Entry<L extends JobList> = Answer<(typeof LISTS)[L]> extends readonly (infer T)[] ? T : never

const FIXED: Partial<Record<JobList, object>> = { koji: { scratch: true }, 'koji-downstream': { scratch: false } }

/** The client, for paths that are one of several: which answer belongs to which is said by the types above. */
const get = client.GET as unknown as (
  path: string,
  options: { params: object; signal: AbortSignal },
) => Promise<{ data?: never; error?: unknown; response: Response }>

/** A list of jobs, newest first unless the filter says otherwise. */
export const jobListQuery = <L extends JobList>(list: L, filter: ListFilter) =>
  queryOptions({
    queryKey: ['jobs', list, filter],
    queryFn: async ({ signal }) => {
      // the filter's words are checked by the service, which says what is wrong with them
      const query = { ...asked(filter), ...FIXED[list] }
      return pageOf<Entry<L>>(await get(LISTS[list], { params: { query }, signal }))
    },
  })

const DETAILS = {
  'testing-farm': '/api/testing-farm/{id}',
  koji: '/api/koji-builds/{id}',
  'koji-tag-request': '/api/koji-tag-requests/{id}',
  bodhi: '/api/bodhi-updates/{id}',
  'propose-downstream': '/api/propose-downstream/{id}',
  'pull-from-upstream': '/api/pull-from-upstream/{id}',
  openscanhub: '/api/openscanhub-scans/{id}',
  'log-detective': '/api/log-detective/{id}',
  'log-detective-group': '/api/log-detective/groups/{id}',
} as const satisfies Record<string, keyof paths>

export type JobDetail = keyof typeof DETAILS
/** What the API says of one job. */
export type Job<D extends JobDetail> = paths[(typeof DETAILS)[D]] extends {
  get: { responses: { 200: { content: { 'application/json': infer T } } } }
}
  ? T
  : never

/** How often a job that runs elsewhere is asked after: the stream tells nothing of it. */
const RUNNING_MS = 15_000

export const jobQuery = <D extends JobDetail>(kind: D, id: number) =>
  queryOptions({
    queryKey: ['job', kind, id],
    queryFn: async ({ signal }) => bodyOf<Job<D>>(await get(DETAILS[kind], { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => {
      const job = state.data as { state?: string } | undefined
      return job?.state === 'pending' || job?.state === 'running' ? RUNNING_MS : false
    },
  })
