import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { runsQuery, statusQuery } from '../api/queries.ts'
import { Empty } from '../components/Empty.tsx'
import { NewRows, useAnnounced } from '../components/list/announced.tsx'
import { RunTable, runId } from '../components/RunTable.tsx'
import { StaleNotice } from '../components/Stale.tsx'
import { hasEnded } from '../lib/state.ts'
import { AddProject } from './home/AddProject.tsx'
import { ServiceFacts, ServiceTroubles } from './home/ServiceFacts.tsx'

const SHOWN = 10

/** What this is, what runs now, the latest runs, and how to add a project. */
export function HomePage() {
  const { data: status } = useSuspenseQuery(statusQuery())
  return (
    <>
      <title>Packit</title>
      <div className="intro">
        <h1>Every change as packages, before the merge</h1>
        <p>
          Pull requests, pushes and releases of your projects become RPMs in a dnf repository of their own, so that
          anyone can install and test a change while it is still being discussed.
        </p>
      </div>
      <ServiceTroubles status={status} />
      <div className="home">
        <div className="home-runs">
          <RunningNow />
          <LatestRuns />
        </div>
        <aside className="home-aside" aria-label="About this service">
          <AddProject webhook={status.webhook} />
          <ServiceFacts status={status} />
        </aside>
      </div>
    </>
  )
}

function RunningNow() {
  const running = useSuspenseQuery(runsQuery({ status: 'running', per_page: SHOWN }))
  const waiting = useSuspenseQuery(runsQuery({ status: 'pending', per_page: SHOWN }))
  const runs = [...running.data.items, ...waiting.data.items]
  return (
    <section>
      <h2>Now</h2>
      {runs.length === 0 ? (
        <p className="subtle">Nothing is running or waiting.</p>
      ) : (
        <RunTable runs={runs} caption="Runs that are running or waiting" />
      )}
    </section>
  )
}

function LatestRuns() {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(runsQuery({ per_page: SHOWN }))
  const ended = data.items.filter((run) => hasEnded(run.state))
  const { shown, waiting, showAll } = useAnnounced(ended, runId)
  if (data.items.length === 0) return <NoRuns />
  return (
    <section>
      <div className="section-head">
        <h2>Latest runs</h2>
        <NewRows count={waiting} of={['run', 'runs']} onShow={showAll} />
        <Link to="/pipelines" className="section-more">
          All runs
        </Link>
      </div>
      <StaleNotice error={error} at={dataUpdatedAt} />
      <RunTable runs={shown} caption="The latest runs" />
    </section>
  )
}

function NoRuns() {
  return (
    <Empty icon="cube" title="No run yet">
      <p>
        The first pull request, push or release of a project with a <code>.packit.yaml</code> appears here by itself.
      </p>
    </Empty>
  )
}
