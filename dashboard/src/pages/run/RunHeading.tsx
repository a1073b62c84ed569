import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Run } from '../../api/types.ts'
import { Breadcrumbs } from '../../components/Breadcrumbs.tsx'
import { Commit } from '../../components/Names.tsx'
import { Notice } from '../../components/Notice.tsx'
import { QueueNotice } from '../../components/QueueNotice.tsx'
import { StateLabel } from '../../components/StateLabel.tsx'
import { Duration, Time } from '../../components/Time.tsx'
import { useVisited } from '../../components/useVisited.ts'
import { Watch } from '../../components/Watch.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { projectName, triggerKind, triggerName } from '../../lib/names.ts'
import { hasEnded } from '../../lib/state.ts'
import { CompareWith } from './CompareWith.tsx'
import { RunActions } from './RunActions.tsx'

const CAUSES: Record<Run['cause_of_run'], string | null> = {
  delivery: null,
  command: 'started by a comment',
  retry: 'started again',
  import: 'from an import',
  try: 'started on the command line',
}

/** What was done for whom: state, change, project, commit, when. */
export function RunHeading({ run }: { run: Run }) {
  const name = triggerName(run.trigger)
  useVisited(`/pipeline/${run.merged_run_id}`, name || `Run ${run.merged_run_id}`, run.title)
  return (
    <header className="run-head">
      <RunCrumbs run={run} />
      <div className="run-title">
        <h1>{run.title ?? (name || `Run ${run.merged_run_id}`)}</h1>
        <StateLabel state={run.state} isCancelling={run.steps.some((step) => step.cancel_reason !== null)} />
        <WatchRun run={run} name={name} />
      </div>
      <p className="meta">
        <TriggerLink run={run} name={name} />
        {run.package ? (
          <Fact name="package">
            <code>{run.package}</code>
          </Fact>
        ) : null}
        <CommitFact run={run} />
        <Refs run={run} />
        {run.author ? <Fact name="by">{run.author}</Fact> : null}
        <span>
          <Time at={run.created_at} />
          <Took run={run} />
        </span>
        {run.attempt > 1 ? <span>attempt {run.attempt}</span> : null}
        {CAUSES[run.cause_of_run] ? <span>{CAUSES[run.cause_of_run]}</span> : null}
      </p>
      <RunNotices run={run} />
      <RunActions run={run} />
      <CompareWith run={run} />
    </header>
  )
}

/** A star for what it was made for: the pull request, else the project. */
function WatchRun({ run, name }: { run: Run; name: string }) {
  const { repo_namespace: namespace, repo_name: repo, pr_id: pr } = run.trigger ?? {}
  if (!run.forge || !namespace || !repo) return null
  const project = `${run.forge}/${namespace}/${repo}`
  return <Watch what={{ project, pr: pr ?? null }} name={pr ? name : projectName(namespace, repo)} />
}

function Took({ run }: { run: Run }) {
  const isOver = hasEnded(run.state)
  if (isOver && run.ended_at === null) return null
  return (
    <>
      {isOver ? ', took ' : ', for '}
      <Duration from={run.created_at} to={run.ended_at} state={run.state} />
    </>
  )
}

function RunCrumbs({ run }: { run: Run }) {
  const { repo_namespace: namespace, repo_name: repo } = run.trigger ?? {}
  const link = 'pf-v6-c-breadcrumb__link'
  const crumbs: ReactNode[] = [
    <Link key="runs" to="/pipelines" className={link}>
      Runs
    </Link>,
  ]
  if (run.forge && namespace && repo) {
    crumbs.push(
      <Link
        key="project"
        to="/projects/$forge/$"
        params={{ forge: run.forge, _splat: `${namespace}/${repo}` }}
        className={link}
      >
        {projectName(namespace, repo)}
      </Link>,
    )
  }
  return <Breadcrumbs>{crumbs}</Breadcrumbs>
}

function TriggerLink({ run, name }: { run: Run; name: string }) {
  const text = (
    <>
      {triggerKind(run.trigger)} <span className="name">{name}</span>
    </>
  )
  return <WebLink href={run.trigger_url}>{text}</WebLink>
}

function CommitFact({ run }: { run: Run }) {
  if (!run.commit) return null
  return (
    <Fact name="commit">
      <Commit sha={run.commit.sha} url={run.commit.url} copy />
      {run.commit.title && run.commit.title !== run.title ? (
        <span className="commit-title">{run.commit.title}</span>
      ) : null}
    </Fact>
  )
}

function Refs({ run }: { run: Run }) {
  if (!run.head?.ref || !run.base?.ref) return null
  return (
    <span>
      <code>{run.head.ref}</code> into <code>{run.base.ref}</code>
    </span>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className="fact">
      <span className="subtle">{name}</span> {children}
    </span>
  )
}

function RunNotices({ run }: { run: Run }) {
  return (
    <>
      {run.superseded_by !== null ? (
        <Notice kind="info" title="A newer commit replaced this one">
          <Link to="/pipeline/$id" params={{ id: String(run.superseded_by) }}>
            See its run
          </Link>
        </Notice>
      ) : null}
      {run.reason && run.causes.length === 0 ? <Notice kind={noticeKind(run)} title={run.reason} /> : null}
      {run.queue && !hasEnded(run.state) ? <QueueNotice queue={run.queue} /> : null}
    </>
  )
}

function noticeKind(run: Run): 'danger' | 'warning' | 'info' {
  if (run.state === 'failure') return 'danger'
  return run.state === 'error' ? 'warning' : 'info'
}
