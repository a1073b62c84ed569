import { type SQL, sql } from 'drizzle-orm'
import { SUMMARY_CHECK } from '../domain/check.ts'
import type { Db } from './database.ts'
import { jsonList, queryJson } from './read.ts'
import type { ProjectName } from './read-projects.ts'

/** What a badge is of: a branch, a pull request, or whatever was done last; in all targets or one. */
export interface BadgeFilter {
  trigger: { kind: 'branch_push'; name: string } | { kind: 'pull_request'; number: number } | undefined
  target: string | undefined
}

export interface BadgeRunRow {
  eventId: number | null
  package: string
  kind: string | null
  isReplaced: boolean
  state: string | null
  /** How its event stands as a whole, by its stable check; null where none is known. */
  eventState: string | null
  /** Of its builds in the target that was asked for. */
  builds: { state: string; status: string | null }[]
}

/** So many of the newest runs are looked at. */
const LOOK_LIMIT = sql.raw('100')

/** The newest runs of a project, the newest first; `undefined` for one that is not known, or private. */
export async function findBadgeRuns(
  db: Db,
  name: ProjectName,
  { trigger, target }: BadgeFilter,
): Promise<BadgeRunRow[] | undefined> {
  const builds =
    target === undefined
      ? sql`'[]'::json`
      : jsonList(sql`select b.state, b.status from pipelines m
          join build_targets b on b.group_id = m.build_group_id and b.target = ${target}
          where m.merged_run_id = r.id or m.id = r.id`)
  const rows = await queryJson<{ runs: BadgeRunRow[] }>(
    db,
    sql`select ${jsonList(sql`
        select r.event_id as "eventId", r.package, t.kind, e.superseded_by is not null as "isReplaced", r.state, ${builds} as builds,
          (select c.state from checks c where c.event_id = r.event_id and c.name = ${SUMMARY_CHECK}) as "eventState"
        from (select r.* from pipelines r where r.is_run and ${ofTrigger(trigger)}
          order by r.id desc limit ${LOOK_LIMIT}) r
        left join project_events e on e.id = r.event_id left join triggers t on t.id = r.trigger_id
        order by r.id desc`)} as runs
      from projects p where p.forge = ${name.forge} and p.namespace = ${name.namespace} and p.name = ${name.name}
        and p.same_as is null and not p.is_private`,
  )
  return rows[0]?.runs
}

function ofTrigger(trigger: BadgeFilter['trigger']): SQL {
  if (!trigger) return sql`r.project_id = p.id`
  const named = trigger.kind === 'pull_request' ? sql`t.number = ${trigger.number}` : sql`t.name = ${trigger.name}`
  // an import may have filed it under a duplicate of the project
  return sql`r.trigger_id = (select t.id from triggers t
    where t.project_id = any(array(select p.id union all select same.id from projects same where same.same_as = p.id))
      and t.kind = ${trigger.kind} and ${named} and t.same_as is null order by t.id limit 1)`
}
