import { useSuspenseQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { projectUsageQuery } from '../../api/project-queries.ts'
import type { ProjectPath } from '../../api/queries.ts'
import { serverNow } from '../../lib/clock.ts'
import { dayBefore } from '../../lib/statistics.ts'
import { EVENT_NAMES, JOB_NAMES } from '../../lib/usage.ts'

interface UsageProps {
  path: ProjectPath
  days: number
}

/** How much the project uses the service, and its place among all of them. */
export function ProjectUsage({ path, days }: UsageProps) {
  const { data } = useSuspenseQuery(projectUsageQuery(path, dayBefore(serverNow(), days)))
  const { events_handled: events, position, per_event: perEvent } = data.events_handled
  const kinds = Object.entries(perEvent).map(([kind, { events_handled: count, position: place }]) => {
    return { key: kind, name: EVENT_NAMES[kind] ?? kind, count, place }
  })
  const jobs = Object.entries(data.jobs).map(([kind, { job_runs: count, position: place }]) => {
    return { key: kind, name: JOB_NAMES[kind] ?? kind, count, place }
  })
  return (
    <section className="panel">
      <h2>Use of the service in {days === 365 ? 'a year' : `${days} days`}</h2>
      {events === null ? (
        <p className="subtle">Nothing in this time.</p>
      ) : (
        <div className="usage-parts">
          <Counts title={<Ranked text={`${events.toLocaleString('en')} events`} place={position} />} counts={kinds} />
          <Counts title="Jobs" counts={jobs} />
        </div>
      )}
    </section>
  )
}

interface Counted {
  key: string
  name: string
  count: number | null
  place: number | null
}

function Counts({ title, counts }: { title: ReactNode; counts: readonly Counted[] }) {
  const some = counts.filter(({ count }) => count !== null && count > 0)
  return (
    <div>
      <h3>{title}</h3>
      {some.length === 0 ? <p className="subtle">None.</p> : null}
      <ul className="plain">
        {some.map(({ key, name, count, place }) => (
          <li key={key}>
            {name}: <Ranked text={(count ?? 0).toLocaleString('en')} place={place} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Ranked({ text, place }: { text: string; place: number | null }) {
  return (
    <>
      {text}
      {place === null ? null : <span className="subtle"> (number {place.toLocaleString('en')} of all projects)</span>}
    </>
  )
}
