import { keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query'
import { bodyOf, client, pageOf } from './client.ts'
import { ApiError, isTemporary, MAX_RETRIES, retryDelay } from './errors.ts'
import { asked, type ListFilter, PER_PAGE } from './list-filter.ts'
import type { paths } from './schema.ts'

/** Of a list; its words are checked by the service, which says what is wrong with them. */
type RunsParameters = NonNullable<paths['/api/runs']['get']['parameters']['query']>

/** Asked again this often when the service can't say by itself what changed. */
const SLOW_POLL_MS = 30_000

/** The cache, with the manners of our questions: three more tries, growing waits, the last answer stays. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < MAX_RETRIES && isTemporary(error),
        retryDelay,
        staleTime: SLOW_POLL_MS,
        // a service on this very machine answers without any network
        networkMode: 'always',
        // what failed to renew is asked for again, so that a page mends itself
        refetchInterval: (query) => (query.state.status === 'error' || query.state.error ? SLOW_POLL_MS / 2 : false),
      },
    },
  })
}

export const runsQuery = (filter: ListFilter = {}) =>
  queryOptions({
    queryKey: ['runs', filter],
    queryFn: async ({ signal }) =>
      pageOf(await client.GET('/api/runs', { params: { query: asked(filter) as RunsParameters }, signal })),
  })

export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: async ({ signal }) =>
      bodyOf(await client.GET('/api/runs/merged/{id}', { params: { path: { id } }, signal })),
  })

export const srpmQuery = (id: number) =>
  queryOptions({
    queryKey: ['srpm', id],
    queryFn: async ({ signal }) =>
      bodyOf(await client.GET('/api/srpm-builds/{id}', { params: { path: { id } }, signal })),
  })

export const rpmQuery = (id: number) =>
  queryOptions({
    queryKey: ['build', id],
    queryFn: async ({ signal }) =>
      bodyOf(await client.GET('/api/copr-builds/{id}', { params: { path: { id } }, signal })),
  })

export interface ProjectFilter {
  q?: string | undefined
  forge?: string
  namespace?: string
  page?: number | undefined
}

export const projectsQuery = (filter: ProjectFilter) =>
  queryOptions({
    queryKey: ['projects', filter],
    queryFn: async ({ signal }) =>
      pageOf(
        await client.GET('/api/projects', { params: { query: { per_page: PER_PAGE, ...given(filter) } }, signal }),
      ),
    placeholderData: keepPreviousData,
  })

/** A project's address in three parts; the namespace may hold slashes. */
export interface ProjectPath {
  forge: string
  namespace: string
  repo: string
}

/** One project; null where no project has this path. */
export const projectQuery = (path: ProjectPath) =>
  queryOptions({
    queryKey: ['project', keyOf(path)],
    queryFn: async ({ signal }) => {
      const answer = await client.GET('/api/projects/{forge}/{namespace}/{repo}', { params: { path }, signal })
      return answer.response.status === 404 ? null : bodyOf(answer)
    },
  })

export const pullRequestsQuery = (path: ProjectPath, page = 1) =>
  queryOptions({
    queryKey: ['project', keyOf(path), 'prs', page],
    queryFn: async ({ signal }) =>
      pageOf(
        await client.GET('/api/projects/{forge}/{namespace}/{repo}/prs', {
          params: { path, query: { page, per_page: PER_PAGE } },
          signal,
        }),
      ),
  })

export const branchesQuery = (path: ProjectPath, page = 1) =>
  queryOptions({
    queryKey: ['project', keyOf(path), 'branches', page],
    queryFn: async ({ signal }) =>
      pageOf(
        await client.GET('/api/projects/{forge}/{namespace}/{repo}/branches', {
          params: { path, query: { page, per_page: PER_PAGE } },
          signal,
        }),
      ),
  })

export const releasesQuery = (path: ProjectPath, page = 1) =>
  queryOptions({
    queryKey: ['project', keyOf(path), 'releases', page],
    queryFn: async ({ signal }) =>
      pageOf(
        await client.GET('/api/projects/{forge}/{namespace}/{repo}/releases', {
          params: { path, query: { page, per_page: PER_PAGE } },
          signal,
        }),
      ),
  })

export const statusQuery = () =>
  queryOptions({
    queryKey: ['status'],
    queryFn: async ({ signal }) => bodyOf(await client.GET('/api/status', { signal })),
    refetchInterval: SLOW_POLL_MS,
  })

/** `forge/namespace/repo`, as the stream names a project. */
export function keyOf({ forge, namespace, repo }: ProjectPath): string {
  return `${forge}/${namespace}/${repo}`
}

/** A number out of an address; throws "not found" for anything else, without asking the service. */
export function idFrom(text: string): number {
  const id = Number(text)
  if (!/^\d{1,15}$/.test(text) || id < 1) throw new ApiError(404, `“${text}” is not a number of a run or build.`)
  return id
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Only the filters that were given: an address must not say `q=undefined`. */
function given<T extends object>(filter: T): Given<T> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Given<T>
}
