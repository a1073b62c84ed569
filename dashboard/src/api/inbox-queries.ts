import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { bodyOf, client, pageOf } from './client.ts'
import { asked, type ListFilter } from './list-filter.ts'
import type { paths } from './schema.ts'

/** Of the list; its words are checked by the service, which says what is wrong with them. */
type Parameters = NonNullable<paths['/api/deliveries']['get']['parameters']['query']>

/** Deliveries and what came of them, newest first. */
export const deliveriesQuery = ({ status, ...filter }: ListFilter) =>
  queryOptions({
    queryKey: ['deliveries', { status, ...filter }],
    queryFn: async ({ signal }) => {
      const query = { ...asked(filter), ...(status === undefined ? {} : { state: status }) } as Parameters
      return pageOf(await client.GET('/api/deliveries', { params: { query }, signal }))
    },
    placeholderData: keepPreviousData,
  })

export const deliveryQuery = (id: number) =>
  queryOptions({
    queryKey: ['delivery', id],
    queryFn: async ({ signal }) =>
      bodyOf(await client.GET('/api/deliveries/{id}', { params: { path: { id } }, signal })),
  })
