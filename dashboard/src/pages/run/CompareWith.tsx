import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Run, RunSummary } from '../../api/types.ts'
import { Commit } from '../../components/Names.tsx'
import { StateLabel } from '../../components/StateLabel.tsx'
import { Time } from '../../components/Time.tsx'
import { triggerName } from '../../lib/names.ts'
import { isComparable } from '../../lib/verdict.ts'
import { baseBranch, projectOf, sameTrigger, useRuns } from './useVerdicts.ts'

/** As many of each kind as one looks through. */
const MOST = 5

/** Other runs of the project to compare this one with: of the same change, of the branch it goes into, and the newest. */
export function CompareWith({ run }: { run: Run }) {
  const [isOpen, setOpen] = useState(false)
  const project = projectOf(run)
  if (project === undefined) return null
  return (
    <details className="compare-with" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Compare with…</summary>
      {isOpen ? <Choice run={run} project={project} /> : null}
    </details>
  )
}

function Choice({ run, project }: { run: Run; project: string }) {
  const own = useRuns(sameTrigger(run))
  const base = useRuns(baseBranch(run))
  const all = useRuns({ project })
  const groups = [
    { name: 'The same change', answer: own },
    { name: `Branch ${run.base?.ref}`, answer: base },
    { name: 'The newest of the project', answer: all },
  ]
  const error = groups.find(({ answer }) => answer.error)?.answer.error
  if (error) return <p role="status">The runs could not be listed: {error.message}</p>
  if (groups.some(({ answer }) => answer.isLoading)) return <p className="subtle">Looking for runs…</p>
  const seen = new Set<number>()
  const chosen = groups.map(({ name, answer }) => ({ name, runs: pick(run, answer.data?.items ?? [], seen) }))
  if (chosen.every(({ runs }) => runs.length === 0)) {
    return <p className="subtle">No other run of this package has ended yet.</p>
  }
  return chosen.map(({ name, runs }) =>
    runs.length === 0 ? null : (
      <div key={name}>
        <h3>{name}</h3>
        <ul className="plain compare-choice">
          {runs.map((other) => (
            <li key={other.merged_run_id}>
              <StateLabel state={other.state} />
              <Link to="/compare" search={inOrder(run, other)}>
                {triggerName(other.trigger)}, run {other.merged_run_id}
              </Link>
              {other.commit ? <Commit sha={other.commit.sha} /> : null}
              <span className="subtle">
                <Time at={other.created_at} />
              </span>
            </li>
          ))}
        </ul>
      </div>
    ),
  )
}

function pick(run: Run, runs: readonly RunSummary[], seen: Set<number>): RunSummary[] {
  const found = runs.filter((other) => isComparable(run, other) && !seen.has(other.merged_run_id)).slice(0, MOST)
  for (const { merged_run_id } of found) seen.add(merged_run_id)
  return found
}

/** The earlier first. */
function inOrder(run: Run, other: RunSummary): { a: string; b: string } {
  const [a, b] = run.created_at < other.created_at ? [run, other] : [other, run]
  return { a: String(a.merged_run_id), b: String(b.merged_run_id) }
}
