import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client, pageOf } from './client.ts'
import { asked, type ListFilter } from './list-filter.ts'
import type { paths } from './schema.ts'

/** Of the list; its words are checked by the service, which says what is wrong with them. */
type Parameters = NonNullable<paths['/api/deliveries']['get']['parameters']['query']>

/** The stream tells nothing of deliveries: they are looked after by who reads them. */
const LOOK_MS = 10_000
const WAITING_MS = 1_000

/** Deliveries and what came of them, newest first. */
export const deliveriesQuery = ({ status, ...filter }: ListFilter) =>
  queryOptions({
    queryKey: ['deliveries', { status, ...filter }],
    queryFn: async ({ signal }) => {
      const query = { ...asked(filter), ...(status === undefined ? {} : { state: status }) } as Parameters
      return pageOf(await client.GET('/api/deliveries', { params: { query }, signal }))
    },
    refetchInterval: LOOK_MS,
  })

export const deliveryQuery = (id: number) =>
  queryOptions({
    queryKey: ['delivery', id],
    queryFn: async ({ signal }) =>
      bodyOf(await client.GET('/api/deliveries/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'received' ? WAITING_MS : false),
  })
