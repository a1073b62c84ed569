import { DAY, formatDay, formatInstant, fromDate, HOUR, type Instant, startOf } from './instant.ts'

/** From an instant on, before another one; null is open. */
export interface Period {
  from: Instant | null
  before: Instant | null
}

/** The well-known periods, by how many days they reach back; `total` has no beginning. */
const PAST_DAYS = { 'past-day': 1, 'past-week': 7, 'past-month': 30, 'past-year': 365, total: null } as const
export type PastKind = keyof typeof PAST_DAYS
export const PAST_KINDS = Object.keys(PAST_DAYS) as PastKind[]

/** A well-known period as of now: from the midnight (UTC) so many days ago; what comes later belongs to it. */
export function pastPeriod(kind: PastKind, now: Date): Period {
  const days = PAST_DAYS[kind]
  return { from: days === null ? null : startOf(DAY, fromDate(now)) - BigInt(days) * DAY, before: null }
}

/** Names the snapshot of a well-known period: the day it begins, `all` without a beginning. */
export function pastId(kind: PastKind, now: Date): string {
  const { from } = pastPeriod(kind, now)
  return from === null ? 'all' : formatDay(from)
}

/** Adjacent intervals of one length. */
export interface Intervals {
  days: number
  hours: number
  count: number
  /** Where the last one ends. */
  end: Instant
}

export const MAX_DAYS = 366
export const MAX_HOURS = 8784
export const MAX_COUNT = 400

/** Intervals of which the last one ends at the current full hour. */
export function makeIntervals(asked: Pick<Intervals, 'days' | 'hours' | 'count'>, now: Date): Intervals {
  return { ...asked, end: startOf(HOUR, fromDate(now)) }
}

/** Names the snapshot of intervals, e.g. `1d-0h-7x-2026-11-25T19`. */
export function intervalsId({ days, hours, count, end }: Intervals): string {
  return `${days}d-${hours}h-${count}x-${formatInstant(end).slice(0, 13)}`
}

/** The intervals that a name stands for; `undefined` when it is none that `intervalsId` made within the limits. */
export function parseIntervalsId(id: string): Intervals | undefined {
  const found = /^(\d{1,3})d-(\d{1,4})h-(\d{1,3})x-(\d{4}-\d\d-\d\dT\d\d)$/.exec(id)
  if (!found) return undefined
  const [days, hours, count] = found.slice(1, 4).map(Number) as [number, number, number]
  const ms = Date.parse(`${found[4]}:00:00Z`)
  const known =
    days <= MAX_DAYS && hours <= MAX_HOURS && count >= 1 && count <= MAX_COUNT && days + hours > 0 && !Number.isNaN(ms)
  if (!known) return undefined
  const intervals = { days, hours, count, end: BigInt(ms) * 1000n }
  return intervalsId(intervals) === id ? intervals : undefined
}

/** The ends of intervals, oldest first: one more than there are intervals. */
export function boundariesOf({ days, hours, count, end }: Intervals): Instant[] {
  const length = BigInt(days) * DAY + BigInt(hours) * HOUR
  return Array.from({ length: count + 1 }, (_, i) => end - BigInt(count - i) * length)
}

/** What is read of a period: whole days as rows of presence, and what is left at its ends from the pipelines. */
export interface Parts {
  /** The first whole day, as `2026-11-25` or `-infinity`. */
  firstDay: string
  /** The day after the last whole one; not after `firstDay` when there is none. */
  endDay: string
  rest: { from: string; before: string }[]
}

/** Splits a period at the midnights (UTC) inside it. */
export function splitAtDays({ from, before }: Period): Parts {
  if (from !== null && before !== null && before <= from) return { firstDay: 'infinity', endDay: 'infinity', rest: [] }
  const first = from === null ? null : -startOf(DAY, -from)
  const end = before === null ? null : startOf(DAY, before)
  const isWithinDay = first !== null && end !== null && first >= end
  const rest: [Instant, Instant][] = []
  if (from !== null && before !== null && isWithinDay) rest.push([from, before])
  else {
    if (from !== null && first !== null) rest.push([from, first])
    if (end !== null && before !== null) rest.push([end, before])
  }
  return {
    firstDay: first === null ? '-infinity' : formatDay(first),
    endDay: end === null ? 'infinity' : isWithinDay && first !== null ? formatDay(first) : formatDay(end),
    rest: rest.filter(([a, z]) => a < z).map(([a, z]) => ({ from: formatInstant(a), before: formatInstant(z) })),
  }
}
