import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RunSummary } from '../api/types.ts'
import { Commit, TriggerText } from './Names.tsx'
import { StateLabel } from './StateLabel.tsx'
import { Duration, Time } from './Time.tsx'

/** Runs, newest first. On a phone each row folds into a few lines. */
export function RunTable({ runs, caption }: { runs: readonly RunSummary[]; caption: string }) {
  return (
    <table className="pf-v6-c-table pf-m-compact run-table">
      <caption className="sr-only">{caption}</caption>
      <thead className="pf-v6-c-table__thead">
        <tr className="pf-v6-c-table__tr">
          {['State', 'Change', 'Package', 'Commit', 'Started', 'Took'].map((name) => (
            <th key={name} className={`pf-v6-c-table__th col-${name.toLowerCase()}`} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="pf-v6-c-table__tbody">
        {runs.map((run) => (
          <RunRow key={run.merged_run_id} run={run} />
        ))}
      </tbody>
    </table>
  )
}

function RunRow({ run }: { run: RunSummary }) {
  return (
    <tr className="pf-v6-c-table__tr">
      <td className="pf-v6-c-table__td cell-state">
        <StateLabel state={run.state} reason={run.reason} />
      </td>
      <td className="pf-v6-c-table__td cell-change">
        <Link to="/pipeline/$id" params={{ id: String(run.merged_run_id) }} className="name strong">
          <TriggerText trigger={run.trigger} />
        </Link>
        {run.title ? <span className="row-title">{run.title}</span> : null}
      </td>
      <td className="pf-v6-c-table__td cell-package">{run.package ? <code>{run.package}</code> : null}</td>
      <td className="pf-v6-c-table__td cell-commit">{run.commit ? <Commit sha={run.commit.sha} /> : null}</td>
      <td className="pf-v6-c-table__td cell-time">
        <Time at={run.created_at} />
      </td>
      <td className="pf-v6-c-table__td cell-took">
        {run.state === 'pending' ? null : <Duration from={run.created_at} to={run.ended_at} state={run.state} />}
      </td>
    </tr>
  )
}

/**
 * Keeps new rows from pushing the list down under the reader's eyes: they are counted, and shown when asked for.
 * Rows that are shown still change in place.
 *
 * @param latest  the list as it is now, newest first
 */
export function useAnnounced(latest: readonly RunSummary[]) {
  const newest = latest[0]?.merged_run_id ?? 0
  const [seen, setSeen] = useState(newest)
  // an empty list has no reader to disturb
  const anchor = seen === 0 ? newest : seen
  if (anchor !== seen) setSeen(anchor)
  const waiting = latest.filter((run) => run.merged_run_id > anchor).length
  return { shown: latest.filter((run) => run.merged_run_id <= anchor), waiting, showAll: () => setSeen(newest) }
}

/** "3 new runs", to be pressed. */
export function NewRuns({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className="new-runs" role="status">
      {count > 0 ? (
        <button type="button" className="pf-v6-c-button pf-m-secondary pf-m-small" onClick={onShow}>
          {count === 1 ? '1 new run' : `${count} new runs`}: show
        </button>
      ) : null}
    </div>
  )
}
