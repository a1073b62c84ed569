import type { ProjectConfig } from '../../api/project-queries.ts'
import { type Column, ListTable } from '../../components/list/ListTable.tsx'

type Job = ProjectConfig['jobs'][number]
type Numbered = Job & { number: number }

const ALL: readonly Column<Numbered>[] = [
  {
    name: 'Job',
    kind: 'main',
    width: '18rem',
    cell: (job) => (
      <>
        <code className="strong">{job.job}</code> on <code>{job.trigger}</code>
        {job.identifier ? (
          <>
            {' '}
            as <code>{job.identifier}</code>
          </>
        ) : null}
      </>
    ),
  },
  { name: 'Package', kind: 'fact', width: '9rem', cell: (job) => (job.package ? <code>{job.package}</code> : null) },
  {
    name: 'Targets as written',
    kind: 'extra',
    width: '12rem',
    cell: (job) => <Targets names={job.configured_targets} none="not given" />,
  },
  { name: 'What they stand for', kind: 'fact', cell: (job) => <Targets names={job.targets} none="not worked out" /> },
  {
    name: 'At this event',
    kind: 'fact',
    width: '13rem',
    cell: (job) => (
      <span className={job.wanted ? undefined : 'subtle'}>
        {job.wanted ? 'Runs' : 'Does not run'}: {job.reason}
      </span>
    ),
  },
]

/** The jobs in the order of the file, with what their targets stand for. */
export function ConfigJobs({ jobs }: { jobs: readonly Job[] }) {
  // a project of one package has no name to tell it apart by
  const packages = new Set(jobs.map((job) => job.package))
  const columns = ALL.filter(({ name }) => {
    if (name === 'Package') return packages.size > 1
    return name !== 'Targets as written' || jobs.some((job) => job.configured_targets.length > 0)
  })
  return (
    <ListTable
      columns={columns}
      rows={jobs.map((job, number) => ({ ...job, number }))}
      keyOf={({ number }) => number}
      caption="Jobs of the configuration"
    />
  )
}

function Targets({ names, none }: { names: readonly string[]; none: string }) {
  if (names.length === 0) return <span className="subtle">{none}</span>
  return (
    <span className="config-targets">
      {names.map((name) => (
        <code key={name}>{name}</code>
      ))}
    </span>
  )
}
