import { eq, type SQL, sql } from 'drizzle-orm'
import type { JobKind } from '../domain/usage/counts.ts'
import { type Db, query } from './database.ts'
import { settings } from './schema.ts'
import { fillScope } from './scope.ts'

/** Which column of a pipeline points at a job of each kind. */
export const JOB_COLUMNS = {
  srpm_builds: 'srpm_build_id',
  copr_build_groups: 'build_group_id',
  koji_build_groups: 'koji_build_group_id',
  vm_image_build_targets: 'vm_image_id',
  tft_test_run_groups: 'test_group_id',
  sync_release_runs: 'sync_run_id',
  log_detective_run_groups: 'log_detective_group_id',
} as const satisfies Record<JobKind, string>

/**
 * What the pipelines `p` of triggers `t` have: their object, and their jobs. Pipelines that lost their trigger, and those
 * of an Anitya project, have nothing that counts.
 */
export const PRESENT = sql`cross join lateral (values ('', t.id, 0::bigint), ${sql.join(
  Object.entries(JOB_COLUMNS).map(([kind, column]) => sql.raw(`('${kind}', 0, p.${column})`)),
  sql`, `,
)}) j (job_kind, object_id, job_id)`
export const IS_PRESENT = sql`p.project_id is not null and j.job_id is not null`

/** A job or an object is the same where these are. */
export const isSame = (a: string, b: string): SQL =>
  sql.raw(
    ['project_id', 'event_type', 'object_id', 'job_kind', 'job_id']
      .map((name) => `${a}.${name} = ${b}.${name}`)
      .join(' and '),
  )

/**
 * Writes presence for pipelines: in the transaction that writes them, or gives them a further job; and afterwards for
 * those that an import, a generator or an earlier release wrote. It may run twice, in any order. Their scope must be
 * filled (`db/scope.ts`).
 *
 * @param ids  only pipelines with ids in this range (its end left out), so that many are filled piece by piece
 */
export async function fillUsageDays(tx: Db, ids: { from: number; to: number }): Promise<void> {
  const asked = sql`p.id >= ${ids.from} and p.id < ${ids.to}`
  // two days of one object, written at a time by two transactions, would not know of each other
  await tx.execute(sql`select id from triggers where id in (select p.trigger_id from pipelines p where ${asked})
    order by id for no key update`)
  const present = sql`from pipelines p join triggers t on t.id = p.trigger_id ${PRESENT} where ${asked} and ${IS_PRESENT}`
  const same = sql`p.project_id, t.kind, j.object_id, j.job_kind, j.job_id`
  await tx.execute(sql`insert into usage_days (day, project_id, event_type, object_id, job_kind, job_id)
    select distinct (p.created_at at time zone 'UTC')::date, ${same} ${present} order by 1, 2, 3, 4, 5, 6
    on conflict do nothing`)
  await tx.execute(sql`
    with written as materialized (select distinct ${same} ${present}),
    days as (
      select d.*, lead(d.day, 1, 'infinity') over (partition by
        d.project_id, d.event_type, d.object_id, d.job_kind, d.job_id order by d.day) as found
      from written w (project_id, event_type, object_id, job_kind, job_id) join usage_days d on ${isSame('w', 'd')})
    update usage_days u set next_day = days.found from days
    where days.next_day <> days.found and u.day = days.day and ${isSame('u', 'days')}`)
}

const FILLED = 'usage_days_filled'

/**
 * Writes presence for the next pipelines that an earlier release, or an import before this one knew how, left without.
 *
 * @returns how many pipelines were looked at; 0 when all have been
 */
export async function fillNextUsageDays(tx: Db, limit: number): Promise<number> {
  const rows = await query<{ first: string | null; last: string; count: string | number }>(
    tx,
    sql`select min(id)::text as first, max(id)::text as last, count(*) as count from (select id from pipelines
      where id > coalesce((select value::text::bigint from settings where key = ${FILLED}), 0) order by id limit ${limit}) p`,
  )
  const row = rows[0]
  if (!row || row.first === null) return 0
  const ids = { from: Number(row.first), to: Number(row.last) + 1 }
  await fillScope(tx, 'pipelines', ids)
  await fillUsageDays(tx, ids)
  const value = Number(row.last)
  await tx
    .insert(settings)
    .values({ key: FILLED, value })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: sql`now()` } })
  return Number(row.count)
}

/** Has all pipelines looked at once more, in the background: some were written below those that have been. */
export async function forgetFilledUsageDays(tx: Db): Promise<void> {
  await tx.delete(settings).where(eq(settings.key, FILLED))
}
