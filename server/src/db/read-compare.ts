import { sql } from 'drizzle-orm'
import type { Built } from '../domain/compare.ts'
import type { Db } from './database.ts'
import { idArray } from './list-filter.ts'
import { epoch, jsonList, queryJson } from './read.ts'
import { type EventRow, eventJson } from './read-event.ts'

export interface ComparedStepRow {
  kind: 'srpm' | 'build' | 'test'
  id: number
  target: string | null
  identifier: string | null
  state: string | null
  status: string | null
  startedAt: number | null
  endedAt: number | null
  packages: Built[] | null
}

/** A run as far as it is compared. */
export interface ComparedRunRow {
  /** The id that was asked for: that of any pipeline of the run. */
  askedId: number
  id: number
  projectId: number | null
  isPrivate: boolean | null
  package: string
  state: string | null
  createdAt: number
  endedAt: number | null
  nvr: string | null
  event: EventRow | null
  steps: ComparedStepRow[]
}

const TIMES = sql`${epoch('x.started_at')} as "startedAt", ${epoch('x.ended_at')} as "endedAt"`
const MEMBERS = sql`pipelines p where p.merged_run_id = r.id or p.id = r.id`

/** The runs with these ids, in no order; what is not there is left out. */
export async function findComparedRuns(db: Db, pipelineIds: readonly number[]): Promise<ComparedRunRow[]> {
  return queryJson<ComparedRunRow>(
    db,
    sql`select asked.id as "askedId", r.id, r.project_id as "projectId", home.is_private as "isPrivate", r.package, r.state,
        ${epoch('r.created_at')} as "createdAt", ${epoch('r.ended_at')} as "endedAt",
        (select s.nvr from srpm_builds s where s.id = r.srpm_build_id) as nvr, ${eventJson(sql`r.event_id`)} as event,
        ${jsonList(sql`
          select 'srpm' as kind, x.id, null as target, null as identifier, x.state, x.status, ${TIMES}, null as packages
            from srpm_builds x where x.id = r.srpm_build_id
          union all (select 'build', x.id, x.target, nullif(m.identifier, ''), x.state, x.status, ${TIMES}, x.built_packages
            from (select distinct on (p.build_group_id) p.build_group_id, p.identifier from ${MEMBERS}
              order by p.build_group_id, p.id) m
            join build_targets x on x.group_id = m.build_group_id order by x.group_id, x.id)
          union all (select 'test', x.id, x.target, x.identifier, x.state, x.status, ${TIMES}, null
            from test_targets x where x.group_id in (select p.test_group_id from ${MEMBERS}) order by x.id)`)} as steps
      from pipelines asked join pipelines r on r.id = coalesce(asked.merged_run_id, asked.id)
      left join projects home on home.id = r.project_id where asked.id = any(${idArray(pipelineIds)})`,
  )
}
