import { Link } from '@tanstack/react-router'
import type { GridCell, GridEntry } from '../../api/project-queries.ts'
import { Icon } from '../../components/Icon.tsx'
import { StateLabel, StateMark } from '../../components/StateLabel.tsx'
import { Time } from '../../components/Time.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { newestRun, rowName, runsOf } from '../../lib/grid.ts'
import { LOOKS } from '../../lib/state.ts'
import { exactTime } from '../../lib/time.ts'

interface RowProps {
  row: GridEntry
  columns: readonly string[]
  /** `forge/namespace/repo` */
  project: string
}

/** A pull request, branch or release with its state for each target; on a phone a card with a list of them. */
export function GridRow({ row, columns, project }: RowProps) {
  return (
    <tr className="pf-v6-c-table__tr">
      <th className="pf-v6-c-table__th grid-what" scope="row">
        <Title row={row} />
        <span className="grid-facts subtle">
          {row.pr_id === null ? null : (
            <WebLink href={row.url} className="name">
              #{row.pr_id}
            </WebLink>
          )}
          {row.author ? <span>{row.author}</span> : null}
          <Time at={row.active_at} />
          {row.open || row.pr_id === null ? null : <span>closed</span>}
          <Link to="/pipelines" search={runsOf(project, row)}>
            all runs<span className="sr-only"> of {rowName(row)}</span>
          </Link>
        </span>
        {row.latest.length > 1 ? <Packages latest={row.latest} /> : null}
      </th>
      <td className="pf-v6-c-table__td grid-state">
        <StateLabel state={row.state} />
      </td>
      {columns.map((target) => (
        <td key={target} className="pf-v6-c-table__td grid-cell">
          {row.cells[target] ? <Cell cell={row.cells[target]} target={target} of={rowName(row)} /> : null}
        </td>
      ))}
    </tr>
  )
}

/** What it is about, as a link to its newest run. */
function Title({ row }: { row: GridEntry }) {
  const run = newestRun(row)
  const text = row.pr_id === null ? <code>{rowName(row)}</code> : (row.title ?? rowName(row))
  if (run === null) return <span className="grid-title">{text}</span>
  return (
    <Link to="/pipeline/$id" params={{ id: String(run) }} className="grid-title" title={row.commit_title ?? undefined}>
      {text}
    </Link>
  )
}

/** Of a repository with several packages: the newest run of each. */
function Packages({ latest }: { latest: GridEntry['latest'] }) {
  return (
    <span className="grid-packages">
      {latest.map((run) => (
        <Link key={run.merged_run_id} to="/pipeline/$id" params={{ id: String(run.merged_run_id) }} className="pill">
          <StateMark state={run.state} /> <code>{run.package ?? `run ${run.merged_run_id}`}</code>
        </Link>
      ))}
    </span>
  )
}

interface CellProps {
  cell: GridCell
  target: string
  /** The row: `#41`. */
  of: string
}

function Cell({ cell, target, of }: CellProps) {
  const { word, icon, color } = LOOKS[cell.state]
  return (
    <Link to={cell.page} className="grid-link" title={tooltip(cell, target)}>
      <code className="grid-name">{target}</code>
      <span className={`mark mark-${color}`}>
        <Icon name={icon} className={cell.state === 'running' ? 'spins' : ''} />
      </span>
      <span className="grid-word">{word}</span>
      <span className="sr-only"> for {of}</span>
    </Link>
  )
}

/** `fedora-43-x86_64: Failed on 25 November 2026 at 12:00:00 CET, package hello (of 2 builds)` */
function tooltip({ state, ended_at: endedAt, package: name, builds }: GridCell, target: string): string {
  const when = endedAt === null ? '' : ` on ${exactTime(endedAt)}`
  const what = name === null ? '' : `, package ${name}`
  return `${target}: ${LOOKS[state].word}${when}${what}${builds > 1 ? ` (of ${builds} builds)` : ''}`
}
