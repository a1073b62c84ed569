import { and, eq, inArray, isNull, like, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { deliveries, projectEvents, settings, triggers } from './schema.ts'

/** What a sweep keeps between two times; `undefined` when it never ran. */
export async function readCursor<T>(db: Db, key: string): Promise<T | undefined> {
  const rows = await db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, `sweep:${key}`))
  return rows[0]?.value as T | undefined
}

export async function writeCursor<T extends object>(db: Db, key: string, value: T): Promise<void> {
  await db
    .insert(settings)
    .values({ key: `sweep:${key}`, value })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: sql`now()` } })
}

/** What sweeps have found since the installation began. */
export const SWEPT = ['deliveries', 'pull_requests'] as const

export async function countSwept(db: Db, what: (typeof SWEPT)[number], found: number): Promise<void> {
  if (found === 0) return
  await db
    .insert(settings)
    .values({ key: `swept:${what}`, value: found })
    .onConflictDoUpdate({
      target: settings.key,
      set: { value: sql`to_jsonb((${settings.value})::text::int + ${found}::int)`, updatedAt: sql`now()` },
    })
}

/** How many of each kind were found so far. */
export async function readSwept(db: Db): Promise<Record<(typeof SWEPT)[number], number>> {
  const rows = await db.select().from(settings).where(like(settings.key, 'swept:%'))
  const found = new Map(rows.map(({ key, value }) => [key, Number(value)]))
  return { deliveries: found.get('swept:deliveries') ?? 0, pull_requests: found.get('swept:pull_requests') ?? 0 }
}

/** Which of these deliveries arrived. */
export async function listArrived(db: Db, source: string, deliveryIds: readonly string[]): Promise<Set<string>> {
  if (deliveryIds.length === 0) return new Set()
  const rows = await db
    .select({ id: deliveries.deliveryId })
    .from(deliveries)
    .where(and(eq(deliveries.source, source), inArray(deliveries.deliveryId, [...deliveryIds])))
  return new Set(rows.map(({ id }) => id))
}

/** What is known of a pull request: whether it counts as open, and the commits that were told of. */
export async function findPullRequest(
  db: Db,
  projectId: number,
  number: number,
): Promise<{ open: boolean; order: number; heads: string[] } | undefined> {
  const rows = await db
    .select({ open: triggers.open, order: triggers.orderKey, sha: projectEvents.commitSha })
    .from(triggers)
    .leftJoin(projectEvents, eq(projectEvents.triggerId, triggers.id))
    .where(
      and(
        eq(triggers.projectId, projectId),
        eq(triggers.kind, 'pull_request'),
        eq(triggers.number, number),
        isNull(triggers.sameAs),
      ),
    )
  const [first] = rows
  return first && { open: first.open, order: first.order, heads: rows.flatMap(({ sha }) => sha ?? []) }
}
