import { sql } from 'drizzle-orm'
import { SetupError } from '../../domain/errors.ts'
import { type Db, query } from '../database.ts'
import { triggerBorder } from './derive.ts'
import type { Session } from './session.ts'

/** The import that a run belongs to: from its first run until it is finished. */
export interface ImportRow {
  id: number
  source: string
  /** Ids of the source lie below it, those of our own above. */
  border: number
  /** What the run before got done; null at the first. */
  progress: Progress | null
}

/** How far a run is; kept in the import's row, written with each piece. */
export interface Progress {
  run: number
  /** Whether the run came to its end. */
  isDone: boolean
  tables: Record<string, { added: number; changed: number; last: number }>
}

/** Even a small history leaves room for what the source adds while both services run. */
const SMALLEST_BORDER = 1_000_000

/** Rows of these are history; an allowlist, tokens and settings are not. */
const HISTORY = [
  ...['projects', 'anitya_projects', 'triggers', 'project_events', 'pipelines', 'deliveries', 'checks'],
  ...['srpm_builds', 'build_groups', 'builds', 'build_targets', 'test_groups', 'test_targets'],
  ...['koji_build_groups', 'koji_build_targets', 'tag_request_groups', 'tag_request_targets'],
  ...['bodhi_update_groups', 'bodhi_update_targets', 'sync_runs', 'sync_targets', 'sync_pull_requests', 'vm_images'],
  ...['scans', 'log_detective_groups', 'log_detective_runs', 'sidetag_groups', 'sidetags', 'installations'],
  ...['authentication_issues', 'source_git_links'],
]

/** Where rows of an import and our own share one count of ids. */
const COUNTED = [...HISTORY.filter((table) => table !== 'deliveries' && table !== 'checks'), 'allowlist']

interface Row {
  id: string | number
  source: string
  border: string | number
  ended: boolean
  progress: Progress | null
}

/** The import that is under way or was the last, if there ever was one. */
async function findImport(db: Db): Promise<(ImportRow & { ended: boolean }) | undefined> {
  const rows = await query<Row>(
    db,
    sql`select id, source, coalesce(border, 0) as border, ended_at is not null as ended, progress from imports
      order by id desc limit 1`,
  )
  const [row] = rows
  return row && { ...row, id: Number(row.id), border: Number(row.border) }
}

/**
 * Finds the import to go on with, or begins one: then ids of our own count from ten times the source's largest.
 *
 * @param source  its name
 * @throws {SetupError} when there is a history of our own, or another import
 */
export async function beginImport(session: Session, source: string, largestId: number): Promise<ImportRow> {
  return session.transaction(async (tx) => {
    const known = await findImport(tx)
    if (known?.ended)
      throw new SetupError(`the import from ${known.source} is finished: there is nothing to go on with`)
    if (known && known.source !== source) {
      throw new SetupError(
        `an import from ${known.source} is under way: go on with that one, or end it with "packit-service import --finish"`,
      )
    }
    if (known) return known
    await refuseHistory(tx)
    const border = Math.max(SMALLEST_BORDER, largestId * 10)
    await moveSequences(tx, border)
    const [row] = await query<{ id: string | number }>(
      tx,
      sql`insert into imports (source, border) values (${source}, ${border}) returning id`,
    )
    return { id: Number(row?.id), source, border, progress: null }
  })
}

async function refuseHistory(tx: Db): Promise<void> {
  const counts = HISTORY.map((table) => `select '${table}' as table, count(*) as rows from ${table}`)
  const found = await query<{ table: string; rows: string | number }>(tx, sql.raw(counts.join(' union all ')))
  const inTheWay = found.filter(({ rows }) => Number(rows) > 0)
  if (inTheWay.length === 0) return
  const all = inTheWay.reduce((sum, { rows }) => sum + Number(rows), 0)
  const named = inTheWay.map(({ table, rows }) => `${table} ${rows}`).join(', ')
  throw new SetupError(
    `this database has a history of its own, ${all} rows are in the way (${named}): import into an empty database`,
  )
}

/** Each count goes on from the border. What may be there already (an allowlist) makes room. */
async function moveSequences(tx: Db, border: number): Promise<void> {
  await tx.execute(sql.raw(`update allowlist set id = id + ${border} where id < ${border}`))
  for (const table of COUNTED) {
    const from = table === 'triggers' ? triggerBorder(border) : border
    await tx.execute(
      sql.raw(`select setval(pg_get_serial_sequence('${table}', 'id'),
        greatest(${from}, (select coalesce(max(id), 0) from ${table})))`),
    )
  }
}

export async function writeProgress(tx: Db, id: number, progress: Progress): Promise<void> {
  await tx.execute(sql`update imports set progress = ${JSON.stringify(progress)}::jsonb where id = ${id}`)
}

/**
 * Ends the import: from here on there is only a history of our own.
 *
 * @returns the source's name
 * @throws {SetupError} when none is under way
 */
export async function finishImport(db: Db, now: Date): Promise<string> {
  const known = await findImport(db)
  if (!known) throw new SetupError('there is no import to finish')
  if (known.ended) throw new SetupError(`the import from ${known.source} is finished already`)
  await db.execute(sql`update imports set ended_at = ${now.toISOString()} where id = ${known.id}`)
  return known.source
}
