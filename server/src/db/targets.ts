import { eq } from 'drizzle-orm'
import { parseTargetLists, type TargetLists } from '../domain/target-table.ts'
import type { Db } from './database.ts'
import { settings } from './schema.ts'

const KEY = 'targets'

/** The lists of targets as they were last read; `undefined` when they never were. */
export async function findTargetLists(db: Db): Promise<TargetLists | undefined> {
  const rows = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, KEY))
  return parseTargetLists(rows[0]?.value)
}

export async function writeTargetLists(tx: Db, value: TargetLists): Promise<void> {
  const row = { value, updatedAt: new Date(value.readAt) }
  await tx
    .insert(settings)
    .values({ key: KEY, ...row })
    .onConflictDoUpdate({ target: settings.key, set: row })
}
