import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { epoch, queryJson } from './read.ts'
import { type EventRow, eventJson } from './read-event.ts'
import { type JobTable, POINTED_AT } from './scope.ts'

/** What lists and details of every kind of job have in common. */
export interface JobRow {
  id: number
  event: EventRow | null
  package: string | null
  /** The run of the first pipeline that points at it. */
  runId: number | null
  submittedAt: number
}

/** Columns of a `JobRow`, read from the row `x` of its table. */
export function jobColumns(table: JobTable): SQL {
  const [column, row] = POINTED_AT[table]
  return sql`x.id, ${eventJson(sql`x.event_id`)} as event, x.package, ${epoch('x.submitted_at')} as "submittedAt",
    (select coalesce(p.merged_run_id, p.id) from pipelines p
      where p.${sql.raw(column)} = ${sql.raw(row)} order by p.id limit 1) as "runId"`
}

/** Ids of all pipelines that point at the row `x` of a table. */
export function runIds(table: JobTable): SQL {
  const [column, row] = POINTED_AT[table]
  return sql`array(select p.id from pipelines p where p.${sql.raw(column)} = ${sql.raw(row)} order by p.id)`
}

/** The one row of a table with an id, with the columns that are given. */
export async function findJob<Row>(db: Db, table: JobTable, columns: SQL, where: SQL): Promise<Row | undefined> {
  const rows = await queryJson<Row>(db, sql`select ${columns} from ${sql.raw(table)} x where ${where}`)
  return rows[0]
}

/** One submission of jobs of a kind. */
export interface GroupRow {
  id: number
  submittedAt: number
  runIds: number[]
  targetIds: number[]
  event: EventRow | null
}

/** Tables of groups, of their targets, and the column of the pipelines that points at them. */
const GROUPS = {
  build_groups: ['build_targets', 'build_group_id'],
  koji_build_groups: ['koji_build_targets', 'koji_build_group_id'],
  tag_request_groups: ['tag_request_targets', 'tag_request_group_id'],
  test_groups: ['test_targets', 'test_group_id'],
  bodhi_update_groups: ['bodhi_update_targets', 'bodhi_update_group_id'],
  log_detective_groups: ['log_detective_runs', 'log_detective_group_id'],
} as const
export type GroupTable = keyof typeof GROUPS

export async function findGroup(db: Db, table: GroupTable, id: number): Promise<GroupRow | undefined> {
  const [targets, column] = GROUPS[table]
  const pipelines = sql`from pipelines p where p.${sql.raw(column)} = x.id order by p.id`
  const rows = await queryJson<GroupRow>(
    db,
    sql`select x.id, ${epoch('x.submitted_at')} as "submittedAt",
        ${eventJson(sql`(select p.event_id ${pipelines} limit 1)`)} as event,
        array(select p.id ${pipelines}) as "runIds",
        array(select t.id from ${sql.raw(targets)} t where t.group_id = x.id order by t.id) as "targetIds"
      from ${sql.raw(table)} x where x.id = ${id}`,
  )
  return rows[0]
}
