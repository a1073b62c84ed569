import { CANCELLING, hasEnded, LOOKS, type State } from '../lib/state.ts'
import { Icon } from './Icon.tsx'

const COLORS = {
  grey: '',
  blue: 'pf-m-blue',
  green: 'pf-m-green',
  red: 'pf-m-red',
  orange: 'pf-m-orange',
  purple: 'pf-m-purple',
} as const

interface StateLabelProps {
  state: State
  /** Shown on hover; where it matters it stands beside in words. */
  reason?: string | null
  /** Somebody asked for its end, and it goes on until whoever runs it has stopped it. */
  isCancelling?: boolean
}

/** A state as an icon, a word and a colour. */
export function StateLabel({ state, reason, isCancelling = false }: StateLabelProps) {
  const { icon, color, outline } = LOOKS[state]
  const word = isCancelling && !hasEnded(state) ? CANCELLING : LOOKS[state].word
  const look = `${COLORS[color]} ${outline ? 'pf-m-outline' : ''}`
  return (
    <span className={`pf-v6-c-label state ${look}`} title={reason ?? undefined}>
      <span className="pf-v6-c-label__content">
        <span className="pf-v6-c-label__icon">
          <Icon name={icon} className={state === 'running' ? 'spins' : ''} />
        </span>
        <span className="pf-v6-c-label__text">{word}</span>
      </span>
    </span>
  )
}

/** The same in little, where many stand in a row: the icon in its colour, the word for screen readers and on hover. */
export function StateMark({ state, label }: { state: State; label?: string }) {
  const { word, icon, color } = LOOKS[state]
  return (
    <span className={`mark mark-${color}`} title={label ? `${label}: ${word}` : word}>
      <Icon name={icon} className={state === 'running' ? 'spins' : ''} />
      <span className="sr-only">{word}</span>
    </span>
  )
}
