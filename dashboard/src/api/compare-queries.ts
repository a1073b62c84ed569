import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from './client.ts'
import type { components } from './schema.ts'

export type Comparison = components['schemas']['Comparison']
export type ComparedRun = components['schemas']['ComparedRun']
export type ComparedStep = components['schemas']['ComparedStep']
export type StepChange = ComparedStep['change']

/** What became of each step from run `a` to run `b`. */
export const compareQuery = (a: number, b: number) =>
  queryOptions({
    queryKey: ['compare', a, b],
    queryFn: async ({ signal }) => bodyOf(await client.GET('/api/compare', { params: { query: { a, b } }, signal })),
  })
