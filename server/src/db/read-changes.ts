import { sql } from 'drizzle-orm'
import type { State } from '../domain/status.ts'
import type { Db } from './database.ts'
import { queryJson } from './read.ts'

/** A place in the stream: rows are ordered by the transaction that wrote them, then by id. */
export interface Position {
  /** PostgreSQL's 64-bit transaction id, as text: it may be larger than a JavaScript number. */
  xact: string
  id: number
}

export interface ChangeRow extends Position {
  kind: 'run' | 'project' | 'srpm' | 'build' | 'check' | 'delivery'
  runId: number | null
  rowId: number | null
  project: string | null
  state: State | null
}

/**
 * Changes after a place, in order. A row whose transaction is younger than one that is still open is held back: the
 * open one may yet commit rows that belong before it, and a reader that had passed them would never see them.
 */
export async function listChanges(db: Db, after: Position, limit: number): Promise<ChangeRow[]> {
  return queryJson<ChangeRow>(
    db,
    sql`select c.xact::text as xact, c.id, c.kind, c.run_id as "runId", c.row_id as "rowId", c.project, c.state
      from changes c
      where c.xact < pg_snapshot_xmin(pg_current_snapshot()) and (c.xact, c.id) > (${after.xact}::xid8, ${after.id}::bigint)
      order by c.xact, c.id limit ${limit}`,
  )
}

export interface StreamEnds {
  /** From here on everything is still to come. */
  head: Position
  /** The oldest row that is kept; null when there is none. */
  oldest: Position | null
  /** There are rows that are held back for now. */
  heldBack: boolean
}

/** Where the stream begins and ends now. */
export async function findStreamEnds(db: Db): Promise<StreamEnds> {
  const rows = await queryJson<{ xmin: string; oldest: Position | null; heldBack: boolean }>(
    db,
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
      (select json_build_object('xact', c.xact::text, 'id', c.id) from changes c order by c.xact, c.id limit 1) as oldest,
      exists (select 1 from changes c where c.xact >= pg_snapshot_xmin(pg_current_snapshot())) as "heldBack"`,
  )
  const row = rows[0]
  if (!row) throw new Error('the database gave no snapshot')
  return { head: { xact: row.xmin, id: 0 }, oldest: row.oldest, heldBack: row.heldBack }
}
