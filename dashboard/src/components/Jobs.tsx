import { Link } from '@tanstack/react-router'
import { JOB_LISTS } from '../lib/job-lists.ts'
import { type NamedTrigger, triggerName } from '../lib/names.ts'
import { LOOKS, type State } from '../lib/state.ts'
import { Icon } from './Icon.tsx'

/** The lists of jobs, each at its own address; they wrap, so that none is hidden. */
export function JobLists() {
  return (
    <nav className="job-lists" aria-label="Kinds of jobs">
      {JOB_LISTS.map(([path, name]) => (
        <Link
          key={path}
          to={`/jobs/${path}`}
          className="pf-v6-c-button pf-m-small pf-m-tertiary"
          activeProps={{ className: 'pf-v6-c-button pf-m-small pf-m-secondary pressed' }}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {name}
        </Link>
      ))}
    </nav>
  )
}

interface TargetPillProps {
  state: State
  /** Chroot or branch; left out where the state is all there is to say. */
  target?: string | null
  /** Page of the target; null where it has none. */
  to: string | null
}

/** A target with its state, as a link to its page: icon, word on hover and for screen readers, the whole name. */
export function TargetPill({ state, target, to }: TargetPillProps) {
  const { word, icon, color } = LOOKS[state]
  const title = `${target ? `${target}: ` : ''}${word}`
  const body = (
    <>
      <span className={`mark mark-${color}`}>
        <Icon name={icon} className={state === 'running' ? 'spins' : ''} />
      </span>{' '}
      {target ? (
        <>
          <code>{target}</code>
          <span className="sr-only">{word}</span>
        </>
      ) : (
        word
      )}
    </>
  )
  if (to === null) {
    return (
      <span className="pill" title={title}>
        {body}
      </span>
    )
  }
  return (
    <Link to={to} className="pill" title={title}>
      {body}
    </Link>
  )
}

interface JobTriggerProps {
  trigger: NamedTrigger
  runId: number | null
}

/** What a job was for, as a link to its run. */
export function JobTrigger({ trigger, runId }: JobTriggerProps) {
  const name = triggerName(trigger) || 'Unknown project'
  if (runId === null) return <span className="name strong">{name}</span>
  return (
    <Link to="/pipeline/$id" params={{ id: String(runId) }} className="name strong">
      {name}
    </Link>
  )
}
