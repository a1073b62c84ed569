/** The canonical states of every step, run and check. */
export const STATES = ['pending', 'running', 'success', 'failure', 'error', 'canceled', 'skipped'] as const
export type State = (typeof STATES)[number]

export type IconName =
  | 'hourglass'
  | 'spinner'
  | 'check-circle'
  | 'cross-circle'
  | 'triangle'
  | 'slashed-circle'
  | 'double-angle'
  | 'copy'
  | 'check'
  | 'moon'
  | 'sun'
  | 'search'
  | 'chevron-right'
  | 'arrow-down'
  | 'cube'
  | 'info'
  | 'lost'
  | 'user'
  | 'star'
  | 'star-filled'
  | 'cross'
  | 'clock'

export interface Look {
  word: string
  icon: IconName
  /** The label's modifier in PatternFly; grey has none. */
  color: 'grey' | 'blue' | 'green' | 'red' | 'orange' | 'purple'
  outline: boolean
  /** One character for the title of the tab, where no icon can stand. */
  mark: string
}

/** Icon, word and colour of each state: the same three everywhere. A state without a look is a type error. */
export const LOOKS: Record<State, Look> = {
  pending: { word: 'Waiting', icon: 'hourglass', color: 'grey', outline: false, mark: '…' },
  running: { word: 'Running', icon: 'spinner', color: 'blue', outline: false, mark: '▶' },
  success: { word: 'Passed', icon: 'check-circle', color: 'green', outline: false, mark: '✓' },
  failure: { word: 'Failed', icon: 'cross-circle', color: 'red', outline: false, mark: '✗' },
  error: { word: 'Broke', icon: 'triangle', color: 'orange', outline: false, mark: '▲' },
  canceled: { word: 'Cancelled', icon: 'slashed-circle', color: 'grey', outline: true, mark: '⊘' },
  skipped: { word: 'Skipped', icon: 'double-angle', color: 'purple', outline: false, mark: '»' },
}

/** What is said instead of a state that goes on though its end was asked for. */
export const CANCELLING = 'Cancelling'

/** Whether a state stays as it is. */
export function hasEnded(state: State): boolean {
  return state !== 'pending' && state !== 'running'
}
