import { Link } from '@tanstack/react-router'
import type { RunSummary } from '../../api/types.ts'
import { runId } from '../../components/RunTable.tsx'
import { StateLabel } from '../../components/StateLabel.tsx'
import { Duration, Time } from '../../components/Time.tsx'
import { triggerName } from '../../lib/names.ts'
import { hasEnded } from '../../lib/state.ts'

interface RunRowsProps {
  runs: readonly RunSummary[]
  /** Says why, below the title. */
  withReason?: boolean
  /** In a narrow column, also on a wide screen. */
  isNarrow?: boolean
}

/** Runs as a short list: state, change, when. */
export function RunRows({ runs, withReason = false, isNarrow = false }: RunRowsProps) {
  return (
    <ul className={`run-rows ${isNarrow ? 'narrow' : ''}`}>
      {runs.map((run) => (
        <li key={runId(run)}>
          <RunRow run={run} withReason={withReason} />
        </li>
      ))}
    </ul>
  )
}

/** What one line of it shows; also of something followed. */
export function RunRow({ run, withReason = false }: { run: RunSummary; withReason?: boolean }) {
  const { state, trigger, title, reason, package: name } = run
  return (
    <>
      <StateLabel state={state} reason={reason} />
      <div className="run-what">
        <Link to="/pipeline/$id" params={{ id: String(runId(run)) }} className="name strong">
          {triggerName(trigger) || 'Unknown project'}
        </Link>
        {name && !(trigger?.repo_name === name) ? <code className="subtle">{name}</code> : null}
        {title ? <span className="row-title">{title}</span> : null}
        {withReason && reason ? <span className={`row-title run-reason reason-${state}`}>{reason}</span> : null}
      </div>
      <span className="run-when subtle">
        {state === 'running' ? (
          <>
            for <Duration from={run.created_at} to={run.ended_at} state={state} />
          </>
        ) : (
          <Time at={hasEnded(state) ? (run.ended_at ?? run.created_at) : run.created_at} />
        )}
      </span>
    </>
  )
}
