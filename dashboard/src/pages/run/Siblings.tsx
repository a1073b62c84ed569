import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { runsQuery } from '../../api/queries.ts'
import type { Run, RunSummary } from '../../api/types.ts'
import { StateLabel, StateMark } from '../../components/StateLabel.tsx'
import { stateOfStatus } from '../../lib/job-lists.ts'
import { projectOf } from './useVerdicts.ts'

/** The runs of all packages of one change, side by side: each with its state, and its steps in little. */
export function Siblings({ run }: { run: Run }) {
  const { siblings } = run
  const project = projectOf(run)
  const { data } = useQuery({
    ...runsQuery({ project, commit: run.commit?.sha, per_page: 100 }),
    enabled: siblings.length > 0 && project !== undefined && run.commit !== null,
  })
  if (siblings.length === 0) return null
  const all = [...siblings, run].sort((a, b) => (a.package ?? '').localeCompare(b.package ?? ''))
  return (
    <nav className="siblings" aria-label="Packages of this change">
      <h2>
        {all.length} packages of this change <span className="subtle">{failing(all)}</span>
      </h2>
      <ul className="plain">
        {all.map(({ merged_run_id: id, package: name, state }) => (
          <li key={id} className={id === run.merged_run_id ? 'sibling sibling-this' : 'sibling'}>
            <Link
              to="/pipeline/$id"
              params={{ id: String(id) }}
              aria-current={id === run.merged_run_id ? 'page' : undefined}
            >
              <code>{name ?? `run ${id}`}</code>
            </Link>
            <StateLabel state={state} />
            <SmallSteps run={data?.items.find((entry) => entry.merged_run_id === id)} />
          </li>
        ))}
      </ul>
    </nav>
  )
}

function failing(runs: readonly { state: Run['state'] }[]): string {
  const count = runs.filter(({ state }) => state === 'failure' || state === 'error').length
  return count === 0 ? '' : `${count} failed`
}

/** SRPM and targets as marks, their names on hover. */
function SmallSteps({ run }: { run: RunSummary | undefined }) {
  const parts = run ? [...(run.srpm ? [{ target: 'SRPM', ...run.srpm }] : []), ...run.copr, ...run.test_run] : []
  return (
    <span className="sibling-steps">
      {parts.map(({ target, status }, index) => (
        // two jobs may build for the same target
        // biome-ignore lint/suspicious/noArrayIndexKey: their order is their identity
        <StateMark key={`${target} ${index}`} state={stateOfStatus(status)} label={target ?? 'Build'} />
      ))}
    </span>
  )
}
