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
export function List<T>({ of, search, answer, filters, statuses, ...rest }: ListProps<T>) {
  const { data, error, dataUpdatedAt } = answer
  const [, many] = of
  const { page = 1, per_page: perPage = PER_PAGE } = search
  return (
    <>
      <Filters search={search} names={filters} of={many} {...(statuses ? { statuses } : {})} />
      <StaleNotice error={error} at={dataUpdatedAt} />
      <Rows key={JSON.stringify(search)} of={of} search={search} items={data.items} {...rest} />
      <Pager page={page} perPage={perPage} shown={data.items.length} total={data.total} of={many} />
    </>
  )
}

type RowsProps<T> = Pick<ListProps<T>, 'of' | 'search' | 'columns' | 'idOf' | 'empty'> & { items: readonly T[] }

/** The rows of one view: which of them are new is counted for each view by itself. */
function Rows<T>({ of, search, items, columns, idOf, empty }: RowsProps<T>) {
  const { shown, waiting, showAll } = useAnnounced(items, idOf)
  // elsewhere new rows move others along, as in any book
  const isFirst = (search.page ?? 1) === 1 && search.order !== 'asc'
  if (items.length === 0) return <Nothing search={search} of={of} empty={empty} />
  return (
    <>
      {isFirst ? <NewRows count={waiting} of={of} onShow={showAll} /> : null}
      <ListTable
        columns={columns}
        rows={isFirst ? shown : items}
        keyOf={idOf}
        caption={`${of[1]}, ${search.order === 'asc' ? 'oldest' : 'newest'} first`}
      />
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
