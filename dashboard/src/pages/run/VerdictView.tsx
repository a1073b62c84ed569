import { Link } from '@tanstack/react-router'
import { Icon } from '../../components/Icon.tsx'
import type { IconName, Look } from '../../lib/state.ts'
import type { Verdict } from './useVerdicts.ts'

const LOOKS: Record<Verdict['kind'], { word: string; icon: IconName; color: Look['color']; text: string }> = {
  new: { word: 'New failure', icon: 'cross-circle', color: 'red', text: 'it passed' },
  old: { word: 'Already failing', icon: 'triangle', color: 'orange', text: 'it failed' },
  flaky: { word: 'Flaky', icon: 'triangle', color: 'orange', text: 'it passed' },
}

interface VerdictViewProps {
  verdict: Verdict
  run: number
  /** The chroots that it is said of, where it is not the same in all. */
  targets: string[]
}

/** Whether the change broke it, and the run that says so. */
export function VerdictView({ verdict, run, targets }: VerdictViewProps) {
  const { word, icon, color, text } = LOOKS[verdict.kind]
  const other = verdict.other.merged_run_id
  return (
    <p className="verdict">
      <strong className={`mark mark-${color}`}>
        <Icon name={icon} /> {word}
      </strong>
      <span>
        {targets.length > 0 ? (
          <>
            in <code>{targets.join(', ')}</code>:{' '}
          </>
        ) : null}
        {text} {verdict.where},{' '}
        <Link to="/pipeline/$id" params={{ id: String(other) }}>
          run {other}
        </Link>
      </span>
      <Link to="/compare" search={{ a: String(other), b: String(run) }}>
        Compare
      </Link>
    </p>
  )
}
