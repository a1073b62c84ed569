import { type SQL, sql } from 'drizzle-orm'
import type { SearchTerms } from '../domain/search.ts'
import type { Db } from './database.ts'
import { escapeLike } from './list-filter.ts'
import { epoch, every, jsonList, queryJson } from './read.ts'

interface Hit {
  /** 0: the whole of a name or title is what was typed; 1: it begins so; 2: it is somewhere in it. */
  match: number
  forge: string
  namespace: string
  repo: string
}

export interface ProjectHit extends Hit {
  lastActivityAt: number | null
}

/** A run that a hit leads to; null where there is none. */
interface Led extends Hit {
  runId: number | null
  state: string | null
  at: number | null
}

export interface PullRequestHit extends Led {
  number: number
  title: string | null
  author: string | null
}

export interface CommitHit extends Led {
  commit: string
  title: string | null
  kind: string
  number: number | null
  name: string | null
}

export interface PackageHit extends Led {
  name: string
  nvr: string | null
  srpmBuildId: number | null
}

export interface SearchHits {
  projects: ProjectHit[]
  pullRequests: PullRequestHit[]
  commits: CommitHit[]
  packages: PackageHit[]
}

/** So many of the newest rows are looked at before an index of parts of texts is asked. */
const NEWEST = 1000
/** Of rows that match, at most so many are ordered. */
const MOST_MATCHES = 1000
/** Of rows with one number, one package or one commit. */
const MOST_SAME = 200
/** Written into the statement: with a parameter it would be planned for every request anew. */
const literal = (count: number) => sql.raw(String(count))

/**
 * Finds what somebody may mean who types a few letters; each list has the best first: whole before beginning before part,
 * then the newest. Private projects stay out.
 *
 * One statement, of which each part is bounded. A word that is common is met among the newest rows; one that is not met
 * there often enough is rare, and the index of parts of texts (trigrams) finds it. Below three letters in a row that
 * index finds nothing: then only whole numbers and packages, and projects that begin so, are looked for.
 *
 * @param limit  how many hits of each kind
 */
export async function search(db: Db, terms: SearchTerms, limit: number): Promise<SearchHits> {
  const rows = await queryJson<SearchHits>(
    db,
    sql`select ${jsonList(selectProjects(terms, limit))} as projects,
      ${jsonList(selectPullRequests(terms, limit))} as "pullRequests",
      ${jsonList(selectCommits(terms, limit))} as commits,
      ${jsonList(selectPackages(terms, limit))} as packages`,
  )
  return rows[0] ?? { projects: [], pullRequests: [], commits: [], packages: [] }
}

/** How well a row matches, by the columns that were looked at. */
function rank(columns: readonly string[], text: string): SQL {
  const literal = escapeLike(text)
  const any = (pattern: string) =>
    sql.join(
      columns.map((column) => sql`${sql.raw(column)} ilike ${pattern}`),
      sql` or `,
    )
  return sql`case when ${any(literal)} then 0 when ${any(`${literal}%`)} then 1 else 2 end`
}

/** What a project `p` must be like; `undefined` for a search that names none, or no index would serve. */
function matchProject({ project, forge, isPattern, isIndexed }: SearchTerms): SQL | undefined {
  if (project === '' || (isPattern && !isIndexed && /^[^a-z0-9]/i.test(project))) return undefined
  const literal = escapeLike(project)
  const whole = literal.replaceAll('*', '%').replaceAll('?', '_')
  const pattern = isPattern ? whole : isIndexed ? `%${literal}%` : `${literal}%`
  const named = sql`(p.path ilike ${pattern} or p.name ilike ${pattern})`
  return forge === null ? named : sql`${named} and p.forge = ${forge}`
}

const NONE = sql`select 0 as match where false`

function selectProjects(terms: SearchTerms, limit: number): SQL {
  const matching = terms.number === null || terms.text === terms.project ? matchProject(terms) : undefined
  if (!matching) return NONE
  return sql`select ${rank(['p.path', 'p.name'], terms.project)} as match, p.forge, p.namespace, p.name as repo,
      ${epoch('p.last_activity_at')} as "lastActivityAt"
    from projects p where p.same_as is null and not p.is_private and ${matching}
    order by match, p.last_activity_at desc nulls last, p.id limit ${literal(limit)}`
}

/** The newest run of a trigger, beside which a hit `h` stands. */
const LATEST = sql`left join lateral (select r.id, r.state, r.created_at from pipelines r
  where r.trigger_id = h.trigger_id and r.is_run order by r.id desc limit 1) r on true`
const LED = sql`h.forge, h.namespace, h.repo, r.id as "runId", r.state, ${epoch('r.created_at')} as at`

/**
 * The first hits `h` whose project everybody may see, with its name: of duplicates that of the one that counts. Projects are
 * looked up one by one (the limit has it so) until there are enough.
 */
function takePublic(hits: SQL, order: SQL, limit: number): SQL {
  return sql`select h.*, p.forge, p.namespace, p.name as repo from (select h.* from (${hits}) h order by ${order}) h
    join lateral (select p.forge, p.namespace, p.name from projects own
      join projects p on p.id = coalesce(own.same_as, own.id) and not p.is_private
      where own.id = h.project_id limit 1) p on true
    order by ${order} limit ${literal(limit)}`
}

function selectPullRequests(terms: SearchTerms, limit: number): SQL {
  const found = [selectByNumber(terms), selectByTitle(terms, limit)].filter((part) => part !== undefined)
  if (found.length === 0) return NONE
  const order = sql`h.match, h.at desc nulls last, h.trigger_id desc`
  const once = sql`select distinct on (h.trigger_id) h.* from (${sql.join(found, sql` union all `)}) h
    order by h.trigger_id, h.match`
  return sql`select h.match, h.number, h.title, h.author, ${LED} from (${takePublic(once, order, limit)}) h
    ${LATEST} order by ${order}`
}

const PULL = sql`t.id as trigger_id, t.project_id, t.number, t.title, t.author, t.last_pipeline_at as at`

/** By number in the projects that are named; where none is, in those that had a run for it last. */
function selectByNumber(terms: SearchTerms): SQL | undefined {
  const { number, text, project } = terms
  if (number === null) return undefined
  const isPull = sql`t.kind = 'pull_request' and t.same_as is null`
  const isNamed = text !== '' && !/^[0-9]+$/.test(text)
  if (!isNamed)
    return sql`select 0 as match, ${PULL} from triggers t where ${isPull} and t.id in (select x.trigger_id from (
      select r.trigger_id from pipelines r where r.trigger_key = ${`pr:${number}`} and r.is_run
      order by r.id desc limit ${literal(MOST_SAME)}) x)`
  const matching = matchProject(terms)
  if (!matching) return undefined
  return sql`select p.match, ${PULL} from (
      select p.id, ${rank(['p.path', 'p.name'], project)} as match from projects p where ${matching}
      order by match limit ${literal(MOST_SAME)}) p
    join triggers t on t.project_id = p.id and t.number = ${number} and ${isPull}`
}

function selectByTitle({ text, number, isPattern, isIndexed }: SearchTerms, limit: number): SQL | undefined {
  if (!isIndexed || isPattern || (number !== null && !/^[0-9]+$/.test(text))) return undefined
  const part = `%${escapeLike(text)}%`
  const matches = every([
    sql`t.kind = 'pull_request' and t.same_as is null`,
    sql`(t.title ilike ${part} or t.author ilike ${part})`,
  ])
  return sql`select ${rank(['t.title', 't.author'], text)} as match, ${PULL} from (
      with newest as materialized (
        select t.* from (select * from triggers order by id desc limit ${literal(NEWEST)}) t where ${matches})
      select * from newest
      union all
      (select t.* from triggers t where ${matches} and (select count(*) from newest) < ${literal(limit)}
        limit ${literal(MOST_MATCHES)})) t`
}

function selectCommits({ commit }: SearchTerms, limit: number): SQL {
  if (commit === null) return NONE
  // these operators are those of the index, and hold for a parameter as for a text that is known beforehand
  const begins = sql`e.commit_sha ~>=~ ${commit} and e.commit_sha ~<~ ${`${commit}g`}`
  const order = sql`h.match, h.id desc`
  const found = sql`select case when e.commit_sha = ${commit} then 0 else 1 end as match, e.id, e.commit_sha, e.commit_title,
      t.kind, t.number, t.name, t.project_id
    from (select e.id, e.commit_sha, e.commit_title, e.trigger_id from project_events e where ${begins}
      limit ${literal(MOST_SAME)}) e
    join triggers t on t.id = e.trigger_id`
  return sql`select h.match, h.commit_sha as commit, h.commit_title as title, h.kind, h.number, h.name, ${LED}
    from (${takePublic(found, order, limit)}) h
    left join lateral (select r.id, r.state, r.created_at from pipelines r
      where r.event_id = h.id and r.is_run order by r.id desc limit 1) r on true
    order by ${order}`
}

/** Name of the package in an NVR: what stands before version and release. */
const NAME_OF_NVR = sql`regexp_replace(s.nvr, '-[^-]*-[^-]*$', '')`

function selectPackages({ text, isPattern, isIndexed, number, commit }: SearchTerms, limit: number): SQL {
  const isOther = isPattern || text === '' || (number !== null && commit === null) || text.includes('/')
  if (isOther) return NONE
  const found = [selectByPackage(text), ...(isIndexed ? [selectByNvr(text, limit)] : [])]
  const order = sql`h.match, h."srpmBuildId" desc nulls last`
  const once = sql`select distinct on (h.project_id, h.name) h.* from (${sql.join(found, sql` union all `)}) h
    order by h.project_id, h.name, ${order}`
  return sql`select h.match, h.name, h.nvr, h."srpmBuildId", ${LED} from (${takePublic(once, order, limit)}) h
    left join lateral (select r.id, r.state, r.created_at from pipelines one
      join pipelines r on r.id = coalesce(one.merged_run_id, one.id)
      where one.id = coalesce(h.pipeline_id,
        (select min(first.id) from pipelines first where first.srpm_build_id = h."srpmBuildId"))) r on true
    order by ${order}`
}

/** Runs of a package that is called exactly so; names of packages are lower case, mostly. */
function selectByPackage(text: string): SQL {
  const names = [...new Set([text, text.toLowerCase()])]
  const each = names.map(
    (name) => sql`(select r.id as pipeline_id, r.srpm_build_id, r.project_id, r.package from pipelines r
      where r.package = ${name} and r.is_run order by r.id desc limit ${literal(MOST_SAME)})`,
  )
  return sql`select 0 as match, r.package as name, s.nvr, r.srpm_build_id as "srpmBuildId", r.project_id, r.pipeline_id
    from (${sql.join(each, sql` union all `)}) r left join srpm_builds s on s.id = r.srpm_build_id`
}

function selectByNvr(text: string, limit: number): SQL {
  const matches = sql`s.nvr ilike ${`%${escapeLike(text)}%`}`
  const columns = sql.raw('s.id, s.nvr, s.package, s.project_id')
  return sql`select case when s.name ilike ${escapeLike(text)} then 0 else ${rank(['s.nvr'], text)} end as match, s.name, s.nvr,
      s.id as "srpmBuildId", s.project_id, null::bigint as pipeline_id
    from (select s.*, coalesce(nullif(s.package, ''), ${NAME_OF_NVR}) as name from (
      with newest as materialized (
        select s.* from (select ${columns} from srpm_builds s order by s.id desc limit ${literal(NEWEST)}) s
        where ${matches})
      select * from newest
      union all
      (select ${columns} from srpm_builds s where ${matches} and (select count(*) from newest) < ${literal(limit)}
        limit ${literal(MOST_MATCHES)})) s) s`
}
