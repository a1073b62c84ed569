import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { idArray } from './list-filter.ts'
import { cut, epoch, every, type Found, jsonList, queryJson, readPage, type Window } from './read.ts'

export interface ProjectRow {
  id: number
  forge: string
  namespace: string
  name: string
  url: string
  prsHandled: number
  branchesHandled: number
  releasesHandled: number
  issuesHandled: number
  lastActivityAt: number | null
}

export interface ProjectFilter {
  forge?: string | undefined
  namespace?: string | undefined
  /** An ILIKE pattern of `namespace/repo` or of `repo`. */
  like?: { path: string; name: string } | undefined
}

/** A project by its three names. */
export interface ProjectName {
  forge: string
  namespace: string
  name: string
}

const PROJECT = sql`p.id, p.forge, p.namespace, p.name, p.url, p.prs_handled as "prsHandled",
  p.branches_handled as "branchesHandled", p.releases_handled as "releasesHandled", p.issues_handled as "issuesHandled",
  ${epoch('p.last_activity_at')} as "lastActivityAt"`

/** Projects by namespace. Duplicates of an import are left out: their counts are those of the row that counts. */
export async function listProjects(db: Db, filter: ProjectFilter, window: Window): Promise<Found<ProjectRow>> {
  const conditions = [
    sql`p.same_as is null`,
    filter.forge === undefined ? undefined : sql`p.forge = ${filter.forge}`,
    filter.namespace === undefined ? undefined : sql`p.namespace = ${filter.namespace}`,
    filter.like && sql`(p.path ilike ${filter.like.path} or p.name ilike ${filter.like.name})`,
  ]
  const after =
    window.after === undefined
      ? undefined
      : sql`(p.namespace, p.id) > (select last.namespace, last.id from projects last where last.id = ${window.after})`
  return readPage<ProjectRow>(db, window, {
    page: sql`select ${PROJECT} from projects p where ${every([...conditions, after])} order by p.namespace, p.id ${cut(window)}`,
    counted: sql`from projects p where ${every(conditions)}`,
    keyOf: (row) => row.id,
  })
}

/** The project of a name, also of a former one; of several in an import the one that counts. */
export async function findProject(db: Db, name: ProjectName): Promise<ProjectRow | undefined> {
  const rows = await queryJson<ProjectRow>(
    db,
    sql`select ${PROJECT} from projects p
      where p.id = (select coalesce(q.same_as, q.id) from projects q where q.forge = ${name.forge}
        and q.namespace = ${name.namespace} and q.name = ${name.name} order by q.same_as is not null, q.id limit 1)`,
  )
  return rows[0]
}

/** The id of a project that everybody may see; a private one is as if it were not there. */
export async function findPublicProject(db: Db, name: ProjectName): Promise<number | undefined> {
  const rows = await queryJson<{ id: number }>(
    db,
    sql`select p.id from projects p where p.forge = ${name.forge} and p.namespace = ${name.namespace}
      and p.name = ${name.name} and p.same_as is null and not p.is_private`,
  )
  return rows[0]?.id
}

export interface LatestRow {
  runId: number
  package: string
  state: string | null
  commit: string | null
  createdAt: number
}

export interface TriggerRow {
  id: number
  number: number | null
  name: string | null
  title: string | null
  author: string | null
  url: string | null
  open: boolean
  commitHash: string | null
  latest: LatestRow[]
}

export interface TriggerBuildsRow extends TriggerRow {
  builds: {
    id: number
    buildId: string | null
    builder: string | null
    target: string | null
    status: string | null
    state: string
    srpmState: string | null
    webUrl: string | null
  }[]
  kojiBuilds: {
    id: number
    taskId: string | null
    target: string | null
    status: string | null
    webUrl: string | null
  }[]
  srpmBuilds: { id: number; status: string | null; state: string }[]
  tests: {
    id: number
    pipelineId: string | null
    target: string | null
    status: string | null
    state: string | null
    webUrl: string | null
  }[]
}

/** The project of a name and its duplicates: an import keeps both, and each may own triggers. */
function projectIds(name: ProjectName): SQL {
  return sql`select p.id from projects p
    where p.forge = ${name.forge} and p.namespace = ${name.namespace} and p.name = ${name.name}`
}

/** Pipelines of a trigger `t` and of its duplicates. (The array lets the index of events serve both.) */
const PIPELINES = sql`project_events e join pipelines r on r.event_id = e.id and e.trigger_id = any(array(
  select t.id union all select same.id from triggers same where same.same_as = t.id))`

/**
 * The newest run of each package; those of heads that were replaced come last. (`offset 0` has the few pipelines of the
 * trigger found first: PostgreSQL takes runs for rare among pipelines, and would look through all of them.)
 */
const LATEST = jsonList(sql`
  select distinct on (r.package) r.id as "runId", r.package, r.state, r.commit_sha as "commit",
    ${epoch('r.created_at')} as "createdAt"
  from (select r.*, e.commit_sha, e.superseded_by is not null as replaced from ${PIPELINES} offset 0) r
  where r.is_run order by r.package, r.replaced, r.id desc`)

const TRIGGER = sql`t.id, t.number, t.name, t.title, t.author, t.url, t.open, t.commit_hash as "commitHash"`

/** At most so many builds of a kind are given with a pull request or branch: the newest. */
const MAX_BUILDS = 1000

/** Ids of one kind of job of a trigger `t`, by the column of the pipelines that points at it. */
const ids = (column: string) =>
  sql`(select r.${sql.raw(column)} from ${PIPELINES} where r.${sql.raw(column)} is not null)`

const BUILDS = sql`
  ${jsonList(sql`
    select b.id, coalesce(w.build_id, case when w.builder = 'local' then w.id::text end) as "buildId", w.builder, b.target, b.status, b.state, b.web_url as "webUrl",
      (select s.state from pipelines r join srpm_builds s on s.id = r.srpm_build_id
        where r.build_group_id = b.group_id order by r.id limit 1) as "srpmState"
    from build_targets b left join builds w on w.id = b.build_row_id
    where b.group_id in ${ids('build_group_id')} order by b.id desc limit ${MAX_BUILDS}`)} as builds,
  ${jsonList(sql`
    select k.id, k.task_id as "taskId", k.target, k.status, k.web_url as "webUrl" from koji_build_targets k
    where k.group_id in ${ids('koji_build_group_id')} order by k.id desc limit ${MAX_BUILDS}`)} as "kojiBuilds",
  ${jsonList(sql`
    select s.id, s.status, s.state from srpm_builds s
    where s.id in ${ids('srpm_build_id')} order by s.id desc limit ${MAX_BUILDS}`)} as "srpmBuilds",
  ${jsonList(sql`
    select x.id, x.pipeline_id as "pipelineId", x.target, x.status, x.state, x.web_url as "webUrl" from test_targets x
    where x.group_id in ${ids('test_group_id')} order by x.id desc limit ${MAX_BUILDS}`)} as tests`

interface TriggerList {
  kind: 'pull_request' | 'issue' | 'release' | 'branch_push'
  columns: SQL
}

/** Triggers of one kind of a project, the newest first: by number where they have one. */
async function listTriggers<Row extends { id?: number; number: number | null }>(
  db: Db,
  name: ProjectName,
  { kind, columns }: TriggerList,
  window: Window,
): Promise<Found<Row>> {
  const found = await queryJson<{ ids: number[] }>(db, sql`select array(${projectIds(name)}) as ids`)
  const ids = idArray(found[0]?.ids ?? [])
  const numbered = kind === 'pull_request' || kind === 'issue'
  const key = numbered ? sql`t.number` : sql`t.id`
  const where = sql`t.kind = ${sql.raw(`'${kind}'`)} and t.same_as is null and ${key} is not null`
  const after = window.after === undefined ? sql`true` : sql`${key} < ${window.after}`
  // each row of the project has its own place in the index; there is one, but for duplicates of an import
  const ofEach = sql`unnest(${ids}) as each(id) cross join lateral (select t.* from triggers t
    where t.project_id = each.id and ${where} and ${after} order by ${key} desc ${cut({ ...window, limit: window.offset + window.limit, offset: 0 })}) t`
  return readPage<Row>(db, window, {
    page: sql`select ${columns} from (select t.* from ${ofEach} order by ${key} desc ${cut(window)}) t order by ${key} desc`,
    counted: sql`from triggers t where t.project_id = any(${ids}) and ${where}`,
    keyOf: (row) => (numbered ? row.number : (row.id ?? null)),
  })
}

/** Pull requests of a project with everything ever built for them. The cursor is the number. */
export function listPullRequests(db: Db, name: ProjectName, window: Window): Promise<Found<TriggerBuildsRow>> {
  return listTriggers(
    db,
    name,
    { kind: 'pull_request', columns: sql`${TRIGGER}, ${LATEST} as latest, ${BUILDS}` },
    window,
  )
}

/** Branches of a project with everything ever built for them. */
export function listBranches(db: Db, name: ProjectName, window: Window): Promise<Found<TriggerBuildsRow>> {
  return listTriggers(
    db,
    name,
    { kind: 'branch_push', columns: sql`${TRIGGER}, ${LATEST} as latest, ${BUILDS}` },
    window,
  )
}

/** Releases of a project. */
export function listReleases(db: Db, name: ProjectName, window: Window): Promise<Found<TriggerRow>> {
  return listTriggers(db, name, { kind: 'release', columns: sql`${TRIGGER}, ${LATEST} as latest` }, window)
}

/** Numbers of the issues of a project. The cursor is the number. */
export function listIssues(db: Db, name: ProjectName, window: Window): Promise<Found<{ number: number }>> {
  return listTriggers(db, name, { kind: 'issue', columns: sql`t.number` }, window)
}
