import { useSuspenseQuery } from '@tanstack/react-query'
import { intervalsQuery } from '../../api/usage-queries.ts'
import { Columns } from '../../components/Columns.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { EVENT_NAMES, isFlat, JOB_NAMES, type Point } from '../../lib/usage.ts'

interface ChartsProps {
  intervals: { days: number; hours: number; count: number }
  unit: string
}

/** How the counts went over time: one small chart for each, so that none needs a legend. */
export function UsageCharts({ intervals, unit }: ChartsProps) {
  const { data } = useSuspenseQuery(intervalsQuery(intervals))
  return (
    <>
      <section>
        <h2>Over time</h2>
        <div className="charts">
          <Columns title="Active projects" points={data.active_projects} unit={unit} />
          <Series names={EVENT_NAMES} of={data.events} unit={unit} />
          <Series names={JOB_NAMES} of={data.jobs} unit={unit} />
        </div>
      </section>
      {Object.values(data.jobs_project_count).every(isFlat) ? null : (
        <section>
          <h2>Projects that use each kind of job</h2>
          <div className="charts">
            <Series names={JOB_NAMES} of={data.jobs_project_count} unit={unit} />
          </div>
        </section>
      )}
      <Onboarded urls={data.onboarded_projects} />
    </>
  )
}

interface SeriesProps {
  names: Readonly<Record<string, string>>
  of: Readonly<Record<string, readonly Point[]>>
  unit: string
}

function Series({ names, of, unit }: SeriesProps) {
  const busy = Object.entries(of).filter(([, points]) => !isFlat(points))
  return busy.map(([kind, points]) => <Columns key={kind} title={names[kind] ?? kind} points={points} unit={unit} />)
}

function Onboarded({ urls }: { urls: readonly string[] }) {
  if (urls.length === 0) return null
  return (
    <section>
      <h2>Projects that are new</h2>
      <ul className="plain new-projects">
        {urls.map((url) => (
          <li key={url}>
            <WebLink href={url}>{url.replace(/^https?:\/\//, '')}</WebLink>
          </li>
        ))}
      </ul>
    </section>
  )
}
