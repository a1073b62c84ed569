import { EVENT_TYPES, type EventType, JOB_KINDS, type JobKind } from './counts.ts'
import { formatInstant, type Instant } from './instant.ts'
import { boundariesOf, type Intervals } from './periods.ts'
import { fromWords } from './report.ts'

type Thing = 'objects' | JobKind

/** What is counted of adjacent intervals; they are numbered from 1, zero is left out. */
export interface IntervalCounts {
  things: { interval: number; of: Thing; type: EventType; number: number }[]
  /** How many projects had any. */
  projects: { interval: number; of: Thing; number: number }[]
}

/** When a project had its first object and its first job of each kind, in microseconds since 1970. */
export interface FirstUse {
  url: string
  firsts: Partial<Record<Thing, number | null>>
}

interface Point {
  /** The interval's end. */
  x: string
  y: number
}

/** The answer for adjacent intervals; every series goes from the oldest to the newest. */
export function toIntervalUsage(intervals: Intervals, counts: IntervalCounts, uses: readonly FirstUse[]) {
  const boundaries = boundariesOf(intervals)
  const ends = boundaries.slice(1)
  const [begin = intervals.end] = boundaries
  const labels = ends.map((end) => toLabel(end, intervals.days === 0))
  const series = (yOf: (interval: number) => number): Point[] => labels.map((x, i) => ({ x, y: yOf(i + 1) }))
  const numbers = sumUp(
    counts.things.flatMap((row) => [
      { ...row, key: row.of },
      { ...row, key: `${row.of} ${row.type}` },
    ]),
  )
  const projects = sumUp(counts.projects.map((row) => ({ ...row, key: row.of })))
  const cumulative = (of: Thing) => {
    const ever = countUpTo(uses, of, ends)
    return series((interval) => ever[interval - 1] ?? 0)
  }
  return {
    jobs: fromWords(JOB_KINDS, (kind) => series((interval) => numbers(kind, interval))),
    jobs_project_count: fromWords(JOB_KINDS, (kind) => series((interval) => projects(kind, interval))),
    jobs_project_cumulative_count: fromWords(JOB_KINDS, cumulative),
    events: fromWords(EVENT_TYPES, (type) => series((interval) => numbers(`objects ${type}`, interval))),
    active_projects: series((interval) => projects('objects', interval)),
    active_projects_cumulative: cumulative('objects'),
    onboarded_projects: findNew(uses, 'objects', begin, intervals.end),
    onboarded_projects_per_job: fromWords(JOB_KINDS, (kind) => findNew(uses, kind, begin, intervals.end)),
    from: toLocal(begin),
    to: toLocal(intervals.end),
  }
}

function sumUp(rows: readonly { key: string; interval: number; number: number }[]) {
  const sums = new Map<string, number>()
  for (const { key, interval, number } of rows) {
    const place = `${interval} ${key}`
    sums.set(place, (sums.get(place) ?? 0) + number)
  }
  return (key: string, interval: number) => sums.get(`${interval} ${key}`) ?? 0
}

/** How many projects had their first one before each of some ascending instants. */
function countUpTo(uses: readonly FirstUse[], of: Thing, ends: readonly Instant[]): number[] {
  const firsts = uses.flatMap(({ firsts }) => firsts[of] ?? []).sort((a, b) => a - b)
  let count = 0
  return ends.map((end) => {
    while (count < firsts.length && BigInt(firsts[count] ?? 0) < end) count += 1
    return count
  })
}

/** Projects that had their first one within the intervals, in the order in which they did. */
function findNew(uses: readonly FirstUse[], of: Thing, from: Instant, before: Instant): string[] {
  return uses
    .flatMap(({ url, firsts }) => {
      const first = firsts[of] ?? null
      return first !== null && BigInt(first) >= from && BigInt(first) < before ? [{ url, first }] : []
    })
    .sort((a, b) => a.first - b.first || (a.url < b.url ? -1 : 1))
    .map(({ url }) => url)
}

const toLabel = (end: Instant, onlyHours: boolean) =>
  onlyHours ? formatInstant(end).slice(11, 16) : formatInstant(end).replace(/T.*/, '')

/** A date-time without zone, as Packit Service writes it. */
const toLocal = (instant: Instant) => formatInstant(instant).slice(0, 19)
