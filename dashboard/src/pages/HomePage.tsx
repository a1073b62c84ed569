import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Suspense } from 'react'
import { runsQuery, statusQuery } from '../api/queries.ts'
import type { RunSummary } from '../api/types.ts'
import { NewRows, useAnnounced } from '../components/list/announced.tsx'
import { PartBoundary } from '../components/PageBoundary.tsx'
import { runId } from '../components/RunTable.tsx'
import { PartSkeleton } from '../components/Skeleton.tsx'
import { StaleNotice } from '../components/Stale.tsx'
import { failingRuns } from '../lib/failing.ts'
import { hasEnded } from '../lib/state.ts'
import { AddProject } from './home/AddProject.tsx'
import { FirstSteps } from './home/FirstSteps.tsx'
import { RunRows } from './home/RunRows.tsx'
import { ServiceFacts, ServiceTroubles } from './home/ServiceFacts.tsx'
import { WatchedRuns } from './home/WatchedRuns.tsx'

/** Failures are looked for among this many of the newest runs. */
const LOOKED_AT = 50
const LATEST = 8
const MOST_ROWS = 10

/** For a packager: what I watch, what fails, what runs now, what ended lately. Each part bears the failure of another. */
export function HomePage() {
  return (
    <>
      <title>Packit</title>
      <h1>Right now</h1>
      <Troubles />
      <div className="home">
        <div className="home-runs">
          <PartBoundary what="What you watch">
            <WatchedRuns />
          </PartBoundary>
          <PartBoundary what="The latest runs">
            <Suspense fallback={<PartSkeleton rows={12} />}>
              <RunParts />
            </Suspense>
          </PartBoundary>
        </div>
        <aside className="home-aside" aria-label="Running, and about this service">
          {/* they come together: the second would be pushed down by the first */}
          <Suspense fallback={<PartSkeleton rows={6} />}>
            <PartBoundary what="What runs now">
              <RunningNow />
            </PartBoundary>
            <PartBoundary what="The state of this service">
              <Service />
            </PartBoundary>
          </Suspense>
        </aside>
      </div>
    </>
  )
}

/** On top of all else, where there are any; that the state could not be asked for is told beside the other facts. */
function Troubles() {
  const { data: status } = useQuery(statusQuery())
  return status ? <ServiceTroubles status={status} /> : null
}

function RunParts() {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(runsQuery({ per_page: LOOKED_AT }))
  const webhook = useQuery(statusQuery()).data?.webhook
  if (data.items.length === 0) return <FirstSteps webhook={webhook} />
  const failing = failingRuns(data.items)
  return (
    <>
      <StaleNotice error={error} at={dataUpdatedAt} />
      <Failing runs={data.items} failing={failing} />
      <EndedRuns runs={data.items.filter((run) => hasEnded(run.state) && !failing.includes(run))} />
    </>
  )
}

function Failing({ runs, failing }: { runs: readonly RunSummary[]; failing: readonly RunSummary[] }) {
  const { shown, waiting, showAll } = useAnnounced(failing, runId)
  return (
    <section>
      <div className="section-head">
        <h2>Failing</h2>
        <NewRows count={waiting} of={['failure', 'failures']} onShow={showAll} />
        <Link to="/pipelines" search={{ status: 'failure' }} className="section-more">
          All failures
        </Link>
      </div>
      {failing.length === 0 ? (
        <p className="subtle">Nothing fails among the latest {runs.length === 1 ? 'run' : `${runs.length} runs`}.</p>
      ) : (
        <RunRows runs={shown.slice(0, MOST_ROWS)} withReason />
      )}
    </section>
  )
}

function EndedRuns({ runs }: { runs: readonly RunSummary[] }) {
  const { shown, waiting, showAll } = useAnnounced(runs, runId)
  return (
    <section className="ended">
      <div className="section-head">
        <h2>Ended lately</h2>
        <NewRows count={waiting} of={['run', 'runs']} onShow={showAll} />
        <Link to="/pipelines" className="section-more">
          All runs
        </Link>
      </div>
      {runs.length === 0 ? (
        <p className="subtle">No other run has ended yet.</p>
      ) : (
        <RunRows runs={shown.slice(0, LATEST)} />
      )}
    </section>
  )
}

/** What changes by itself stands where it moves nothing else that is read. */
function RunningNow() {
  const running = useSuspenseQuery(runsQuery({ status: 'running', per_page: MOST_ROWS }))
  const waiting = useSuspenseQuery(runsQuery({ status: 'pending', per_page: MOST_ROWS }))
  const runs = [...running.data.items, ...waiting.data.items].slice(0, MOST_ROWS)
  const total = (running.data.total ?? 0) + (waiting.data.total ?? 0)
  return (
    <section className="panel now">
      <h2>Now</h2>
      {runs.length === 0 ? <p className="subtle">Nothing is running or waiting.</p> : <RunRows runs={runs} isNarrow />}
      {total > runs.length ? (
        <Link to="/pipelines" search={{ status: 'pending' }}>
          {total} run or wait in all
        </Link>
      ) : null}
    </section>
  )
}

function Service() {
  const { data: status } = useSuspenseQuery(statusQuery())
  const { data: runs } = useQuery(runsQuery({ per_page: LOOKED_AT }))
  return (
    <>
      <ServiceFacts status={status} />
      {/* where nothing is yet, it stands in the middle of the page instead */}
      {runs && runs.items.length > 0 ? (
        <details className="panel about">
          <summary>Add a project</summary>
          <AddProject webhook={status.webhook} />
        </details>
      ) : null}
    </>
  )
}
