/** What is known about a run that waits. Durations are in seconds; null where nothing like it was ever done. */
export interface WaitingRun {
  /** Seconds since 1970. */
  now: number
  /** Runs that go before it and have not ended. */
  ahead: number
  /** How many steps are worked on at a time. */
  slots: number
  /** How much work a run is, all its steps together. */
  workOfRun: number | null
  /** How long its SRPM takes, and each of its targets. */
  srpm: number | null
  targets: readonly (number | null)[]
}

/** When a run may begin and end, in seconds since 1970. */
export interface QueueEstimate {
  expectedStart: number | null
  expectedEnd: number | null
}

/**
 * Expects a run to begin as soon as a slot is free, and the slots to be shared evenly. Without history nothing is
 * expected: no time is better than a wrong one.
 */
export function estimateQueue({ now, ahead, slots, workOfRun, srpm, targets }: WaitingRun): QueueEstimate {
  const toEnd = Math.max(0, ahead - slots + 1)
  const expectedStart = toEnd === 0 ? now : workOfRun === null ? null : now + (toEnd * workOfRun) / slots
  const durations = targets.filter((seconds) => seconds !== null)
  if (expectedStart === null || srpm === null || durations.length < targets.length)
    return { expectedStart: round(expectedStart), expectedEnd: null }
  const sum = durations.reduce((all, seconds) => all + seconds, 0)
  // builds of a run go side by side where there are slots for them
  const builds = Math.max(0, ...durations, sum / slots)
  return { expectedStart: round(expectedStart), expectedEnd: round(expectedStart + srpm + builds) }
}

const round = (seconds: number | null) => (seconds === null ? null : Math.round(seconds))
