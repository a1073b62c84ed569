import { and, eq, sql } from 'drizzle-orm'
import type { State } from '../domain/status.ts'
import type { Db } from './database.ts'
import { checks } from './schema.ts'

/** What a forge shall show under one name. */
export interface WantedCheck {
  name: string
  state: State
  title: string
  summary: string
  link: string | null
}

/** Writes the wanted state of an event's checks; `version` grows where something changed. Gives the names that did. */
export async function writeChecks(tx: Db, eventId: number, wanted: readonly WantedCheck[]): Promise<string[]> {
  const changed: string[] = []
  for (const check of wanted) {
    const rows = await tx
      .insert(checks)
      .values({ eventId, ...check })
      .onConflictDoUpdate({
        target: [checks.eventId, checks.name],
        set: { ...check, version: sql`${checks.version} + 1`, updatedAt: sql`now()` },
        setWhere: sql`(${checks.state}, ${checks.title}, ${checks.summary}, ${checks.link}) is distinct from (excluded.state, excluded.title, excluded.summary, excluded.link)`,
      })
      .returning({ name: checks.name })
    if (rows[0]) changed.push(rows[0].name)
  }
  return changed
}

/** The checks of an event by name. */
export async function findCheck(db: Db, eventId: number, name: string) {
  const rows = await db
    .select()
    .from(checks)
    .where(and(eq(checks.eventId, eventId), eq(checks.name, name)))
  return rows[0]
}
