import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ProjectStatistics, statisticsQuery } from '../../api/project-queries.ts'
import { keyOf, type ProjectPath } from '../../api/queries.ts'
import { Empty } from '../../components/Empty.tsx'
import { Notice } from '../../components/Notice.tsx'
import { PageBoundary } from '../../components/PageBoundary.tsx'
import { PartSkeleton } from '../../components/Skeleton.tsx'
import { StaleNotice } from '../../components/Stale.tsx'
import { Time } from '../../components/Time.tsx'
import { HISTORY_DAYS, USUAL_DAYS } from '../../lib/project-search.ts'
import { digest, percent } from '../../lib/statistics.ts'
import { HistoryTable } from './HistoryTable.tsx'
import { ProjectUsage } from './ProjectUsage.tsx'

interface HistoryProps {
  path: ProjectPath
  days: number
}

/** How often and how fast SRPMs and builds succeeded, by target. */
export function History({ path, days }: HistoryProps) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(statisticsQuery(path, days))
  const isEmpty = data.srpm.latest.length === 0 && data.targets.length === 0
  return (
    <>
      <Period days={days} />
      <StaleNotice error={error} at={dataUpdatedAt} />
      {data.whole ? null : (
        <Notice kind="info" title="Not all of these days are counted">
          This project is busy: only its newest 500 builds are, back to <Time at={data.since} />.
        </Notice>
      )}
      {isEmpty ? (
        <Nothing days={days} />
      ) : (
        <>
          <Summary statistics={data} />
          <HistoryTable statistics={data} project={keyOf(path)} />
        </>
      )}
      <PageBoundary place={`usage ${days}`} skeleton={<PartSkeleton rows={3} />} level={2}>
        <ProjectUsage path={path} days={days} />
      </PageBoundary>
    </>
  )
}

const nameOf = (days: number) => (days === 365 ? 'Year' : `${days} days`)

function Period({ days }: { days: number }) {
  return (
    <nav className="filter" aria-label="Period">
      {HISTORY_DAYS.map((each) => (
        <Link
          key={each}
          to="."
          search={{ tab: 'history', ...(each === USUAL_DAYS ? {} : { days: each }) }}
          className={`pf-v6-c-button pf-m-small ${each === days ? 'pf-m-secondary pressed' : 'pf-m-tertiary'}`}
          activeProps={{}}
          aria-current={each === days ? 'true' : undefined}
        >
          {nameOf(each)}
        </Link>
      ))}
    </nav>
  )
}

/** The answer first, in a sentence or two. */
function Summary({ statistics }: { statistics: ProjectStatistics }) {
  const { judged, passed, worst, flaky } = digest(statistics.targets)
  if (judged === 0) return null
  return (
    <p>
      <strong>{percent(passed / judged)}</strong> of {judged.toLocaleString('en')} builds passed.
      {worst === null || worst.success_rate === null ? null : (
        <>
          {' '}
          Least often: <code>{worst.target}</code>, with {percent(worst.success_rate)}.
        </>
      )}
      {flaky.length === 0 ? null : (
        <>
          {' '}
          {flaky.length === 1 ? 'One target is flaky' : `${flaky.length} targets are flaky`}: the same commit failed
          once and passed once.
        </>
      )}
    </p>
  )
}

function Nothing({ days }: { days: number }) {
  const longer = HISTORY_DAYS.find((each) => each > days)
  return (
    <Empty icon="cube" title={days === 365 ? 'Nothing was built in a year' : `Nothing was built in ${days} days`}>
      <p>
        {longer === undefined ? (
          'The next pull request, push or release begins a new history.'
        ) : (
          <Link to="." search={{ tab: 'history', days: longer }}>
            Look at {longer === 365 ? 'a year' : `${longer} days`}
          </Link>
        )}
      </p>
    </Empty>
  )
}
