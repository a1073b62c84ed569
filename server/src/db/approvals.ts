import { eq, inArray } from 'drizzle-orm'
import type { Db } from './database.ts'
import { approvals, projectEvents } from './schema.ts'

export type Approval = typeof approvals.$inferSelect

/** Who let an event (an outsider's commit) be built; `undefined` when nobody has. */
export async function findApproval(db: Db, eventId: number): Promise<Approval | undefined> {
  const rows = await db.select().from(approvals).where(eq(approvals.eventId, eventId))
  return rows[0]
}

/** Gives leave; `false`, and nothing written, when it was given before. */
export async function insertApproval(tx: Db, approval: Approval): Promise<boolean> {
  const rows = await tx.insert(approvals).values(approval).onConflictDoNothing().returning({ id: approvals.eventId })
  return rows.length === 1
}

/** Takes back what was given for a pull request: its base is another one now, and with it what is built. */
export async function withdrawApprovals(tx: Db, triggerId: number): Promise<void> {
  const events = tx.select({ id: projectEvents.id }).from(projectEvents).where(eq(projectEvents.triggerId, triggerId))
  await tx.delete(approvals).where(inArray(approvals.eventId, events))
}
