import type { Db } from './database.ts'
import { notify } from './database.ts'
import { changes } from './schema.ts'

export type Change = Pick<typeof changes.$inferInsert, 'kind' | 'runId' | 'rowId' | 'project' | 'state'>

/** Tells the stream what this transaction changed. */
export async function addChanges(tx: Db, list: readonly Change[]): Promise<void> {
  if (list.length === 0) return
  await tx.insert(changes).values([...list])
  await notify(tx, 'packit_changes', '')
}
