import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { newestQuery } from '../../api/home-queries.ts'
import { Icon } from '../../components/Icon.tsx'
import { useKept } from '../../lib/kept.ts'
import { partsOf, toggleWatched, type Watched, watched } from '../../lib/watch.ts'
import { RunRow } from './RunRows.tsx'

/** The newest run of each project and pull request that was given a star in this browser. */
export function WatchedRuns() {
  const list = useKept(watched)
  return (
    <section>
      <div className="section-head">
        <h2>Watched</h2>
      </div>
      {list.length === 0 ? (
        <p className="subtle">
          Press <Icon name="star" /> Watch on the page of a project or run, and its newest run is shown here.{' '}
          <Link to="/projects">Find a project</Link>
        </p>
      ) : (
        <ul className="run-rows watched">
          {list.map((what) => (
            <li key={nameOf(what)}>
              <WatchedRun what={what} />
              <Unwatch what={what} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function WatchedRun({ what }: { what: Watched }) {
  const { data: run, error } = useQuery(newestQuery(what))
  if (run) return <RunRow run={run} />
  const { forge, path } = partsOf(what)
  return (
    <>
      <span className="subtle">{error ? 'Unknown' : run === null ? 'No run yet' : 'Loading…'}</span>
      <div className="run-what">
        <Link to="/projects/$forge/$" params={{ forge, _splat: path }} className="name strong">
          {nameOf(what)}
        </Link>
        {error ? <span className="row-title subtle">{error.message}</span> : null}
      </div>
      <span className="run-when" />
    </>
  )
}

function Unwatch({ what }: { what: Watched }) {
  const label = `Watch ${nameOf(what)} no longer`
  return (
    <button
      type="button"
      className="pf-v6-c-button pf-m-plain pf-m-small unwatch"
      aria-label={label}
      title={label}
      onClick={() => watched.set(toggleWatched(watched.get(), what))}
    >
      <Icon name="star-filled" />
    </button>
  )
}

function nameOf(what: Watched): string {
  const path = partsOf(what).path.replace(/^-\//, '')
  return what.pr === null ? path : `${path}#${what.pr}`
}
