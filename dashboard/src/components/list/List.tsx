import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Page } from '../../api/client.ts'
import { PER_PAGE } from '../../api/list-filter.ts'
import { type FilterName, filtersOf, type ListSearch } from '../../lib/list-search.ts'
import { Empty } from '../Empty.tsx'
import { Pager } from '../Pager.tsx'
import { StaleNotice } from '../Stale.tsx'
import { NewRows, useAnnounced } from './announced.tsx'
import { Filters, type StatusWords } from './Filters.tsx'
import { type Column, ListTable } from './ListTable.tsx'

interface ListProps<T> {
  /** One of them, and several: "run", "runs". */
  of: readonly [one: string, many: string]
  search: ListSearch
  answer: { data: Page<T>; error: Error | null; dataUpdatedAt: number }
  columns: readonly Column<T>[]
  idOf: (row: T) => number
  filters: readonly FilterName[]
  statuses?: StatusWords
  /** What would be here, and the step that makes it appear. */
  empty: ReactNode
}

/** A list with filters, order and pages, all of them in the address. New rows are announced, not pushed in. */
export function List<T>({ of, search, answer, columns, idOf, filters, statuses, empty }: ListProps<T>) {
  const { data, error, dataUpdatedAt } = answer
  const { shown, waiting, showAll } = useAnnounced(data.items, idOf)
  const page = search.page ?? 1
  // elsewhere new rows move others along, as in any book
  const isFirst = page === 1 && search.order !== 'asc'
  const [one, many] = of
  return (
    <>
      <Filters search={search} names={filters} of={many} {...(statuses ? { statuses } : {})} />
      <StaleNotice error={error} at={dataUpdatedAt} />
      {isFirst ? <NewRows count={waiting} of={of} onShow={showAll} /> : null}
      {data.items.length === 0 ? (
        <Nothing search={search} of={[one, many]} empty={empty} />
      ) : (
        <ListTable
          columns={columns}
          rows={isFirst ? shown : data.items}
          keyOf={idOf}
          caption={`${many}, ${search.order === 'asc' ? 'oldest' : 'newest'} first`}
        />
      )}
      <Pager page={page} perPage={search.per_page ?? PER_PAGE} shown={data.items.length} total={data.total} of={many} />
    </>
  )
}

function Nothing({ search, of: [one, many], empty }: Pick<ListProps<unknown>, 'search' | 'of' | 'empty'>) {
  if ((search.page ?? 1) > 1) {
    return (
      <Empty icon="search" title="The list ends before this page">
        <p>
          <Link to="." search={(before: object) => ({ ...before, page: undefined })}>
            Go to the first page
          </Link>
        </p>
      </Empty>
    )
  }
  if (filtersOf(search).length > 0) {
    return (
      <Empty icon="search" title={`No ${one} like this`}>
        <p>
          <Link to="." search={{}}>
            Show all {many}
          </Link>
        </p>
      </Empty>
    )
  }
  return (
    <Empty icon="cube" title={`No ${one} yet`}>
      {empty}
    </Empty>
  )
}
