import { and, eq, max } from 'drizzle-orm'
import type { Db } from './database.ts'
import { commands, pipelines } from './schema.ts'

export type CommandRow = typeof commands.$inferSelect

/** Whether the commands of a comment counted already. */
export async function findCommands(
  db: Db,
  { projectId, place, commentId }: Pick<CommandRow, 'projectId' | 'place' | 'commentId'>,
): Promise<CommandRow | undefined> {
  const ofComment = and(eq(commands.projectId, projectId), eq(commands.place, place), eq(commands.commentId, commentId))
  const rows = await db.select().from(commands).where(ofComment)
  return rows[0]
}

/**
 * Takes the commands of a comment, in the transaction that does what they ask for.
 *
 * @returns the id, or `undefined` when they were taken before: each comment counts once
 */
export async function insertCommands(tx: Db, row: typeof commands.$inferInsert): Promise<number | undefined> {
  const rows = await tx.insert(commands).values(row).onConflictDoNothing().returning({ id: commands.id })
  return rows[0]?.id
}

/** Keeps an attempt for a command of a comment, before the next one is looked at. */
export async function noteAttempt(tx: Db, id: number, eventId: number, attempt: number): Promise<void> {
  await tx.update(commands).set({ eventId, attempt }).where(eq(commands.id, id))
}

/** What came of them. */
export async function settleCommands(
  tx: Db,
  id: number,
  set: Pick<CommandRow, 'verdict' | 'reason' | 'triggerId' | 'eventId'>,
): Promise<void> {
  await tx.update(commands).set(set).where(eq(commands.id, id))
}

/** The last attempt of an event: begun, or asked for by a command. The caller holds the trigger's lock. */
export async function findLastAttempt(tx: Db, eventId: number): Promise<number> {
  const begun = await tx
    .select({ last: max(pipelines.attempt) })
    .from(pipelines)
    .where(eq(pipelines.eventId, eventId))
  const asked = await tx
    .select({ last: max(commands.attempt) })
    .from(commands)
    .where(eq(commands.eventId, eventId))
  return Math.max(begun[0]?.last ?? 0, asked[0]?.last ?? 0)
}
