import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { idFrom, runQuery } from '../api/queries.ts'
import type { Run, Step } from '../api/types.ts'
import { LogView } from '../components/LogView.tsx'
import { StaleNotice } from '../components/Stale.tsx'
import { StateLabel } from '../components/StateLabel.tsx'
import { stepKey, Timeline } from '../components/Timeline.tsx'
import { parseLines, rangeOf } from '../lib/lines.ts'
import { triggerName } from '../lib/names.ts'
import type { RunSearch } from '../lib/run-search.ts'
import { hasEnded, LOOKS } from '../lib/state.ts'
import { Causes } from './run/Causes.tsx'
import { ChecksView } from './run/ChecksView.tsx'
import { DecisionView } from './run/DecisionView.tsx'
import { FilesView } from './run/FilesView.tsx'
import { InstallView } from './run/InstallView.tsx'
import { OtherJobs } from './run/OtherJobs.tsx'
import { RunHeading } from './run/RunHeading.tsx'
import { Siblings } from './run/Siblings.tsx'

interface RunPageProps {
  id: string
  search: RunSearch
  hash: string
}

/** One run: the answer first (why it failed, or how to install it), then its steps and logs, then why it was made. */
export function RunPage({ id, search, hash }: RunPageProps) {
  const { data: run, error, dataUpdatedAt } = useSuspenseQuery(runQuery(idFrom(id)))
  const name = triggerName(run.trigger)
  return (
    <>
      <title>{`${LOOKS[run.state].mark} ${LOOKS[run.state].word} ${name} · Packit`}</title>
      <RunHeading run={run} />
      <StaleNotice error={error} at={dataUpdatedAt} />
      <Causes run={run} />
      <InstallView run={run} />
      <Siblings run={run} />
      <Steps run={run} search={search} hash={hash} />
      <FilesView run={run} />
      <DecisionView decision={run.decision} />
      <ChecksView checks={run.checks} />
    </>
  )
}

function Steps({ run, search, hash }: { run: Run; search: RunSearch; hash: string }) {
  const navigate = useNavigate()
  const [automatic] = useAutomaticLog(run.steps)
  const open = search.log ?? automatic
  const step = run.steps.find((candidate) => stepKey(candidate) === open)
  const go = (log: string, line?: string) =>
    void navigate({
      to: '/pipeline/$id',
      params: { id: String(run.merged_run_id) },
      search: { log },
      ...(line ? { hash: line } : {}),
      replace: true,
      resetScroll: false,
    })
  return (
    <section className="steps">
      <h2>Steps</h2>
      {run.steps.length === 0 ? (
        <p className="subtle">Nothing was started for this run.</p>
      ) : (
        <Timeline steps={run.steps} open={open} onOpen={(key) => go(key === open ? 'none' : key)} />
      )}
      <OtherJobs run={run} />
      {step ? <StepLog key={open} step={step} run={run} hash={hash} onPick={go} /> : null}
    </section>
  )
}

/**
 * The log that opens by itself: what runs now, else what failed. It stays with a step that has ended until the next
 * one writes, so that the last lines don't vanish under the reader's eyes; after a success nothing is open at first.
 */
function useAutomaticLog(steps: readonly Step[]): [string | null] {
  const [last, setLast] = useState<string | null>(null)
  const withLog = steps.filter((step) => stepKey(step) !== null)
  const running = withLog.find((step) => step.state === 'running')
  const failed = withLog.find((step) => step.state === 'failure' || step.state === 'error')
  const current = running ?? failed
  const key = current ? stepKey(current) : last
  if (key !== last) setLast(key)
  return [key]
}

const PAGES = { srpm: '/jobs/srpm/$id', build: '/jobs/copr/$id', test: '/jobs/testing-farm/$id' } as const

interface StepLogProps {
  step: Step
  run: Run
  hash: string
  /** Keeps this log open, at a line if one is given. */
  onPick: (log: string, line?: string) => void
}

function StepLog({ step, run, hash, onPick }: StepLogProps) {
  const key = stepKey(step)
  const named = useMemo(() => parseLines(hash), [hash])
  const cause = run.causes.find((candidate) => candidate.step === step.kind && candidate.id === step.id)
  const failed = useMemo(() => rangeOf(cause?.lines ?? []), [cause])
  if (key === null || step.log === null || step.id === null) return null
  const kind = step.kind === 'srpm' || step.kind === 'test' ? step.kind : 'build'
  return (
    <LogView
      source={{ path: step.log, step: kind, id: step.id, hasEnded: hasEnded(step.state), size: step.log_size }}
      title={
        <>
          <Link to={PAGES[kind]} params={{ id: String(step.id) }}>
            {step.target === null ? step.name : <code>{step.name}</code>}
          </Link>{' '}
          <StateLabel state={step.state} isCancelling={step.cancel_reason !== null} />
        </>
      }
      href={`pipeline/${run.merged_run_id}?log=${key}`}
      target={named ?? failed}
      isNamed={named !== null}
      onPick={(line) => onPick(key, line)}
      onHold={() => onPick(key)}
    />
  )
}
