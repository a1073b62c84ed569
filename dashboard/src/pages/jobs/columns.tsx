import { JobTrigger, TargetPill } from '../../components/Jobs.tsx'
import type { Column } from '../../components/list/ListTable.tsx'
import { Commit } from '../../components/Names.tsx'
import { StateLabel } from '../../components/StateLabel.tsx'
import { Time } from '../../components/Time.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import type { NamedTrigger } from '../../lib/names.ts'
import type { State } from '../../lib/state.ts'

/** What every entry of a list of jobs has, or may have. */
interface AnyEntry extends NamedTrigger {
  packit_id?: number
  run_id: number | null
  package: string | null
  state?: State
  reason?: string | null
  commit_sha?: string | null
}

type Text<T> = (job: T) => string | null | undefined

/** The columns that several lists of jobs have, for one kind of entries. */
export function columnsOf<T extends AnyEntry>() {
  const column = (given: Column<T>): Column<T> => given
  return {
    column,
    state: column({
      name: 'State',
      kind: 'state',
      width: '7.25rem',
      cell: (job) => (job.state ? <StateLabel state={job.state} reason={job.reason ?? null} /> : null),
    }),
    trigger: column({
      name: 'Change',
      kind: 'main',
      cell: (job) => <JobTrigger trigger={job} runId={job.run_id} />,
    }),
    package: column({
      name: 'Package',
      kind: 'extra',
      width: '8rem',
      cell: (job) => (job.package ? <code>{job.package}</code> : null),
    }),
    commit: column({
      name: 'Commit',
      kind: 'extra',
      width: '7.25rem',
      cell: (job) => (job.commit_sha ? <Commit sha={job.commit_sha} /> : null),
    }),
    submitted: (at: (job: T) => number | null | undefined) =>
      column({ name: 'Submitted', kind: 'time', width: '8.5rem', cell: (job) => <Time at={at(job)} /> }),
    /** The chroot or branch with its state, as a link to the job's page below `/jobs/`. */
    target: (name: string, target: Text<T>, page: string) =>
      column({
        name,
        kind: 'fact',
        cell: (job) => (
          <TargetPill
            state={job.state ?? 'pending'}
            target={target(job) ?? null}
            to={`/jobs/${page}/${job.packit_id}`}
          />
        ),
      }),
    /** What the job is called where it runs. */
    elsewhere: (name: string, text: Text<T>, href: Text<T>) =>
      column({
        name,
        kind: 'fact',
        cell: (job) => {
          const called = text(job)
          return called ? <WebLink href={href(job)}>{called}</WebLink> : null
        },
      }),
  }
}
