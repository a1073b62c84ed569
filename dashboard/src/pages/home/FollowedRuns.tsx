import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { newestQuery } from '../../api/home-queries.ts'
import { Icon } from '../../components/Icon.tsx'
import { type Followed, followed, partsOf, toggleFollowed } from '../../lib/follow.ts'
import { useKept } from '../../lib/kept.ts'
import { RunRow } from './RunRows.tsx'

/** The newest run of each project and pull request that was given a star in this browser. */
export function FollowedRuns() {
  const list = useKept(followed)
  return (
    <section>
      <div className="section-head">
        <h2>Followed</h2>
      </div>
      {list.length === 0 ? (
        <p className="subtle">
          Press <Icon name="star" /> Follow on the page of a project or run, and its newest run is shown here.{' '}
          <Link to="/projects">Find a project</Link>
        </p>
      ) : (
        <ul className="run-rows followed">
          {list.map((what) => (
            <li key={nameOf(what)}>
              <FollowedRun what={what} />
              <Unfollow what={what} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function FollowedRun({ what }: { what: Followed }) {
  const { data: run, error } = useQuery(newestQuery(what))
  if (run) return <RunRow run={run} />
  const { forge, path } = partsOf(what)
  return (
    <>
      <span className="state-place" />
      <div className="run-what">
        <Link to="/projects/$forge/$" params={{ forge, _splat: path }} className="name strong">
          {nameOf(what)}
        </Link>
        <span className="row-title subtle">{error?.message ?? (run === null ? 'No run yet' : 'Loading…')}</span>
      </div>
      <span className="run-when" />
    </>
  )
}

function Unfollow({ what }: { what: Followed }) {
  const label = `Follow ${nameOf(what)} no longer`
  return (
    <button
      type="button"
      className="pf-v6-c-button pf-m-plain pf-m-small unfollow"
      aria-label={label}
      title={label}
      onClick={() => followed.set(toggleFollowed(followed.get(), what))}
    >
      <Icon name="star-filled" />
    </button>
  )
}

function nameOf(what: Followed): string {
  const path = partsOf(what).path.replace(/^-\//, '')
  return what.pr === null ? path : `${path}#${what.pr}`
}
