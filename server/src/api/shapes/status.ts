import { cancellingText, hasEnded, STATES, type State, stateOfStatus, toBuildStatus } from '../../domain/status.ts'

/**
 * Times of the contract are whole seconds, the fraction cut off; null where 1970 begins, which an import writes for a time
 * that its source did not have.
 */
export function toEpoch(seconds: number | null): number | null {
  return seconds === null || seconds === 0 ? null : Math.trunc(seconds)
}

interface Stored {
  /** The contract's word, where a row has one of its own. */
  status: string | null
  state: string | null
}

/** The contract's word for an SRPM or a build target: the stored one, else what follows from the state. */
export function toStatus(row: Stored, srpmState: string | null = 'success'): string | null {
  if (row.status !== null) return row.status
  const state = asState(row.state)
  return state && toBuildStatus(state, srpmState !== 'success')
}

/** A build target that the old lists leave out: there is no SRPM for it yet. */
export function waitsForSrpm(row: Stored, srpmState: string | null): boolean {
  return toStatus(row, srpmState) === 'waiting_for_srpm'
}

/** The state of a row: its own, else what its status says; `error` for a word that nobody knows. */
export function toState(row: Stored): State {
  return asState(row.state) ?? stateOfStatus(row.status)
}

/** Why, and by whom, cancelling was asked for, of what has not ended yet; `reason` says it meanwhile. */
export function toCancel(row: Stored & { reason: string | null; cancelReason: string | null }) {
  const asked = hasEnded(toState(row)) ? null : row.cancelReason
  return asked === null ? { cancel_reason: null } : { cancel_reason: asked, reason: cancellingText(asked) }
}

function asState(word: string | null): State | null {
  return STATES.find((state) => state === word) ?? null
}
