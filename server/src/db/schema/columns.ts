import { bigint, customType, timestamp } from 'drizzle-orm/pg-core'

/** An id of ours: counted by the database, but an import may bring its own. */
export const id = () => bigint({ mode: 'number' }).primaryKey().generatedByDefaultAsIdentity()

/** A reference to another table's `id`; add `.references(…)`. */
export const ref = () => bigint({ mode: 'number' })

/** An instant. */
export const at = () => timestamp({ withTimezone: true, mode: 'date' })

/** When an import brought the row; null for rows of our own, to which the stricter rules apply. */
export const importedAt = at

/** PostgreSQL's 64-bit transaction id. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

/** A group of jobs: one submission. */
export const group = () => ({ id: id(), submittedAt: at().notNull().defaultNow(), importedAt: importedAt() })
