import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { deliveries, projectEvents, projects, settings, triggers } from './schema.ts'

export type Delivery = typeof deliveries.$inferSelect

/** Stores a delivery once; `undefined` when this id of this source is there already. */
export async function insertDelivery(db: Db, delivery: typeof deliveries.$inferInsert): Promise<number | undefined> {
  const rows = await db.insert(deliveries).values(delivery).onConflictDoNothing().returning({ id: deliveries.id })
  return rows[0]?.id
}

export type NewDelivery = typeof deliveries.$inferInsert

/** Stores several at once; for each its id, or `undefined` when it was there already, or comes before in the list. */
export async function insertDeliveries(db: Db, list: readonly NewDelivery[]): Promise<(number | undefined)[]> {
  const { id, source, deliveryId } = deliveries
  const rows = await db
    .insert(deliveries)
    .values([...list])
    .onConflictDoNothing()
    .returning({ id, source, deliveryId })
  const left = new Map(rows.map((row) => [`${row.source} ${row.deliveryId}`, row.id]))
  return list.map((one) => {
    const key = `${one.source} ${one.deliveryId}`
    const found = left.get(key)
    left.delete(key)
    return found
  })
}

export async function findDelivery(db: Db, id: number): Promise<Delivery | undefined> {
  const rows = await db.select().from(deliveries).where(eq(deliveries.id, id))
  return rows[0]
}

/** The newest deliveries. */
export async function listDeliveries(db: Db, limit: number): Promise<Delivery[]> {
  return db.select().from(deliveries).orderBy(desc(deliveries.id)).limit(limit)
}

/**
 * Whether a forge of ours told of an event, and not the operator's own plain git. Deliveries are kept for ever; what no
 * delivery told of was found by asking the forge, which is known of its project.
 */
export async function isToldByForge(db: Db, eventId: number): Promise<boolean> {
  const [newest] = await db
    .select({ source: deliveries.source })
    .from(deliveries)
    .where(eq(deliveries.eventId, eventId))
    .orderBy(desc(deliveries.id))
    .limit(1)
  if (newest) return newest.source !== 'git'
  const [project] = await db
    .select({ repositoryId: projects.repositoryId, installationId: projects.installationId })
    .from(projectEvents)
    .innerJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .innerJoin(projects, eq(projects.id, triggers.projectId))
    .where(eq(projectEvents.id, eventId))
  return project !== undefined && (project.repositoryId !== null || project.installationId !== null)
}

/** A delivery, locked until the transaction ends. */
export async function lockDelivery(tx: Db, id: number): Promise<Delivery | undefined> {
  const rows = await tx.select().from(deliveries).where(eq(deliveries.id, id)).for('update')
  return rows[0]
}

/** Has a delivery decided once more. */
export async function reopenDelivery(tx: Db, id: number): Promise<void> {
  await tx.update(deliveries).set({ state: 'received', decision: null, reasons: [] }).where(eq(deliveries.id, id))
}

/** What came of a delivery; `false`, and nothing written, when that was settled before. */
export async function settleDelivery(
  db: Db,
  id: number,
  outcome: Pick<
    typeof deliveries.$inferInsert,
    'state' | 'decision' | 'reasons' | 'projectId' | 'triggerId' | 'eventId'
  >,
): Promise<boolean> {
  const rows = await db
    .update(deliveries)
    .set(outcome)
    .where(and(eq(deliveries.id, id), eq(deliveries.state, 'received')))
    .returning({ id: deliveries.id })
  return rows.length === 1
}

/** Counts a delivery that was turned away; nothing else of it is kept. */
export async function countRefusal(db: Db, source: string, why: string): Promise<void> {
  const key = `refused:${source}:${why}`
  await db
    .insert(settings)
    .values({ key, value: 1 })
    .onConflictDoUpdate({
      target: settings.key,
      set: { value: sql`to_jsonb((${settings.value})::text::int + 1)`, updatedAt: sql`now()` },
    })
}

/** When the first delivery that told of an event arrived. */
export async function findReceivedAt(db: Db, eventId: number): Promise<Date | undefined> {
  const rows = await db
    .select({ receivedAt: deliveries.receivedAt })
    .from(deliveries)
    .where(eq(deliveries.eventId, eventId))
    .orderBy(deliveries.receivedAt)
    .limit(1)
  return rows[0]?.receivedAt
}
