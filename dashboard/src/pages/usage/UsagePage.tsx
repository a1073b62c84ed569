import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { PastUsage } from '../../api/types.ts'
import { usageQuery } from '../../api/usage-queries.ts'
import { Shares } from '../../components/Shares.tsx'
import { StaleNotice } from '../../components/Stale.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { JOB_NAMES, PERIOD_NAMES, PERIODS, type PeriodName } from '../../lib/usage.ts'
import { UsageCharts } from './UsageCharts.tsx'

/** How much the service is used: by which projects, for what, and how that went over time. */
export function UsagePage({ period }: { period: PeriodName }) {
  const { past, intervals, unit, name } = PERIODS[period]
  const { data, error, dataUpdatedAt } = useSuspenseQuery(usageQuery(past))
  return (
    <>
      <title>{`Usage, ${name.toLowerCase()} · Packit`}</title>
      <h1>Usage</h1>
      <Periods period={period} />
      <StaleNotice error={error} at={dataUpdatedAt} />
      <div className="usage-parts">
        <ActiveProjects usage={data} />
        <JobCounts usage={data} />
      </div>
      <TopProjects usage={data} />
      {intervals === null ? null : <UsageCharts intervals={intervals} unit={unit} />}
    </>
  )
}

function Periods({ period }: { period: PeriodName }) {
  return (
    <nav className="pf-v6-c-tabs tabs" aria-label="Period">
      <ul className="pf-v6-c-tabs__list">
        {PERIOD_NAMES.map((each) => (
          <li key={each} className={`pf-v6-c-tabs__item ${each === period ? 'pf-m-current' : ''}`}>
            <Link
              className="pf-v6-c-tabs__link"
              to="/usage"
              search={each === 'day' ? {} : { period: each }}
              aria-current={each === period ? 'page' : undefined}
            >
              <span className="pf-v6-c-tabs__item-text">{PERIODS[each].name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function ActiveProjects({
  usage: { active_projects: active, onboarded_projects_q1_2024: onboarded },
}: {
  usage: PastUsage
}) {
  const forges = Object.entries(active.instances).sort(([, a], [, b]) => b - a)
  return (
    <section className="panel">
      <h2>
        {active.project_count.toLocaleString('en')} active {active.project_count === 1 ? 'project' : 'projects'}
      </h2>
      <Shares
        label="Active projects by forge"
        shares={forges.map(([forge, count]) => ({ key: forge, name: forge, count }))}
      />
      <p className="subtle">
        {onboarded.toLocaleString('en')} have carried a change into the distribution with it so far.
      </p>
    </section>
  )
}

function JobCounts({ usage: { jobs } }: { usage: PastUsage }) {
  const kinds = Object.entries(jobs).filter(([, { job_runs: runs }]) => runs > 0)
  return (
    <section className="panel">
      <h2>Jobs</h2>
      <Shares
        label="Jobs by kind"
        shares={kinds.map(([kind, { job_runs: count, active_projects: projects }]) => ({
          key: kind,
          name: (
            <>
              {JOB_NAMES[kind] ?? kind}{' '}
              <span className="subtle">
                {projects.toLocaleString('en')} {projects === 1 ? 'project' : 'projects'}
              </span>
            </>
          ),
          count,
        }))}
      />
    </section>
  )
}

function TopProjects({ usage: { active_projects: active, jobs } }: { usage: PastUsage }) {
  const kinds = Object.entries(jobs).filter(([, { job_runs: runs }]) => runs > 0)
  return (
    <section>
      <h2>Busiest projects</h2>
      <div className="usage-parts">
        <Top title="By events" counts={active.top_projects_by_events_handled} />
        {kinds.map(([kind, job]) => (
          <Top
            key={kind}
            title={`By ${(JOB_NAMES[kind] ?? kind).replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase())}`}
            counts={job.top_projects_by_job_runs}
          />
        ))}
      </div>
    </section>
  )
}

function Top({ title, counts }: { title: string; counts: Record<string, number> }) {
  return (
    <section className="panel">
      <h3>{title}</h3>
      <Shares
        label={`Busiest projects ${title.toLowerCase()}`}
        shares={Object.entries(counts).map(([url, count]) => ({
          key: url,
          name: <WebLink href={url}>{url.replace(/^https?:\/\//, '')}</WebLink>,
          count,
        }))}
      />
    </section>
  )
}
