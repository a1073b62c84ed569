import { type SQL, sql } from 'drizzle-orm'
import { type AnyPgColumn, index, text } from 'drizzle-orm/pg-core'
import { ref } from './columns.ts'
import { projectEvents } from './projects.ts'

/**
 * What a job belongs to, kept in its own row: an index on each column serves that filter of the job's list in the order
 * of ids, however large the table is. All follow from the event, which is the one of the first pipeline that points at
 * the job; `db/scope.ts` fills them.
 */
export const scope = () => ({
  /** Null only where an import lost it. */
  eventId: ref().references(() => projectEvents.id),
  /** Package of a configuration with several; null or empty otherwise. */
  package: text(),
  ...derivedScope(),
})

/** The part of it that follows from `event_id` alone. */
export const derivedScope = () => ({
  /** Of duplicates that an import brought, the row that counts. */
  triggerId: ref(),
  projectId: ref(),
  /** The trigger's `key`, so that `pr=41` is found in every project. */
  triggerKey: text(),
})

/** The columns of `scope()`, by the name their index has. */
export const scopeColumns = <
  T extends Record<'eventId' | 'triggerId' | 'projectId' | 'triggerKey' | 'package', AnyPgColumn>,
>(
  t: T,
) => ({ event: t.eventId, trigger: t.triggerId, project: t.projectId, key: t.triggerKey, package: t.package })

/**
 * The indexes that serve a job's list, one for each column it can be filtered by.
 *
 * @param key  the column the list is ordered by
 * @param where  which rows the list has
 */
export function listIndexes(table: string, key: AnyPgColumn, columns: Record<string, AnyPgColumn>, where?: SQL) {
  return Object.entries(columns).map(([name, column]) =>
    index(`${table}_list_${name}`)
      .on(column, key)
      .where(where ?? sql`${column} is not null`),
  )
}
