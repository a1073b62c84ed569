import type { Entry } from '../../api/job-queries.ts'
import { statusWords } from '../../lib/job-lists.ts'
import type { ListSearch } from '../../lib/list-search.ts'
import { columnsOf } from './columns.tsx'
import { COMMON_FILTERS, JobListPage } from './JobListPage.tsx'

export function ScanListPage({ search }: { search: ListSearch }) {
  const c = columnsOf<Entry<'openscanhub'>>()
  return (
    <JobListPage
      list="openscanhub"
      of={['scan', 'scans']}
      search={search}
      columns={[
        c.state,
        c.trigger,
        c.package,
        c.target('Scan', () => 'Details', 'openscanhub'),
        { name: 'New findings', kind: 'number', width: '7rem', cell: (job) => job.issues_added_count },
        c.elsewhere(
          'Task',
          (job) => (job.task_id === null ? null : String(job.task_id)),
          (job) => job.url,
        ),
        c.submitted((job) => job.submitted_time),
      ]}
      idOf={(job) => job.packit_id}
      filters={[...COMMON_FILTERS, 'status']}
      statuses={statusWords('scans')}
    />
  )
}

export function AnalysisListPage({ search }: { search: ListSearch }) {
  const c = columnsOf<Entry<'log-detective'>>()
  return (
    <JobListPage
      list="log-detective"
      of={['analysis', 'analyses']}
      search={search}
      columns={[
        c.state,
        c.trigger,
        c.package,
        c.target('Target', (job) => job.chroot, 'log-detective'),
        c.commit,
        c.submitted((job) => job.submitted_time),
      ]}
      idOf={(job) => job.packit_id}
      filters={[...COMMON_FILTERS, 'target', 'status']}
      statuses={statusWords('analyses')}
    />
  )
}
