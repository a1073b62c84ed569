import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ComparedRun, type ComparedStep, compareQuery } from '../../api/compare-queries.ts'
import { ApiError } from '../../api/errors.ts'
import { idFrom } from '../../api/queries.ts'
import { Breadcrumbs } from '../../components/Breadcrumbs.tsx'
import { Commit } from '../../components/Names.tsx'
import { StaleNotice } from '../../components/Stale.tsx'
import { StateLabel } from '../../components/StateLabel.tsx'
import { Duration, Time } from '../../components/Time.tsx'
import { triggerName } from '../../lib/names.ts'
import type { CompareSearch } from '../../lib/run-search.ts'
import { CompareTable } from './CompareTable.tsx'

/** Two runs of one project side by side: what changed first, then step by step. */
export function ComparePage({ search }: { search: CompareSearch }) {
  const [a, b] = [needed(search.a, 'a'), needed(search.b, 'b')]
  const { data, error, dataUpdatedAt } = useSuspenseQuery(compareQuery(a, b))
  return (
    <>
      <title>{`${nameOf(data.a)} and ${nameOf(data.b)} · Packit`}</title>
      <Breadcrumbs>
        {[
          <Link key="runs" to="/pipelines" className="pf-v6-c-breadcrumb__link">
            Runs
          </Link>,
          <Link key="run" to="/pipeline/$id" params={{ id: String(b) }} className="pf-v6-c-breadcrumb__link">
            {nameOf(data.b)}
          </Link>,
        ]}
      </Breadcrumbs>
      <h1>Compare two runs</h1>
      <p className="lead">{summaryOf(data.steps)}</p>
      <StaleNotice error={error} at={dataUpdatedAt} />
      <div className="compared">
        <OneRun name="Earlier" run={data.a} />
        <OneRun name="Later" run={data.b} />
      </div>
      <p>
        <Link to="/compare" search={{ a: String(b), b: String(a) }}>
          Compare the other way round
        </Link>
      </p>
      <section>
        <h2>Steps</h2>
        {data.steps.length === 0 ? (
          <p className="subtle">Neither run has a step: nothing was started for them.</p>
        ) : (
          <CompareTable steps={data.steps} />
        )}
      </section>
    </>
  )
}

/** Both have to be named: a page of one run is no comparison. */
function needed(id: string | undefined, name: 'a' | 'b'): number {
  if (id === undefined) {
    throw new ApiError(404, `The address lacks “${name}”: it names one of two runs, as in /compare?a=41&b=42.`)
  }
  return idFrom(id)
}

function nameOf(run: ComparedRun): string {
  return triggerName(run.trigger) || `Run ${run.merged_run_id}`
}

/** The answer in one sentence: how many failures are new, and how many old. */
export function summaryOf(steps: readonly ComparedStep[]): string {
  const count = (change: ComparedStep['change']) => steps.filter((step) => step.change === change).length
  const parts = [
    counted(count('new failure'), 'step fails that passed before', 'steps fail that passed before'),
    counted(count('already failing'), 'step failed in both', 'steps failed in both'),
    counted(count('fixed'), 'step was fixed', 'steps were fixed'),
  ].filter((part) => part !== null)
  if (parts.length === 0) return 'No step went from passing to failing or back.'
  return `${parts.join(', ')}.`
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count} ${count === 1 ? one : many}`
}

function OneRun({ name, run }: { name: string; run: ComparedRun }) {
  return (
    <section className="panel compared-run" aria-label={`${name} run`}>
      <h2>
        <span className="subtle">{name}</span>{' '}
        <Link to="/pipeline/$id" params={{ id: String(run.merged_run_id) }} className="name">
          {nameOf(run)}
        </Link>
      </h2>
      {run.title ? <p className="compared-title">{run.title}</p> : null}
      <p className="meta">
        <StateLabel state={run.state} />
        <span>
          <Time at={run.created_at} />
          {run.ended_at === null ? null : (
            <>
              , took <Duration from={run.created_at} to={run.ended_at} state={run.state} />
            </>
          )}
        </span>
        {run.package ? <code>{run.package}</code> : null}
        {run.nvr ? <code>{run.nvr}</code> : null}
        {run.commit ? <Commit sha={run.commit} copy /> : null}
      </p>
    </section>
  )
}
