import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { every, queryJson } from './read.ts'

/** What a list of jobs can be filtered by; all that is given must hold. */
export interface JobFilter {
  /** What was asked for contradicts itself. */
  isImpossible?: boolean
  forge?: string | undefined
  namespace?: string | undefined
  /** The project's own name; with forge and namespace it names one. */
  name?: string | undefined
  /** ILIKE patterns of `namespace/repo` or of `repo`. */
  like?: { path: string; name: string } | undefined
  /** What set the job off, as `triggers.key` has it: `pr:41`, `branch:main`, `release:1.0`. */
  trigger?: string | undefined
  /** A commit's hash, or how it begins. */
  commit?: string | undefined
  status?: string | undefined
  target?: string | undefined
  package?: string | undefined
  identifier?: string | undefined
  /** Whether a Koji build is a scratch build. */
  scratch?: boolean | undefined
  /** Submitted at or after, and at or before; seconds since 1970. */
  since?: number | undefined
  until?: number | undefined
}

/** Rows by one of a few ids in a column; `many` when they are too many to look for each. */
export interface IdSet {
  column: 'event_id' | 'trigger_id' | 'project_id'
  ids: number[] | 'many'
  /** The same as a condition on a row `x`. */
  where: SQL
}

/** More ids than this are not looked for one by one: then rows with them are common enough to be met on the way. */
export const MOST_IDS = 200

/**
 * Finds the ids that names stand for, in one statement; none when no name is given.
 *
 * A pull request, branch or release of one project becomes the ids of its triggers; without a project it stays a key.
 */
export async function findIdSets(db: Db, filter: JobFilter): Promise<{ sets: IdSet[]; triggerKey?: string }> {
  const projects = projectConditions(filter)
  const isOneProject = filter.forge !== undefined && filter.namespace !== undefined && filter.name !== undefined
  const byTrigger = isOneProject && filter.trigger !== undefined
  const wanted: Record<string, SQL> = {}
  if (byTrigger) {
    wanted.trigger_id = sql`select t.id from triggers t where t.same_as is null and t.key = ${filter.trigger}
      and t.project_id = any(array(select p.id from projects p where ${every(projects)}))`
  } else if (projects.length > 0) {
    wanted.project_id = sql`select p.id from projects p where p.same_as is null and ${every(projects)}`
  }
  if (filter.commit !== undefined) {
    wanted.event_id = sql`select e.id from project_events e where e.commit_sha like ${`${escapeLike(filter.commit)}%`}`
  }
  const sets = await findSets(db, wanted)
  return { sets, ...(filter.trigger !== undefined && !byTrigger ? { triggerKey: filter.trigger } : {}) }
}

function projectConditions({ forge, namespace, name, like }: JobFilter): SQL[] {
  const conditions = [
    forge === undefined ? undefined : sql`p.forge = ${forge}`,
    namespace === undefined ? undefined : sql`p.namespace = ${namespace}`,
    name === undefined ? undefined : sql`p.name = ${name}`,
    like && sql`(p.path ilike ${like.path} or p.name ilike ${like.name})`,
  ]
  return conditions.filter((condition) => condition !== undefined)
}

async function findSets(db: Db, wanted: Record<string, SQL>): Promise<IdSet[]> {
  const entries = Object.entries(wanted) as [IdSet['column'], SQL][]
  if (entries.length === 0) return []
  const columns = entries.map(
    ([column, ids]) => sql`array(${ids} limit ${sql.raw(String(MOST_IDS + 1))}) as ${sql.raw(column)}`,
  )
  const rows = await queryJson<Record<string, number[]>>(db, sql`select ${sql.join(columns, sql`, `)}`)
  return entries.map(([column, selection]) => {
    const ids = rows[0]?.[column] ?? []
    const isMany = ids.length > MOST_IDS
    const where = isMany
      ? sql`x.${sql.raw(column)} in (${selection})`
      : sql`x.${sql.raw(column)} = any(${idArray(ids)})`
    return { column, ids: isMany ? 'many' : ids, where }
  })
}

/** Ids as one parameter of the type that their columns have. */
export function idArray(ids: readonly number[]): SQL {
  return sql`${`{${ids.join(',')}}`}::bigint[]`
}

/** A text that LIKE takes literally. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
