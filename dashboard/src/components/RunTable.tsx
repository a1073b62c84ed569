import { Link } from '@tanstack/react-router'
import type { RunSummary } from '../api/types.ts'
import { type Column, ListTable } from './list/ListTable.tsx'
import { Commit, TriggerText } from './Names.tsx'
import { StateLabel } from './StateLabel.tsx'
import { Duration, Time } from './Time.tsx'

export const RUN_COLUMNS: readonly Column<RunSummary>[] = [
  {
    name: 'State',
    kind: 'state',
    width: '7.25rem',
    cell: (run) => <StateLabel state={run.state} reason={run.reason} />,
  },
  {
    name: 'Change',
    kind: 'main',
    cell: (run) => (
      <>
        <Link to="/pipeline/$id" params={{ id: String(run.merged_run_id) }} className="name strong">
          <TriggerText trigger={run.trigger} />
        </Link>
        {run.title ? <span className="row-title">{run.title}</span> : null}
      </>
    ),
  },
  { name: 'Package', kind: 'extra', width: '8rem', cell: (run) => (run.package ? <code>{run.package}</code> : null) },
  {
    name: 'Commit',
    kind: 'extra',
    width: '7.25rem',
    cell: (run) => (run.commit ? <Commit sha={run.commit.sha} /> : null),
  },
  { name: 'Started', kind: 'time', width: '8.5rem', cell: (run) => <Time at={run.created_at} /> },
  {
    name: 'Took',
    kind: 'number',
    width: '6.5rem',
    cell: (run) =>
      run.state === 'pending' ? null : <Duration from={run.created_at} to={run.ended_at} state={run.state} />,
  },
]

export const runId = (run: RunSummary) => run.merged_run_id

/** Runs, newest first. On a phone each row folds into a few lines. */
export function RunTable({ runs, caption }: { runs: readonly RunSummary[]; caption: string }) {
  return <ListTable columns={RUN_COLUMNS} rows={runs} keyOf={runId} caption={caption} />
}
