import { Link } from '@tanstack/react-router'
import type { Step } from '../api/types.ts'
import { type Axis, makeAxis, queuedBar, runningBar, type Span } from '../lib/axis.ts'
import { useNow } from '../lib/clock.ts'
import { hasEnded, LOOKS } from '../lib/state.ts'
import { countText } from '../lib/test-results.ts'
import { formatDuration } from '../lib/time.ts'
import { QueueLine } from './QueueNotice.tsx'
import { StateLabel } from './StateLabel.tsx'
import { Duration } from './Time.tsx'

interface TimelineProps {
  steps: readonly Step[]
  /** Key of the step whose log is shown, see `stepKey`. */
  open: string | null
  onOpen: (key: string) => void
}

/** More targets than this that were skipped alike are folded. */
const MOST_ALIKE = 3

/** What names a step in addresses: `srpm-7`, `build-9`; null for one that has no log. */
export function stepKey(step: Step): string | null {
  return step.id === null || step.log === null ? null : `${step.kind}-${step.id}`
}

/**
 * One row a step on one time axis: waiting is light, working dark. It grows while something runs. Rows with a log
 * are buttons that show it.
 */
export function Timeline({ steps, open, onOpen }: TimelineProps) {
  const alive = steps.some((step) => !hasEnded(step.state) && (step.queued_at ?? step.started_at) !== null)
  const now = useNow(alive ? 0.5 : 0)
  const axis = makeAxis(steps.map(spanOf), now)
  return (
    <div className="timeline">
      <Ticks axis={axis} />
      <ol>
        {rowsOf(steps).map((row) =>
          Array.isArray(row) ? (
            <FoldedRow key={`folded ${row[0]?.name}`} steps={row} />
          ) : (
            <Row
              key={`${row.kind}-${row.id}-${row.name}`}
              step={row}
              axis={axis}
              now={now}
              open={open}
              onOpen={onOpen}
            />
          ),
        )}
      </ol>
    </div>
  )
}

/** Steps that stand for themselves, and those folded into one row: many that were skipped for the same reason. */
export function rowsOf(steps: readonly Step[]): (Step | Step[])[] {
  const alike = Map.groupBy(steps.filter(isSkippedTarget), (step) => step.reason)
  const rows: (Step | Step[])[] = []
  for (const step of steps) {
    const group = isSkippedTarget(step) ? (alike.get(step.reason) ?? []) : []
    if (group.length <= MOST_ALIKE) rows.push(step)
    else if (group[0] === step) rows.push(group)
  }
  return rows
}

function isSkippedTarget(step: Step): boolean {
  return step.state === 'skipped' && step.target !== null && step.reason !== null
}

function FoldedRow({ steps }: { steps: readonly Step[] }) {
  return (
    <li className="step step-folded">
      <details>
        <summary>
          {steps.length} chroots: {steps[0]?.reason}
        </summary>
        <ul className="plain">
          {steps.map((step) => (
            <li key={step.name}>
              <code>{step.name}</code>
            </li>
          ))}
        </ul>
      </details>
      <span className="step-state">
        <StateLabel state="skipped" />
      </span>
    </li>
  )
}

/** Of what has ended without a recorded end one knows only that it didn't go on until now. */
function spanOf({ state, queued_at, started_at, ended_at }: Step): Span {
  return { queued_at, started_at, ended_at: hasEnded(state) ? (ended_at ?? started_at ?? queued_at) : ended_at }
}

function Ticks({ axis }: { axis: Axis }) {
  const length = axis.end - axis.start
  return (
    <div className="ticks" aria-hidden="true">
      {axis.ticks.map((tick) => (
        <span
          key={tick}
          style={{ left: `${(tick / length) * 100}%` }}
          className={tick / length > 0.94 ? 'tick last' : 'tick'}
        >
          {tick < 1 && tick > 0 ? `${tick} s` : formatDuration(tick, true)}
        </span>
      ))}
    </div>
  )
}

interface RowProps {
  step: Step
  axis: Axis
  now: number
  open: string | null
  onOpen: (key: string) => void
}

function Row({ step, axis, now, open, onOpen }: RowProps) {
  const key = stepKey(step)
  const nested = step.target !== null
  const body = <RowBody step={step} axis={axis} now={now} />
  const look = `step ${nested ? 'step-nested' : ''}`
  if (key === null) return <li className={look}>{body}</li>
  return (
    <li className={look}>
      <button
        type="button"
        className="step-button"
        aria-expanded={key === open}
        aria-controls={key === open ? 'log' : undefined}
        aria-label={step.kind === 'test' ? `Log of the tests on ${step.name}` : `Log of ${step.name}`}
        onClick={() => onOpen(key)}
      />
      {body}
    </li>
  )
}

function RowBody({ step, axis, now }: { step: Step; axis: Axis; now: number }) {
  return (
    <>
      <span className="step-name">
        <StepName step={step} />
      </span>
      <span className="step-bars">
        <BarView bar={queuedBar(spanOf(step), axis, now)} className="bar-queued" />
        <BarView bar={runningBar(spanOf(step), axis, now)} className={`bar-ran bar-${LOOKS[step.state].color}`} />
      </span>
      <span className="step-state">
        <StateLabel state={step.state} reason={step.reason} isCancelling={step.cancel_reason !== null} />
      </span>
      <span className="step-took">
        <Duration from={step.started_at} to={step.ended_at} state={step.state} />
      </span>
      <Remark step={step} />
    </>
  )
}

/** Why it is so; of tests how many failed, or what they wait for. */
function Remark({ step: { state, reason, tests, queue } }: { step: Step }) {
  const waits = queue && state === 'pending' ? <QueueLine queue={queue} /> : null
  const remark = reason ?? (tests && tests.total > 0 ? countText(tests) : waits)
  return remark ? <span className="step-reason">{remark}</span> : null
}

/** The name of tests leads to their page, where each of them has its result. */
function StepName({ step: { kind, id, name, target } }: { step: Step }) {
  const text = target === null ? name : <code>{name}</code>
  if (kind !== 'test') return text
  const link = (
    <>
      {target === null ? null : 'Tests '}
      {text}
    </>
  )
  if (id === null) return link
  return (
    <Link to="/jobs/testing-farm/$id" params={{ id: String(id) }} className="step-link">
      {link}
    </Link>
  )
}

function BarView({ bar, className }: { bar: { left: number; width: number } | null; className: string }) {
  if (!bar) return null
  return <span className={className} style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />
}
