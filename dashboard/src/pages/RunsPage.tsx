import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { PER_PAGE, runsQuery } from '../api/queries.ts'
import type { State } from '../api/types.ts'
import { Empty } from '../components/Empty.tsx'
import { Pager } from '../components/Pager.tsx'
import { NewRuns, RunTable, useAnnounced } from '../components/RunTable.tsx'
import { StaleNotice } from '../components/Stale.tsx'
import { LOOKS, STATES } from '../lib/state.ts'

export interface RunsSearch {
  page?: number | undefined
  status?: State | undefined
  /** `forge/namespace/repo` */
  project?: string | undefined
  pr?: number | undefined
}

/** All runs, newest first, filtered by what the address says. */
export function RunsPage({ search }: { search: RunsSearch }) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(runsQuery(search))
  const { shown, waiting, showAll } = useAnnounced(data.items)
  const page = search.page ?? 1
  const rows = page === 1 ? shown : data.items
  return (
    <>
      <title>Runs · Packit</title>
      <h1>Runs</h1>
      <StateFilter status={search.status} />
      <ProjectFilter search={search} />
      <StaleNotice error={error} at={dataUpdatedAt} />
      {page === 1 ? <NewRuns count={waiting} onShow={showAll} /> : null}
      {data.items.length === 0 ? <NoRuns search={search} /> : <RunTable runs={rows} caption="Runs, newest first" />}
      <Pager page={page} perPage={PER_PAGE} shown={data.items.length} total={data.total} of="runs" />
    </>
  )
}

function StateFilter({ status }: { status: State | undefined }) {
  const navigate = useNavigate()
  const choose = (state: State | undefined) =>
    void navigate({ to: '/pipelines', search: (before) => ({ ...before, page: undefined, status: state }) })
  return (
    <fieldset className="filter">
      <legend className="sr-only">Show runs by state</legend>
      {[undefined, ...STATES].map((state) => (
        <button
          key={state ?? 'all'}
          type="button"
          className={`pf-v6-c-button pf-m-small ${state === status ? 'pf-m-secondary pressed' : 'pf-m-tertiary'}`}
          aria-pressed={state === status}
          onClick={() => choose(state)}
        >
          {state ? LOOKS[state].word : 'All'}
        </button>
      ))}
    </fieldset>
  )
}

function ProjectFilter({ search }: { search: RunsSearch }) {
  if (!search.project) return null
  return (
    <p className="only">
      Only <code>{search.project}</code>
      {search.pr ? <code>#{search.pr}</code> : null}{' '}
      <Link to="/pipelines" search={(before) => ({ ...before, page: undefined, project: undefined, pr: undefined })}>
        Show all projects
      </Link>
    </p>
  )
}

function NoRuns({ search }: { search: RunsSearch }) {
  if (search.page && search.page > 1) {
    return (
      <Empty icon="search" title="The list ends before this page">
        <p>
          <Link to="/pipelines" search={(before) => ({ ...before, page: undefined })}>
            Go to the first page
          </Link>
        </p>
      </Empty>
    )
  }
  if (search.status || search.project) {
    return (
      <Empty icon="search" title="No run like this">
        <p>
          <Link to="/pipelines">Show all runs</Link>
        </p>
      </Empty>
    )
  }
  return (
    <Empty icon="cube" title="No run yet">
      <p>
        A run begins with a pull request, push or release of a project with a <code>.packit.yaml</code>.{' '}
        <Link to="/">How to add a project</Link>
      </p>
    </Empty>
  )
}
