import type { Database } from '../db/database.ts'
import { countIntervals, countUsage, findFirstUses, findOnboarding } from '../db/read-usage.ts'
import { ASKED, type Snapshot, UsageSnapshots } from '../db/usage-snapshots.ts'
import type { UsageCounts } from '../domain/usage/counts.ts'
import { formatInstant } from '../domain/usage/instant.ts'
import {
  type Intervals,
  intervalsId,
  makeIntervals,
  PAST_KINDS,
  type PastKind,
  type Period,
  parseIntervalsId,
  pastId,
  pastPeriod,
} from '../domain/usage/periods.ts'
import { MAX_TOP, toPastUsage } from '../domain/usage/report.ts'
import { toIntervalUsage } from '../domain/usage/series.ts'

/** The intervals that the pages of Packit Service ask for. */
const WELL_KNOWN: readonly Pick<Intervals, 'days' | 'hours' | 'count'>[] = [
  { days: 0, hours: 1, count: 24 },
  { days: 1, hours: 0, count: 7 },
  { days: 1, hours: 0, count: 30 },
  { days: 7, hours: 0, count: 52 },
]

/** For what is there already most of the time. */
const PATIENCE_MS = 15_000
/** For what somebody thinks up. */
const ASKED_PATIENCE_MS = 1000
/** Made again by the job when it is older, so that nobody meets one of five minutes. */
const RENEW_MS = 90_000

/**
 * Usage statistics as JSON text, each counted once and kept for five minutes. `undefined` where a report can't be made in
 * a bearable time: it is being made, and there for who asks again.
 */
export class UsageReports {
  readonly #snapshots: UsageSnapshots
  readonly #now: () => Date

  constructor(database: Database, now: () => Date) {
    this.#snapshots = new UsageSnapshots(database, now)
    this.#now = now
  }

  /** Names the report of a well-known period as of now. */
  pastId(kind: PastKind): string {
    return pastId(kind, this.#now())
  }

  /** Names the report of intervals as of now. */
  intervalsId(asked: Pick<Intervals, 'days' | 'hours' | 'count'>): string {
    return intervalsId(makeIntervals(asked, this.#now()))
  }

  /** The report of a well-known period; null for an id that names none. */
  async readPast(kind: PastKind, id: string): Promise<string | undefined | null> {
    if (id === this.pastId(kind)) return this.#snapshots.read(this.#past(kind))
    return (await this.#snapshots.find(`${kind}/${id}`))?.text ?? null
  }

  /** The report of intervals; null for an id that names none. */
  async readIntervals(id: string): Promise<string | undefined | null> {
    const intervals = parseIntervalsId(id)
    if (!intervals) return null
    if (id === this.intervalsId(intervals)) return this.#snapshots.read(this.#intervals(intervals))
    return (await this.#snapshots.find(this.#intervals(intervals).key))?.text ?? null
  }

  /** The counts of any period. */
  async readCounts(period: Period): Promise<UsageCounts | undefined> {
    const text = await this.#snapshots.read(this.#counts(period))
    return text === undefined ? undefined : (JSON.parse(text) as UsageCounts)
  }

  /** Projects that use the service downstream. */
  async readOnboarding(): Promise<string | undefined> {
    return this.#snapshots.read(this.#onboarding())
  }

  /** Makes all well-known reports that nobody made lately. */
  async renew(): Promise<void> {
    const intervals = WELL_KNOWN.map((asked) => this.#intervals(makeIntervals(asked, this.#now())))
    const reports = [
      ...PAST_KINDS.map((kind) => this.#past(kind)),
      ...intervals,
      this.#onboarding(),
      this.#counts(ALWAYS),
    ]
    for (const report of reports) await this.#snapshots.renew(report, RENEW_MS)
  }

  #past(kind: PastKind): Snapshot {
    const now = this.#now()
    return wellKnown(`${kind}/${pastId(kind, now)}`, async (tx) => {
      const { onboarded } = await findOnboarding(tx, Number.MAX_SAFE_INTEGER)
      return toPastUsage(await countUsage(tx, pastPeriod(kind, now)), Object.keys(onboarded).length)
    })
  }

  #intervals(intervals: Intervals): Snapshot {
    const key = `intervals/${intervalsId(intervals)}`
    const make: Snapshot['make'] = async (tx) =>
      toIntervalUsage(intervals, await countIntervals(tx, intervals), await findFirstUses(tx))
    const { days, hours, count } = intervals
    const isWellKnown = WELL_KNOWN.some((each) => each.days === days && each.hours === hours && each.count === count)
    return isWellKnown ? wellKnown(key, make) : { key: ASKED + key, make, patienceMs: PATIENCE_MS, wellKnown: false }
  }

  #counts(period: Period): Snapshot {
    const make: Snapshot['make'] = (tx) => countUsage(tx, period)
    if (period.from === null && period.before === null) return wellKnown('counts', make)
    const [from, before] = [period.from, period.before].map((end) => (end === null ? '' : formatInstant(end)))
    return { key: `${ASKED}counts/${from}/${before}`, make, patienceMs: ASKED_PATIENCE_MS, wellKnown: false }
  }

  #onboarding(): Snapshot {
    return wellKnown('onboarded-projects', (tx) => findOnboarding(tx, MAX_TOP))
  }
}

const ALWAYS: Period = { from: null, before: null }

function wellKnown(key: string, make: Snapshot['make']): Snapshot {
  return { key, make, patienceMs: PATIENCE_MS, wellKnown: true }
}
