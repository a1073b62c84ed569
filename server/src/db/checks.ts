import { and, eq, inArray, isNull, lte, notInArray, or, sql } from 'drizzle-orm'
import type { CheckAnnotation, CheckButton, CheckConclusion } from '../domain/check.ts'
import type { State } from '../domain/status.ts'
import { type Db, query } from './database.ts'
import type { CheckRow } from './events.ts'
import { checks } from './schema.ts'

/** What a forge shall show under one name. */
export interface WantedCheck {
  name: string
  state: State
  /** Where it is another than that of the state. */
  conclusion: CheckConclusion | null
  title: string
  /** Markdown. */
  summary: string
  link: string | null
  annotations: CheckAnnotation[]
  buttons: CheckButton[]
  startedAt: Date | null
  endedAt: Date | null
  /** Of the run it shows: a further one begins a new check run on the forge. */
  attempt: number
}

/** What a report writes, by the names of the columns. */
const WRITTEN = {
  ...{ state: 'state', conclusion: 'conclusion', title: 'title', summary: 'summary', link: 'link' },
  ...{ annotations: 'annotations', buttons: 'buttons', attempt: 'attempt' },
  ...{ startedAt: 'started_at', endedAt: 'ended_at' },
} as const
const columnsOf = (row: string) =>
  sql.raw(
    Object.values(WRITTEN)
      .map((name) => `${row}.${name}`)
      .join(', '),
  )
const WRITE_NEW = Object.fromEntries(
  Object.entries(WRITTEN).map(([field, name]) => [field, sql.raw(`excluded.${name}`)]),
)

/** Reports of one event wait for each other until the transaction ends, so that none writes what it read before another. */
export async function lockChecks(tx: Db, eventId: number): Promise<void> {
  await query(tx, sql`select pg_advisory_xact_lock(hashtext('checks'), hashtext(${String(eventId)}))`)
}

/** Writes the wanted state of an event's checks; `version` grows where something changed. Gives the names that did. */
export async function writeChecks(tx: Db, eventId: number, wanted: readonly WantedCheck[]): Promise<string[]> {
  // a statement may write a row once
  const values = [...new Map(wanted.map((check) => [check.name, { eventId, ...check }])).values()]
  if (values.length === 0) return []
  // what can't be told later is not made to wait for what could
  const isPressing = sql`${checks.attempt} <> excluded.attempt or excluded.state not in ('pending', 'running')`
  const rows = await tx
    .insert(checks)
    .values(values)
    .onConflictDoUpdate({
      target: [checks.eventId, checks.name],
      set: {
        ...WRITE_NEW,
        version: sql`${checks.version} + 1`,
        updatedAt: sql`now()`,
        waitsUntil: sql`case when ${isPressing} then null else ${checks.waitsUntil} end`,
        // a reason without a time is no waiting: it stays true
        waitsFor: sql`case when ${isPressing} and ${checks.waitsUntil} is not null then null else ${checks.waitsFor} end`,
      },
      setWhere: sql`(${columnsOf('checks')}) is distinct from (${columnsOf('excluded')})`,
    })
    .returning({ name: checks.name })
  return rows.map(({ name }) => name)
}

/** Removes checks that nobody has seen; one that a worker holds, or that a forge shows, stays. */
export async function removeUnseenChecks(tx: Db, eventId: number, but: readonly string[]): Promise<void> {
  const unseen = and(isNull(checks.claimedUntil), isNull(checks.forgeId), eq(checks.shownVersion, 0))
  const others = but.length > 0 ? notInArray(checks.name, [...but]) : undefined
  await tx.delete(checks).where(and(eq(checks.eventId, eventId), unseen, others))
}

/**
 * Takes a check for a time, to bring the forge to it.
 *
 * @returns false when another worker holds it, or has shown something since it was read
 */
export async function claimCheck(db: Db, row: CheckRow, now: Date, until: Date): Promise<boolean> {
  const isFree = or(isNull(checks.claimedUntil), lte(checks.claimedUntil, now))
  const rows = await db
    .update(checks)
    .set({ claimedUntil: until })
    .where(
      and(eq(checks.id, row.id), eq(checks.version, row.version), eq(checks.shownVersion, row.shownVersion), isFree),
    )
    .returning({ id: checks.id })
  return rows.length > 0
}

type Shown = Pick<CheckRow, 'forgeId' | 'isStatus' | 'waitsFor'> & { at: Date | null }

/**
 * Writes what the forge shows now.
 *
 * @param until  of the claim
 * @returns whether that is still all that is wanted; false when the row has changed, or the claim had run out and another
 *   worker may have written something older or newer after us: it has to be shown once more
 */
export async function noteShown(db: Db, row: CheckRow, until: Date, shown: Shown): Promise<boolean> {
  const { at, ...columns } = shown
  const rows = await db
    .update(checks)
    .set({
      ...columns,
      shownVersion: row.version,
      shownState: row.state,
      shownAttempt: row.attempt,
      shownAt: at,
      claimedUntil: null,
      waitsUntil: null,
    })
    .where(and(eq(checks.id, row.id), eq(checks.claimedUntil, until)))
    .returning({ version: checks.version })
  if (rows[0]) return rows[0].version === row.version
  await db
    .update(checks)
    .set({ ...columns, shownVersion: sql`least(${checks.shownVersion}, ${row.version} - 1)` })
    .where(eq(checks.id, row.id))
  return false
}

/** Lets go of a check that could not be shown now; that it was held stays to be seen, since it may have been shown. */
export async function releaseCheck(
  db: Db,
  row: CheckRow,
  until: Date,
  set: { now: Date; waitsUntil: Date | null; waitsFor: string | null },
): Promise<void> {
  const { now, ...waits } = set
  await db
    .update(checks)
    .set({ ...waits, claimedUntil: now })
    .where(and(eq(checks.id, row.id), eq(checks.claimedUntil, until)))
}

/**
 * Notes that checks are looked at again at a time; what a forge refuses keeps its reason, and no time.
 *
 * @returns whether one of them is that nobody had noted before
 */
export async function noteWaiting(tx: Db, ids: readonly number[], now: Date, until: Date): Promise<boolean> {
  const rows = await tx
    .update(checks)
    .set({ waitsUntil: sql`case when ${checks.waitsFor} is null then ${until.toISOString()}::timestamptz end` })
    .where(and(inArray(checks.id, [...ids]), or(isNull(checks.waitsUntil), lte(checks.waitsUntil, now))))
    .returning({ id: checks.id })
  return rows.length > 0
}

/** Says why checks are not shown, and won't be before they change. */
export async function noteNotShown(db: Db, eventId: number, reason: string): Promise<boolean> {
  const rows = await db
    .update(checks)
    .set({ waitsFor: reason, waitsUntil: null })
    .where(
      and(
        eq(checks.eventId, eventId),
        sql`${checks.shownVersion} < ${checks.version}`,
        sql`${checks.waitsFor} is distinct from ${reason}`,
      ),
    )
    .returning({ id: checks.id })
  return rows.length > 0
}

/** The check of an event by name. */
export async function findCheck(db: Db, eventId: number, name: string) {
  const rows = await db
    .select()
    .from(checks)
    .where(and(eq(checks.eventId, eventId), eq(checks.name, name)))
  return rows[0]
}
