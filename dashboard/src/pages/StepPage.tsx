import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { idFrom, rpmQuery, srpmQuery } from '../api/queries.ts'
import type { RpmBuild, SrpmBuild } from '../api/types.ts'
import { Breadcrumbs } from '../components/Breadcrumbs.tsx'
import { CauseView } from '../components/CauseView.tsx'
import { Command } from '../components/CopyText.tsx'
import { LogView } from '../components/LogView.tsx'
import { Commit } from '../components/Names.tsx'
import { Notice } from '../components/Notice.tsx'
import { StaleNotice } from '../components/Stale.tsx'
import { StateLabel } from '../components/StateLabel.tsx'
import { Duration, Time } from '../components/Time.tsx'
import { WebLink } from '../components/WebLink.tsx'
import { parseLines, rangeOf } from '../lib/lines.ts'
import { packageName, triggerName } from '../lib/names.ts'
import { hasEnded, LOOKS } from '../lib/state.ts'
import { NoLog } from './step/NoLog.tsx'
import { Surroundings } from './step/Surroundings.tsx'

interface StepPageProps {
  id: string
  hash: string
}

/** One SRPM: why it failed, and its log. */
export function SrpmPage({ id, hash }: StepPageProps) {
  const number = idFrom(id)
  const { data, error, dataUpdatedAt } = useSuspenseQuery(srpmQuery(number))
  return (
    <Step
      build={data}
      name="SRPM"
      kind="srpm"
      id={number}
      hash={hash}
      stale={<StaleNotice error={error} at={dataUpdatedAt} />}
    >
      {data.copr_web_url ? <WebLink href={data.copr_web_url}>Made in Copr</WebLink> : null}
      {data.url ? <WebLink href={data.url}>Download the SRPM</WebLink> : null}
    </Step>
  )
}

/** One chroot of a build, by whichever builder: why it failed, what it made, and its log. */
export function RpmPage({ id, hash }: StepPageProps) {
  const number = idFrom(id)
  const { data, error, dataUpdatedAt } = useSuspenseQuery(rpmQuery(number))
  const chroot = data.chroot ?? 'Build'
  return (
    <Step
      build={data}
      name={chroot}
      kind="build"
      id={number}
      hash={hash}
      stale={<StaleNotice error={error} at={dataUpdatedAt} />}
    >
      {data.commit_sha ? <Commit sha={data.commit_sha} copy /> : null}
      {data.srpm_build_id !== null ? (
        <Link to="/jobs/srpm/$id" params={{ id: String(data.srpm_build_id) }}>
          Its SRPM
        </Link>
      ) : null}
    </Step>
  )
}

interface StepProps {
  build: SrpmBuild | RpmBuild
  name: string
  kind: 'srpm' | 'build'
  id: number
  hash: string
  stale: ReactNode
  /** Facts that only this kind of step has. */
  children: ReactNode
}

function Step({ build, name, kind, id, hash, stale, children }: StepProps) {
  const trigger = triggerName(build)
  const page = kind === 'srpm' ? `jobs/srpm/${id}` : `jobs/copr/${id}`
  return (
    <>
      <title>{`${LOOKS[build.state].mark} ${name} ${trigger} · Packit`}</title>
      <StepCrumbs run={build.run_id} trigger={trigger} />
      <div className="run-title">
        <h1 className={kind === 'build' ? 'mono' : ''}>{name}</h1>
        <StateLabel state={build.state} reason={build.reason} isCancelling={build.cancel_reason !== null} />
      </div>
      <StepFacts build={build}>{children}</StepFacts>
      {stale}
      {build.cause ? (
        <CauseView
          cause={build.cause}
          where={[name]}
          logHref={page}
          color={build.state === 'error' ? 'orange' : 'red'}
        />
      ) : null}
      {build.reason && !build.cause ? (
        <Notice kind={build.state === 'failure' ? 'danger' : 'info'} title={build.reason} />
      ) : null}
      <StepProducts build={build} />
      <Surroundings
        kind={kind}
        id={id}
        run={build.run_id}
        analyses={'log_detective_runs' in build ? build.log_detective_runs : []}
      />
      <StepLog build={build} kind={kind} id={id} hash={hash} page={page} />
    </>
  )
}

function StepCrumbs({ run, trigger }: { run: number | null; trigger: string }) {
  const link = 'pf-v6-c-breadcrumb__link'
  return (
    <Breadcrumbs>
      {[
        <Link key="runs" to="/pipelines" className={link}>
          Runs
        </Link>,
        run === null ? (
          <span key="run">{trigger}</span>
        ) : (
          <Link key="run" to="/pipeline/$id" params={{ id: String(run) }} className={link}>
            {trigger || `Run ${run}`}
          </Link>
        ),
      ]}
    </Breadcrumbs>
  )
}

function StepFacts({ build, children }: { build: SrpmBuild | RpmBuild; children: ReactNode }) {
  return (
    <p className="meta">
      {build.package ? (
        <span className="fact">
          <span className="subtle">package</span> <code>{build.package}</code>
        </span>
      ) : null}
      {build.builder ? (
        <span className="fact">
          <span className="subtle">built by</span> {build.builder}
        </span>
      ) : null}
      <span>
        <Time at={build.queued_at} />
        {build.started_at === null ? null : <Took build={build} />}
      </span>
      {children}
    </p>
  )
}

function Took({ build }: { build: SrpmBuild | RpmBuild }) {
  const isOver = hasEnded(build.state)
  if (isOver && build.ended_at === null) return null
  return (
    <>
      {isOver ? ', took ' : ', running for '}
      <Duration from={build.started_at} to={build.ended_at} state={build.state} />
    </>
  )
}

function StepProducts({ build }: { build: SrpmBuild | RpmBuild }) {
  const packages = 'built_packages' in build ? (build.built_packages ?? []) : []
  if (build.install.length === 0 && packages.length === 0) return null
  return (
    <section className="panel install">
      <h2>Install it</h2>
      {build.install.length > 0 ? <Command lines={build.install} what="the install commands" /> : null}
      <ul className="plain">
        {packages.map(packageName).map((nevra) => (
          <li key={nevra}>
            <code>{nevra}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface StepLogProps {
  build: SrpmBuild | RpmBuild
  kind: 'srpm' | 'build'
  id: number
  hash: string
  page: string
}

function StepLog({ build, kind, id, hash, page }: StepLogProps) {
  const navigate = useNavigate()
  const named = useMemo(() => parseLines(hash), [hash])
  const failed = useMemo(() => rangeOf(build.cause?.lines ?? []), [build.cause])
  if (build.log === null) return <NoLog build={build} />
  const to = kind === 'srpm' ? '/jobs/srpm/$id' : '/jobs/copr/$id'
  return (
    <LogView
      source={{ path: build.log, step: kind, id, hasEnded: hasEnded(build.state), size: build.log_size }}
      title="Log"
      href={page}
      target={named ?? failed}
      isNamed={named !== null}
      onPick={(line) =>
        void navigate({ to, params: { id: String(id) }, hash: line, replace: true, resetScroll: false })
      }
    />
  )
}
