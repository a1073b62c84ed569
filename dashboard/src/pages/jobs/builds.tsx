import type { Entry } from '../../api/job-queries.ts'
import { TargetPill } from '../../components/Jobs.tsx'
import type { Column } from '../../components/list/ListTable.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { stateOfStatus, statusWords } from '../../lib/job-lists.ts'
import type { ListSearch } from '../../lib/list-search.ts'
import { columnsOf } from './columns.tsx'
import { COMMON_FILTERS, JobListPage } from './JobListPage.tsx'

const CHROOTS: Column<Entry<'copr'>> = {
  name: 'Chroots',
  kind: 'fact',
  width: '40%',
  cell: ({ status_per_chroot: statuses, packit_id_per_chroot: ids }) => (
    <span className="pills">
      {Object.entries(statuses).map(([chroot, status]) => (
        <TargetPill key={chroot} state={stateOfStatus(status)} target={chroot} to={`/jobs/copr/${ids[chroot]}`} />
      ))}
    </span>
  ),
}

/** RPM builds of any builder; the address says Copr, as it always has. */
export function RpmListPage({ search }: { search: ListSearch }) {
  const c = columnsOf<Entry<'copr'>>()
  return (
    <JobListPage
      list="copr"
      of={['build', 'builds']}
      search={search}
      columns={[
        c.trigger,
        c.package,
        CHROOTS,
        c.elsewhere(
          'Build',
          (build) => (build.builder === 'copr' ? build.build_id : build.builder),
          (build) => build.web_url,
        ),
        c.submitted((build) => build.build_submitted_time),
      ]}
      idOf={(build) => build.packit_id}
      filters={[...COMMON_FILTERS, 'target', 'status']}
      statuses={statusWords('builds')}
    />
  )
}

export function SrpmListPage({ search }: { search: ListSearch }) {
  const c = columnsOf<Entry<'srpm'>>()
  return (
    <JobListPage
      list="srpm"
      of={['SRPM build', 'SRPM builds']}
      search={search}
      columns={[
        { ...c.state, cell: (job) => <TargetPill state={job.state} to={`/jobs/srpm/${job.srpm_build_id}`} /> },
        c.trigger,
        c.package,
        { name: 'Log', kind: 'fact', width: '5rem', cell: (job) => <WebLink href={job.log_url}>Log</WebLink> },
        c.submitted((job) => job.build_submitted_time),
      ]}
      idOf={(job) => job.srpm_build_id}
      filters={[...COMMON_FILTERS, 'status']}
      statuses={statusWords('srpms')}
    />
  )
}

export function TestListPage({ search }: { search: ListSearch }) {
  const c = columnsOf<Entry<'testing-farm'>>()
  return (
    <JobListPage
      list="testing-farm"
      of={['test run', 'test runs']}
      search={search}
      columns={[
        c.state,
        c.trigger,
        c.package,
        c.target('Target', (job) => job.target, 'testing-farm'),
        c.elsewhere(
          'Results',
          (job) => job.pipeline_id && `${job.pipeline_id.slice(0, 8)}…`,
          (job) => job.web_url,
        ),
        c.submitted((job) => job.submitted_time),
      ]}
      idOf={(job) => job.packit_id}
      filters={[...COMMON_FILTERS, 'target', 'status']}
      statuses={statusWords('tests')}
    />
  )
}
