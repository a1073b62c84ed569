import { useSuspenseQuery } from '@tanstack/react-query'
import { type Entry, type JobList, jobListQuery } from '../../api/job-queries.ts'
import { JobLists } from '../../components/Jobs.tsx'
import type { StatusWords } from '../../components/list/Filters.tsx'
import { List } from '../../components/list/List.tsx'
import type { Column } from '../../components/list/ListTable.tsx'
import { JOB_LISTS } from '../../lib/job-lists.ts'
import type { FilterName, ListSearch } from '../../lib/list-search.ts'

interface JobListPageProps<L extends JobList> {
  list: L
  search: ListSearch
  columns: readonly Column<Entry<L>>[]
  idOf: (job: Entry<L>) => number
  filters: readonly FilterName[]
  statuses?: StatusWords
  of: readonly [one: string, many: string]
}

/** A list of one kind of jobs, and the way to the others. */
export function JobListPage<L extends JobList>({ list, search, of, ...rest }: JobListPageProps<L>) {
  const [, name, about] = JOB_LISTS.find(([path]) => path === list) ?? [list, list, '']
  return (
    <>
      <title>{`${name} · Packit`}</title>
      <h1>{name}</h1>
      <p className="subtle">{about}</p>
      <JobLists />
      <List
        of={of}
        search={search}
        answer={useSuspenseQuery(jobListQuery(list, search))}
        empty={<p>They appear here when a job of this kind has run.</p>}
        {...rest}
      />
    </>
  )
}

/** Filters that every list of jobs knows. */
export const COMMON_FILTERS = [
  'project',
  'pr',
  'branch',
  'release',
  'commit',
  'package',
  'since',
  'until',
] as const satisfies readonly FilterName[]
