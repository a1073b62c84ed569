import { combineStates, hasEnded, type State } from './status.ts'

/** A run as far as a badge shows it. */
export interface BadgeRun {
  eventId: number | null
  package: string
  /** Whether its head was replaced by a newer one. */
  isReplaced: boolean
  isPush: boolean
  /** How it stands; of one target how its builds there do. */
  states: readonly State[]
}

/**
 * The state that a badge shows: that of the newest event all of whose packages have ended, so that a badge does not
 * flicker while work goes on; of an event that still runs only if there is no other. Where no branch or pull request was
 * asked for, pushes come before all else.
 *
 * @param runs  the newest first
 * @returns  null when there is nothing to show
 */
export function decideBadgeState(runs: readonly BadgeRun[], isOfTrigger: boolean): State | null {
  const living = runs.filter((run) => !run.isReplaced && run.states.length > 0)
  const pushes = isOfTrigger ? [] : living.filter((run) => run.isPush)
  const events = Map.groupBy(pushes.length > 0 ? pushes : living, ({ eventId }) => eventId)
  const states = [...events.values()].map((ofEvent) =>
    combineStates(newestOfPackages(ofEvent).flatMap((r) => r.states)),
  )
  return states.find(hasEnded) ?? states[0] ?? null
}

function newestOfPackages(runs: readonly BadgeRun[]): BadgeRun[] {
  return [...Map.groupBy(runs, (run) => run.package).values()].flatMap(([newest]) => (newest ? [newest] : []))
}
