import { Link } from '@tanstack/react-router'
import type { Entry, JobList } from '../../api/job-queries.ts'
import { TargetPill } from '../../components/Jobs.tsx'
import type { Column } from '../../components/list/ListTable.tsx'
import { stateOfStatus, statusWords } from '../../lib/job-lists.ts'
import { kojiSearch } from '../../lib/koji.ts'
import type { ListSearch } from '../../lib/list-search.ts'
import { columnsOf } from './columns.tsx'
import { COMMON_FILTERS, JobListPage } from './JobListPage.tsx'

interface PageProps {
  search: ListSearch
}

/** Koji builds: those of changes, thrown away afterwards, and those for the distribution. */
export function KojiListPage({ search, list }: PageProps & { list: 'koji' | 'koji-downstream' }) {
  const c = columnsOf<Entry<'koji'>>()
  return (
    <JobListPage
      list={list}
      of={['Koji build', 'Koji builds']}
      search={search}
      columns={[
        c.state,
        c.trigger,
        c.package,
        c.target('Target', (job) => job.chroot, list),
        c.elsewhere(
          'Koji task',
          (job) => job.task_id,
          (job) => job.web_url,
        ),
        c.submitted((job) => job.build_submitted_time),
      ]}
      idOf={(job) => job.packit_id}
      filters={[...COMMON_FILTERS, 'target', 'status']}
      statuses={statusWords('koji')}
    />
  )
}

export function TagListPage({ search }: PageProps) {
  const c = columnsOf<Entry<'koji-tag-requests'>>()
  return (
    <JobListPage
      list="koji-tag-requests"
      of={['tag request', 'tag requests']}
      search={search}
      columns={[
        c.trigger,
        {
          name: 'Request',
          kind: 'fact',
          cell: (job) => (
            <Link to="/jobs/koji-tag-request/$id" params={{ id: String(job.packit_id) }}>
              <code>{job.nvr ?? `request ${job.packit_id}`}</code>
            </Link>
          ),
        },
        c.elsewhere(
          'Side tag',
          (job) => job.sidetag,
          (job) => kojiSearch('tag', job.sidetag),
        ),
        c.elsewhere(
          'Koji task',
          (job) => job.task_id,
          (job) => job.web_url,
        ),
        c.submitted((job) => job.tag_request_submitted_time),
      ]}
      idOf={(job) => job.packit_id}
      filters={[...COMMON_FILTERS, 'target']}
    />
  )
}

export function BodhiListPage({ search }: PageProps) {
  const c = columnsOf<Entry<'bodhi'>>()
  return (
    <JobListPage
      list="bodhi"
      of={['update', 'updates']}
      search={search}
      columns={[
        c.state,
        c.trigger,
        c.package,
        c.target('Branch', (job) => job.branch, 'bodhi'),
        c.elsewhere(
          'Update',
          (job) => job.alias,
          (job) => job.web_url,
        ),
        c.submitted((job) => job.submitted_time),
      ]}
      idOf={(job) => job.packit_id}
      filters={[...COMMON_FILTERS, 'target', 'status']}
      statuses={statusWords('updates')}
    />
  )
}

const branches = (list: 'propose-downstream' | 'pull-from-upstream'): Column<Entry<'propose-downstream'>> => ({
  name: 'Branches',
  kind: 'fact',
  width: '35%',
  cell: ({ status_per_downstream_pr: statuses, packit_id_per_downstream_pr: ids }) => (
    <span className="pills">
      {Object.entries(statuses).map(([branch, status]) => (
        <TargetPill key={branch} state={stateOfStatus(status)} target={branch} to={`/jobs/${list}/${ids[branch]}`} />
      ))}
    </span>
  ),
})

/** Releases carried into the distribution, a pull request for each of its branches. */
export function SyncListPage({
  search,
  list,
}: PageProps & { list: Extract<JobList, 'propose-downstream' | 'pull-from-upstream'> }) {
  const c = columnsOf<Entry<'propose-downstream'>>()
  return (
    <JobListPage
      list={list}
      of={['sync', 'syncs']}
      search={search}
      columns={[c.state, c.trigger, c.package, branches(list), c.submitted((job) => job.submitted_time)]}
      idOf={(job) => job.packit_id}
      filters={[...COMMON_FILTERS, 'target', 'status']}
      statuses={statusWords('syncs')}
    />
  )
}
