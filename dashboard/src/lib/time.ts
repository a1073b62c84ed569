const UNITS: readonly [name: string, seconds: number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

/**
 * How long ago, in one unit, rounded down: `3 minutes ago`, `in 2 hours`, `just now` within five seconds.
 *
 * @param at   epoch seconds
 * @param now  epoch seconds
 */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(now - at)
  if (distance < 5) return 'just now'
  for (const [name, seconds] of UNITS) {
    if (distance < seconds) continue
    const count = Math.floor(distance / seconds)
    const text = `${count} ${name}${count === 1 ? '' : 's'}`
    return at > now ? `in ${text}` : `${text} ago`
  }
  return 'just now'
}

/**
 * A duration in at most two units: `0.4 s`, `42 s`, `3 min 5 s`, `2 h 4 min`, `3 d 4 h`.
 *
 * @param seconds  negative (clocks that differ) counts as none
 * @param whole    no fractions, for durations that still grow
 */
export function formatDuration(seconds: number, whole = false): string {
  const total = Math.max(0, seconds)
  if (!whole && total < 9.95) return `${total.toFixed(1)} s`
  const full = whole ? Math.floor(total) : Math.round(total)
  if (full < 60) return `${full} s`
  if (full < 3_600) return join(Math.floor(full / 60), 'min', full % 60, 's')
  if (full < 86_400) return join(Math.floor(full / 3_600), 'h', Math.floor((full % 3_600) / 60), 'min')
  return join(Math.floor(full / 86_400), 'd', Math.floor((full % 86_400) / 3_600), 'h')
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'long' })

/** The exact time in the reader's time zone, for titles. `at` is in epoch seconds. */
export function exactTime(at: number): string {
  return EXACT.format(new Date(at * 1000))
}

/** The time as `<time dateTime>` wants it. */
export function isoTime(at: number): string {
  return new Date(at * 1000).toISOString()
}
