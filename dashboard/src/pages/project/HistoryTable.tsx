import { Link } from '@tanstack/react-router'
import type { ProjectStatistics, StepStatistics } from '../../api/project-queries.ts'
import { Icon } from '../../components/Icon.tsx'
import { type Column, ListTable } from '../../components/list/ListTable.tsx'
import { compareTargets } from '../../lib/grid.ts'
import { shortCommit } from '../../lib/names.ts'
import { LOOKS } from '../../lib/state.ts'
import { percent } from '../../lib/statistics.ts'
import { exactTime, formatDuration } from '../../lib/time.ts'

interface Step extends StepStatistics {
  /** Left out for the SRPM. */
  target?: string
}

interface TableProps {
  statistics: ProjectStatistics
  /** `forge/namespace/repo` */
  project: string
}

/** A row for the SRPM and for each target: numbers, and the newest twenty as a strip of marks. */
export function HistoryTable({ statistics, project }: TableProps) {
  const targets = statistics.targets.toSorted((a, b) => compareTargets(a.target, b.target))
  const rows: Step[] = [statistics.srpm, ...targets]
  const columns: Column<Step>[] = [
    {
      name: 'Target',
      kind: 'main',
      width: '16rem',
      cell: (step) => (
        <>
          {step.target ? <code>{step.target}</code> : 'SRPM'}
          <Flaky step={step} project={project} />
        </>
      ),
    },
    { name: 'Passed', kind: 'fact', width: '11rem', cell: (step) => <Rate step={step} /> },
    { name: 'Median', kind: 'fact', width: '7rem', cell: ({ median_s: s }) => <Length seconds={s} name="median" /> },
    {
      name: '9 of 10 within',
      kind: 'fact',
      width: '8rem',
      cell: ({ p90_s: s }) => <Length seconds={s} name="9 of 10 in" />,
    },
    { name: 'Latest, the newest last', kind: 'fact', cell: (step) => <Strip step={step} /> },
  ]
  return (
    <div className="history">
      <ListTable
        columns={columns}
        rows={rows}
        keyOf={(step) => step.target ?? 'srpm'}
        caption="Success and duration of the SRPM and of builds by target"
      />
    </div>
  )
}

function Rate({ step }: { step: Step }) {
  const { success_rate: rate, success, failure, error } = step
  if (rate === null) return <span className="subtle">{error > 0 ? `${error} broke` : 'no verdict'}</span>
  return (
    <span className="rate">
      <span className="rate-number">{percent(rate)}</span>
      <span className="rate-bar" aria-hidden="true">
        <span style={{ width: `${100 * rate}%` }} />
      </span>
      <span className="subtle rate-of">
        {success} of {success + failure}
        {error > 0 ? `, ${error} broke` : ''}
      </span>
    </span>
  )
}

/** A duration; on a phone, where no heading stands above it, with its name. */
function Length({ seconds, name }: { seconds: number | null; name: string }) {
  if (seconds === null) return null
  return (
    <>
      <span className="subtle phone-only">{name} </span>
      <span className="duration">{formatDuration(seconds)}</span>
    </>
  )
}

function Strip({ step: { latest, target } }: { step: Step }) {
  return (
    <ul className="strip" aria-label={`Latest of ${target ?? 'SRPM'}, the newest last`}>
      {latest.map(({ id, state, page, ended_at: endedAt }) => {
        const { word, icon, color } = LOOKS[state]
        const name = endedAt === null ? word : `${word}, ${exactTime(endedAt)}`
        return (
          <li key={id}>
            <Link to={page} title={name} className={`mark mark-${color}`}>
              <Icon name={icon} />
              <span className="sr-only">{name}</span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

/** Commits that failed once and passed once, as links to their runs. */
function Flaky({ step: { flaky, flaky_commits: commits }, project }: { step: Step; project: string }) {
  if (!flaky) return null
  return (
    <span className="flaky">
      <span className="pf-v6-c-label pf-m-orange pf-m-compact">
        <span className="pf-v6-c-label__content">
          <span className="pf-v6-c-label__text">Flaky</span>
        </span>
      </span>
      {commits.map((commit) => (
        <Link key={commit} to="/pipelines" search={{ project, commit }} title={`Runs of ${commit}`}>
          <code>{shortCommit(commit)}</code>
        </Link>
      ))}
    </span>
  )
}
