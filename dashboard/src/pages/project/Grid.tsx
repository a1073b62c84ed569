import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type GridEntry, type GridKind, gridQuery } from '../../api/project-queries.ts'
import { keyOf, type ProjectPath } from '../../api/queries.ts'
import { Empty } from '../../components/Empty.tsx'
import { Icon } from '../../components/Icon.tsx'
import { StaleNotice } from '../../components/Stale.tsx'
import { columnsOf, openFirst, partsOf } from '../../lib/grid.ts'
import type { RowKind } from '../../lib/project-search.ts'
import { GridRow } from './GridRow.tsx'

const KINDS: Record<RowKind, { name: string; none: string; trigger: ReactNode }> = {
  pull_request: { name: 'Pull requests', none: 'No pull request yet', trigger: <code>trigger: pull_request</code> },
  branch: { name: 'Branches', none: 'No push to a branch yet', trigger: <code>trigger: commit</code> },
  release: { name: 'Releases', none: 'No release yet', trigger: <code>trigger: release</code> },
  all: { name: 'All', none: 'Nothing ran yet', trigger: <code>trigger: pull_request</code> },
}

interface GridProps {
  path: ProjectPath
  kind: RowKind
  /** Where the page begins; left out for the first. */
  after: number | undefined
}

/** How pull requests, branches and releases stand: a row for each, a column for each target. */
export function Grid({ path, kind, after }: GridProps) {
  const only: GridKind | undefined = kind === 'all' ? undefined : kind
  const { data, error, dataUpdatedAt } = useSuspenseQuery(gridQuery(path, { kind: only, after }))
  const rows = kind === 'pull_request' ? openFirst(data.rows) : data.rows
  return (
    <>
      <Kinds kind={kind} />
      <StaleNotice error={error} at={dataUpdatedAt} />
      {rows.length === 0 ? (
        <NoRows kind={kind} isFirst={after === undefined} />
      ) : (
        <Table rows={rows} kind={kind} project={keyOf(path)} />
      )}
      <Pages after={after} next={data.next} />
    </>
  )
}

function Kinds({ kind }: { kind: RowKind }) {
  return (
    <nav className="filter" aria-label="What the rows are">
      {(Object.keys(KINDS) as RowKind[]).map((each) => (
        <Link
          key={each}
          to="."
          search={{ kind: each }}
          className={`pf-v6-c-button pf-m-small ${each === kind ? 'pf-m-secondary pressed' : 'pf-m-tertiary'}`}
          activeProps={{}}
          aria-current={each === kind ? 'true' : undefined}
        >
          {KINDS[each].name}
        </Link>
      ))}
    </nav>
  )
}

function Table({ rows, kind, project }: { rows: readonly GridEntry[]; kind: RowKind; project: string }) {
  const columns = columnsOf(rows)
  const { name } = KINDS[kind]
  return (
    // it may be wider than the page: the keyboard must be able to scroll it
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard
    <section className="grid-box" aria-label={`${name} by target`} tabIndex={0}>
      <table className="pf-v6-c-table pf-m-compact grid-table">
        <caption className="sr-only">
          {kind === 'all' ? 'Pull requests, branches and releases' : name},{' '}
          {kind === 'pull_request' ? 'open ones first' : 'the last active first'}, with their newest build for each
          target
        </caption>
        <thead className="pf-v6-c-table__thead">
          <tr className="pf-v6-c-table__tr">
            <th className="pf-v6-c-table__th grid-what" scope="col">
              Change
            </th>
            <th className="pf-v6-c-table__th" scope="col">
              State
            </th>
            {columns.map((target) => (
              <TargetHeading key={target} target={target} />
            ))}
          </tr>
        </thead>
        <tbody className="pf-v6-c-table__tbody">
          {rows.map((row) => (
            <GridRow
              key={`${row.kind} ${row.pr_id ?? row.branch_name ?? row.release}`}
              row={row}
              columns={columns}
              project={project}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function TargetHeading({ target }: { target: string }) {
  const { name, arch } = partsOf(target)
  return (
    <th className="pf-v6-c-table__th grid-target" scope="col">
      <code>
        {name}
        {arch ? (
          <>
            -<br />
            {arch}
          </>
        ) : null}
      </code>
    </th>
  )
}

function NoRows({ kind, isFirst }: { kind: RowKind; isFirst: boolean }) {
  if (!isFirst) {
    return (
      <Empty icon="search" title="Nothing older is on this page">
        <p>It may go on after it, or the first page has all there is.</p>
      </Empty>
    )
  }
  return (
    <Empty icon="cube" title={KINDS[kind].none}>
      <p>
        Give a job in <code>.packit.yaml</code> the line {KINDS[kind].trigger}: then each stands here with its newest
        build for each target.
      </p>
    </Empty>
  )
}

/** The grid has no page numbers: only what comes next is known. */
function Pages({ after, next }: { after: number | undefined; next: number | null }) {
  if (after === undefined && next === null) return null
  const look = 'pf-v6-c-button pf-m-secondary pf-m-small'
  return (
    <nav className="pager" aria-label="Pages of the grid">
      {after === undefined ? null : (
        <Link to="." search={(before: object) => ({ ...before, after: undefined })} className={look}>
          <Icon name="chevron-right" className="flipped" /> Newest
        </Link>
      )}
      {next === null ? null : (
        <Link to="." search={(before: object) => ({ ...before, after: next })} className={look}>
          Older <Icon name="chevron-right" />
        </Link>
      )}
    </nav>
  )
}
