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
  /** A commit's hash, or how it begins: in lower case. */
  commit?: string | undefined
  /** Further columns, as far as the list has them. */
  facets?: Partial<Record<'package' | 'identifier' | 'target' | 'event' | 'source' | 'status' | 'state', string>> & {
    /** Whether a Koji build is a scratch build. */
    scratch?: boolean
  }
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
  const wanted: Wanted[] = []
  if (byTrigger) {
    const where = sql`s.same_as is null and s.key = ${filter.trigger}
      and s.project_id = any(array(select p.id from projects p where ${every(projects)}))`
    wanted.push({ column: 'trigger_id', table: 'triggers', where })
  } else if (projects.length > 0) {
    const where = every([sql`s.same_as is null`, ...projectConditions(filter, 's')])
    wanted.push({ column: 'project_id', table: 'projects', where })
  }
  if (filter.commit !== undefined) {
    // as `like` finds what begins so, but by the index also where the value is not known when it is planned
    const where = sql`s.commit_sha ~>=~ ${filter.commit} and s.commit_sha ~<~ ${`${filter.commit}g`}`
    wanted.push({ column: 'event_id', table: 'project_events', where })
  }
  const sets = await findSets(db, wanted)
  return { sets, ...(filter.trigger !== undefined && !byTrigger ? { triggerKey: filter.trigger } : {}) }
}

/** Rows `s` of a table whose ids are wanted. */
interface Wanted {
  column: IdSet['column']
  table: string
  where: SQL
}

function projectConditions({ forge, namespace, name, like }: JobFilter, alias = 'p'): SQL[] {
  const p = sql.raw(alias)
  const conditions = [
    forge === undefined ? undefined : sql`${p}.forge = ${forge}`,
    namespace === undefined ? undefined : sql`${p}.namespace = ${namespace}`,
    name === undefined ? undefined : sql`${p}.name = ${name}`,
    like && sql`(${p}.path ilike ${like.path} or ${p}.name ilike ${like.name})`,
  ]
  return conditions.filter((condition) => condition !== undefined)
}

async function findSets(db: Db, wanted: readonly Wanted[]): Promise<IdSet[]> {
  if (wanted.length === 0) return []
  const columns = wanted.map(
    ({ column, table, where }) => sql`array(select s.id from ${sql.raw(table)} s where ${where}
      limit ${sql.raw(String(MOST_IDS + 1))}) as ${sql.raw(column)}`,
  )
  const rows = await queryJson<Record<string, number[]>>(db, sql`select ${sql.join(columns, sql`, `)}`)
  return wanted.map(({ column, table, where }) => {
    const ids = rows[0]?.[column] ?? []
    const name = sql.raw(`x.${column}`)
    if (ids.length <= MOST_IDS) return { column, ids, where: sql`${name} = any(${idArray(ids)})` }
    // the offset keeps it a look-up for each row: joined, all rows would be found first and then sorted
    const isOne = sql`exists (select 1 from ${sql.raw(table)} s where s.id = ${name} and ${where} offset 0)`
    return { column, ids: 'many', where: isOne }
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
