import type { CheckRow } from '../db/events.ts'
import type { CheckPhase } from '../domain/check.ts'
import { hasEnded, LOOKS, type State } from '../domain/status.ts'
import type { ShownCheck } from '../forges/forge.ts'
import { titleText } from './check-text.ts'
import type { ReportTiming } from './deps.ts'

/** What is to be done about a check now. */
export type NextStep =
  | { do: 'nothing' }
  /** Too early: to be looked at again. */
  | { do: 'wait'; ms: number }
  | {
      do: 'show'
      /** A check run of its own, instead of the one that is shown. */
      isNew: boolean
      /** It may be on the forge already: whoever tried last did not get to say. */
      isUnsure: boolean
      isUrgent: boolean
      /** Remarks at lines are sent once: a forge adds them to those it has. */
      withAnnotations: boolean
    }

const NOTHING: NextStep = { do: 'nothing' }

/**
 * What brings a forge nearer to a check. The first and last state of an attempt are shown at once, others no oftener than
 * `spacingMs`; a check that runs is not shown as waiting again.
 */
export function nextStep(row: CheckRow, now: Date, { spacingMs }: ReportTiming, isSuperseded: boolean): NextStep {
  if (row.shownVersion >= row.version) return NOTHING
  const nobodySawIt = row.shownAt === null && row.claimedUntil === null
  if (isSuperseded && nobodySawIt) return NOTHING
  const heldMs = msUntil(row.claimedUntil, now)
  if (heldMs > 0) return { do: 'wait', ms: heldMs }
  // whoever noted that queued a job for then
  if (msUntil(row.waitsUntil, now) > 0) return NOTHING

  const isFirst = row.shownAttempt !== row.attempt
  const ended = hasEnded(row.state)
  const showsEnd = row.shownState !== null && hasEnded(row.shownState)
  const showedEnd = !isFirst && showsEnd
  if (!isFirst && row.shownState === 'running' && row.state === 'pending') return NOTHING
  const isUrgent = isFirst || (ended && !(showedEnd && row.shownState === row.state))
  const earlyMs = row.shownAt === null ? 0 : msUntil(new Date(row.shownAt.getTime() + spacingMs), now)
  if (!isUrgent && earlyMs > 0) return { do: 'wait', ms: earlyMs }
  // what has ended is not opened again: forges show the newest of a name
  const isNew = row.forgeId === null || (showsEnd && (isFirst || !ended))
  return {
    do: 'show',
    isNew,
    isUnsure: row.claimedUntil !== null,
    isUrgent,
    withAnnotations: ended && (isNew || !showedEnd),
  }
}

function msUntil(time: Date | null, now: Date): number {
  return time === null ? 0 : time.getTime() - now.getTime()
}

/** A check as a forge is told of it. */
export function toShownCheck(
  row: CheckRow,
  of: { sha: string; eventId: number },
  { isUrgent, withAnnotations }: NextStep & { do: 'show' },
): ShownCheck {
  return {
    name: row.name,
    sha: of.sha,
    externalId: String(of.eventId),
    phase: phaseOf(row),
    output: {
      title: titleText(row.title),
      summary: row.summary || titleText(row.title),
      annotations: withAnnotations ? row.annotations : [],
      buttons: row.buttons,
    },
    url: row.link,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    isUrgent,
  }
}

/** Where a check stands, in the words of forges. */
export function phaseOf({ state, conclusion }: Pick<CheckRow, 'state' | 'conclusion'>): CheckPhase {
  const word = LOOKS[state].checkRun
  if (word === 'queued' || word === 'in_progress') return { status: word }
  return { status: 'completed', conclusion: conclusion ?? word }
}

/** Ends that a comment tells of, where neither checks nor statuses are to be had. */
export function isWorthComment(state: State): boolean {
  return state === 'success' || state === 'failure' || state === 'error'
}
