import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client, pageOf } from './client.ts'
import { PER_PAGE } from './list-filter.ts'
import { keyOf, type ProjectPath } from './queries.ts'
import type { components } from './schema.ts'

type Schemas = components['schemas']
export type GridEntry = Schemas['GridEntry']
export type GridCell = Schemas['GridCell']
export type StepStatistics = Schemas['StepStatistics']
export type ProjectStatistics = Schemas['ProjectStatistics']
export type ProjectConfig = Schemas['ProjectConfig']
export type ProjectUsage = Schemas['ProjectUsage']
export type GridKind = GridEntry['kind']

/** Counted anew every few minutes. */
const RENEWED_MS = 3 * 60_000
const AT = '/api/projects/{forge}/{namespace}/{repo}'

/** Where a page of the grid begins, and what it holds. */
export interface GridFilter {
  /** Left out: all three. */
  kind?: GridKind | undefined
  after?: number | undefined
}

/** Latest states by target; `next` is where the following page begins. */
export const gridQuery = (path: ProjectPath, filter: GridFilter) =>
  queryOptions({
    queryKey: ['project', keyOf(path), 'grid', filter],
    queryFn: async ({ signal }) => {
      const query = {
        per_page: PER_PAGE,
        ...(filter.kind === undefined ? {} : { kind: filter.kind }),
        ...(filter.after === undefined ? {} : { after: filter.after }),
      }
      const answer = await client.GET(`${AT}/grid`, { params: { path, query }, signal })
      return { rows: bodyOf<GridEntry[]>(answer), next: cursorOf(answer.response.headers.get('link')) }
    },
  })

/** The cursor of the next page, out of a `Link` header; null on the last page. */
export function cursorOf(link: string | null): number | null {
  const next = (link ?? '').split(',').find((part) => part.includes('rel="next"'))
  const after = /[?&]after=(\d+)/.exec(next ?? '')?.[1]
  return after === undefined ? null : Number(after)
}

export const statisticsQuery = (path: ProjectPath, days: number) =>
  queryOptions({
    queryKey: ['project', keyOf(path), 'statistics', days],
    queryFn: async ({ signal }) =>
      bodyOf(await client.GET(`${AT}/statistics`, { params: { path, query: { days } }, signal })),
  })

/** The package configuration as it was understood last; null where none is kept yet. */
export const configQuery = (path: ProjectPath) =>
  queryOptions({
    queryKey: ['project', keyOf(path), 'config'],
    queryFn: async ({ signal }) => {
      const answer = await client.GET(`${AT}/config`, { params: { path }, signal })
      return answer.response.status === 404 ? null : bodyOf(answer)
    },
  })

/** Numbers of issues that asked for something. */
export const issuesQuery = (path: ProjectPath, page: number) =>
  queryOptions({
    queryKey: ['project', keyOf(path), 'issues', page],
    queryFn: async ({ signal }) =>
      pageOf(await client.GET(`${AT}/issues`, { params: { path, query: { page, per_page: PER_PAGE } }, signal })),
  })

/**
 * What a project had, and its place among all.
 *
 * @param since  a day in UTC, `YYYY-MM-DD`
 */
export const projectUsageQuery = (path: ProjectPath, since: string) =>
  queryOptions({
    queryKey: ['usage', 'project', keyOf(path), since],
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET('/api/usage/project/{forge}/{namespace}/{repo}', {
          params: { path, query: { from: since } },
          signal,
        }),
      ),
    staleTime: RENEWED_MS,
    refetchInterval: RENEWED_MS,
  })
