import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'

const fromEvent = (column: SQL, eventId: number) => sql`(select ${column} from project_events e
  join triggers t on t.id = e.trigger_id left join projects p on p.id = t.project_id where e.id = ${eventId})`

/** The derived columns of `scope()` for a row that is about to be written; see `schema/scope.ts`. */
export function scopeOf(eventId: number): { eventId: number } & Record<'triggerId' | 'projectId' | 'triggerKey', SQL> {
  return {
    eventId,
    triggerId: fromEvent(sql`coalesce(t.same_as, t.id)`, eventId),
    projectId: fromEvent(sql`coalesce(p.same_as, p.id)`, eventId),
    triggerKey: fromEvent(sql`t.key`, eventId),
  }
}

/** Which column of the pipelines points at the rows `x` of a table, and by what of the row. */
export const POINTED_AT = {
  srpm_builds: ['srpm_build_id', 'x.id'],
  builds: ['build_group_id', 'x.group_id'],
  test_targets: ['test_group_id', 'x.group_id'],
  koji_build_targets: ['koji_build_group_id', 'x.group_id'],
  tag_request_targets: ['tag_request_group_id', 'x.group_id'],
  bodhi_update_targets: ['bodhi_update_group_id', 'x.group_id'],
  sync_runs: ['sync_run_id', 'x.id'],
  log_detective_runs: ['log_detective_group_id', 'x.group_id'],
  scans: ['build_group_id', '(select b.group_id from build_targets b where b.id = x.build_target_id)'],
} as const

/** The table of a kind of job. */
export type JobTable = keyof typeof POINTED_AT

/** The tables that have a scope; pipelines first, since the others follow from them. */
export const SCOPED_TABLES = ['pipelines', ...(Object.keys(POINTED_AT) as JobTable[])] as const

/**
 * Fills the scope of rows that were written without one: by an import, by the generator, by a test.
 *
 * @param ids  only rows with ids in this range (its end left out), so that a large table is filled piece by piece
 */
export async function fillScope(
  db: Db,
  table: (typeof SCOPED_TABLES)[number],
  ids: { from: number; to: number } = { from: 0, to: Number.MAX_SAFE_INTEGER },
): Promise<void> {
  const unfilled = sql`x.trigger_id is null and x.id >= ${ids.from} and x.id < ${ids.to}`
  if (table === 'pipelines') {
    await db.execute(sql`update pipelines x set trigger_id = coalesce(t.same_as, t.id),
        project_id = coalesce(p.same_as, p.id), trigger_key = t.key
      from project_events e join triggers t on t.id = e.trigger_id left join projects p on p.id = t.project_id
      where e.id = x.event_id and ${unfilled}`)
    return
  }
  const [column, row] = POINTED_AT[table]
  const identifier = table === 'builds' ? sql`, identifier = coalesce(x.identifier, nullif(f.identifier, ''))` : sql``
  await db.execute(sql`update ${sql.raw(table)} x set event_id = f.event_id, trigger_id = f.trigger_id,
      project_id = f.project_id, trigger_key = f.trigger_key, package = coalesce(x.package, nullif(f.package, ''))
      ${identifier}
    from pipelines f
    where f.id = (select min(g.id) from pipelines g where g.${sql.raw(column)} = ${sql.raw(row)}) and ${unfilled}`)
}
