import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Breadcrumbs } from '../../components/Breadcrumbs.tsx'
import { Commit } from '../../components/Names.tsx'
import { Notice } from '../../components/Notice.tsx'
import { StaleNotice } from '../../components/Stale.tsx'
import { StateLabel } from '../../components/StateLabel.tsx'
import { Duration, Time } from '../../components/Time.tsx'
import { JOB_LISTS } from '../../lib/job-lists.ts'
import { type NamedTrigger, triggerName } from '../../lib/names.ts'
import { LOOKS, type State } from '../../lib/state.ts'

/** What every job has, whatever its kind. */
export interface AnyJob extends NamedTrigger {
  state?: State
  reason?: string | null
  cancel_reason?: string | null
  run_id?: number | null
  package?: string | null
  commit_sha?: string | null
}

interface JobLayoutProps {
  job: AnyJob
  /** The list it stands in, as in its address. */
  list: (typeof JOB_LISTS)[number][0]
  /** What tells it from the others of its run: a chroot, a branch. */
  name: string
  submitted: number | null | undefined
  started?: number | null
  ended?: number | null
  answer: { error: Error | null; dataUpdatedAt: number }
  /** Facts that only this kind has; those without a value are left out. */
  facts?: Readonly<Record<string, ReactNode>>
  children?: ReactNode
}

/** The page of one job: what it is and how it stands first, then its facts, then what it made. */
export function JobLayout(props: JobLayoutProps) {
  const { job, list, name, submitted, started = null, ended = null, answer, facts = {}, children } = props
  const trigger = triggerName(job)
  const mark = job.state ? `${LOOKS[job.state].mark} ` : ''
  return (
    <>
      <title>{`${mark}${name} ${trigger} · Packit`}</title>
      <JobCrumbs list={list} run={job.run_id ?? null} trigger={trigger} />
      <div className="run-title">
        <h1 className="mono">{name}</h1>
        {job.state ? (
          <StateLabel state={job.state} reason={job.reason ?? null} isCancelling={job.cancel_reason != null} />
        ) : null}
      </div>
      <p className="meta">
        {job.package ? (
          <span className="fact">
            <span className="subtle">package</span> <code>{job.package}</code>
          </span>
        ) : null}
        {job.commit_sha ? <Commit sha={job.commit_sha} copy /> : null}
        <span>
          <Time at={submitted} />
          {job.state && started !== null ? (
            <>
              {ended === null ? ', running for ' : ', took '}
              <Duration from={started} to={ended} state={job.state} />
            </>
          ) : null}
        </span>
      </p>
      <StaleNotice error={answer.error} at={answer.dataUpdatedAt} />
      {job.reason ? <Notice kind={job.state === 'failure' ? 'danger' : 'info'} title={job.reason} /> : null}
      <Facts facts={facts} />
      {children}
    </>
  )
}

function JobCrumbs({ list, run, trigger }: { list: string; run: number | null; trigger: string }) {
  const link = 'pf-v6-c-breadcrumb__link'
  const [path, name] = JOB_LISTS.find(([each]) => each === list) ?? JOB_LISTS[0]
  return (
    <Breadcrumbs>
      {[
        <Link key="list" to={`/jobs/${path}`} className={link}>
          {name}
        </Link>,
        run === null ? (
          <span key="run">{trigger || 'Unknown project'}</span>
        ) : (
          <Link key="run" to="/pipeline/$id" params={{ id: String(run) }} className={link}>
            {trigger || `Run ${run}`}
          </Link>
        ),
      ]}
    </Breadcrumbs>
  )
}

function Facts({ facts }: { facts: Readonly<Record<string, ReactNode>> }) {
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined && value !== '')
  if (known.length === 0) return null
  return (
    <dl className="job-facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt className="subtle">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
