import { and, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm'
import { hasEnded, type State, stateOfStatus } from '../domain/status.ts'
import { type TestInput, toTestStatus } from '../domain/test-run.ts'
import { type Db, query } from './database.ts'
import {
  builds,
  buildTargets,
  pipelines,
  srpmBuilds,
  testGroups,
  testRequests,
  testTargetBuilds,
  testTargets,
} from './schema.ts'
import type { scopeOf } from './scope.ts'

/** The word of the compatible API for tests that go on until their runner has ended them. */
const CANCEL_REQUESTED = 'cancel-requested'

type Row = typeof testTargets.$inferSelect
/** The tests of one target; what each of them said is read where it is shown. */
export type TestTarget = Omit<Row, 'results' | 'state'> & { state: State; buildTargetIds: number[] }
export type TestRequest = typeof testRequests.$inferSelect

const { results: _, ...COLUMNS } = getTableColumns(testTargets)

/** The tests of groups, in the order in which they were written. */
export async function listTestTargets(db: Db, groupIds: readonly number[]): Promise<TestTarget[]> {
  if (groupIds.length === 0) return []
  return readTargets(db, inArray(testTargets.groupId, [...groupIds]))
}

export async function findTestTarget(db: Db, id: number): Promise<TestTarget | undefined> {
  return (await readTargets(db, eq(testTargets.id, id)))[0]
}

async function readTargets(db: Db, where: ReturnType<typeof eq>): Promise<TestTarget[]> {
  const rows = await db
    .select({
      ...COLUMNS,
      buildTargetIds: sql<number[]>`array(select b.build_target_id::float8 from test_target_builds b
        where b.test_target_id = ${testTargets.id} order by 1)`,
    })
    .from(testTargets)
    .where(where)
    .orderBy(testTargets.id)
  // rows of an import have the runner's word alone
  return rows.map(({ state, ...row }) => ({ ...row, state: state ?? stateOfStatus(row.status) }))
}

/** The run that a group of tests belongs to: that of the pipeline it was written for. */
export async function findRunOfTestGroup(db: Db, groupId: number): Promise<number | undefined> {
  const rows = await db
    .select({ id: pipelines.mergedRunId })
    .from(pipelines)
    .where(eq(pipelines.testGroupId, groupId))
    .orderBy(pipelines.id)
    .limit(1)
  return rows[0]?.id ?? undefined
}

export interface NewTestTarget {
  target: string
  identifier: string
  package: string
  input: TestInput
  /** Of builds in whatever run. */
  buildTargetIds: readonly number[]
  /** Set when nothing is to be run. */
  end: { state: State; reason: string } | null
}

/** Writes a group of tests. */
export async function insertTestGroup(
  tx: Db,
  scope: ReturnType<typeof scopeOf>,
  targets: readonly NewTestTarget[],
  submittedAt: Date,
): Promise<number> {
  const [group] = await tx.insert(testGroups).values({ submittedAt }).returning({ id: testGroups.id })
  if (!group) throw new Error('the group that was just written is not there')
  for (const { target, identifier, package: name, input, buildTargetIds, end } of targets) {
    const state = end?.state ?? 'pending'
    const [row] = await tx
      .insert(testTargets)
      .values({
        ...scope,
        groupId: group.id,
        target,
        input,
        submittedAt,
        state,
        identifier: identifier || null,
        package: name || null,
        status: toTestStatus(state, { isSubmitted: false, tries: 0 }),
        ...(end ? { reason: end.reason, endedAt: submittedAt } : {}),
      })
      .returning({ id: testTargets.id })
    for (const buildTargetId of new Set(buildTargetIds))
      await tx.insert(testTargetBuilds).values({ testTargetId: row?.id ?? 0, buildTargetId })
  }
  return group.id
}

/** The tests that wait for builds of a run, whatever run they are in themselves. */
export async function listWaitingTests(tx: Db, runId: number): Promise<{ id: number; runId: number }[]> {
  return query(
    tx,
    sql`select t.id::float8 as id, p.merged_run_id::float8 as "runId" from test_targets t
      join pipelines p on p.test_group_id = t.group_id
      where t.ready_at is null and t.state = 'pending' and t.imported_at is null and (p.merged_run_id = ${runId}
        or exists (select 1 from test_target_builds l join build_targets b on b.id = l.build_target_id
          join pipelines q on q.build_group_id = b.group_id
          where l.test_target_id = t.id and q.merged_run_id = ${runId})) order by t.id`,
  )
}

/** The builds that tests are for. Copr has the packages itself; those of other builders are to be had once they are published. */
export async function listAwaitedBuilds(
  tx: Db,
  testTargetId: number,
): Promise<{ target: string; state: State; reason: string | null; isPublished: boolean }[]> {
  return query(
    tx,
    sql`select b.target, b.state, b.reason,
        coalesce(u.builder = 'copr', false) or exists (select 1 from pipelines p
          where p.build_group_id = b.group_id and p.published_at is not null) as "isPublished"
      from test_target_builds l join build_targets b on b.id = l.build_target_id left join builds u on u.id = b.build_row_id
      where l.test_target_id = ${testTargetId} order by b.id`,
  )
}

/** Marks tests as handed over; `false` when another transaction did that, or ended them. */
export async function setReady(tx: Db, id: number, readyAt: Date): Promise<boolean> {
  const rows = await tx
    .update(testTargets)
    .set({ readyAt })
    .where(and(eq(testTargets.id, id), isNull(testTargets.readyAt), eq(testTargets.state, 'pending')))
    .returning({ id: testTargets.id })
  return rows.length === 1
}

/**
 * Moves tests on; `false`, and nothing written, when another worker moved them first.
 *
 * @param from  what they were read as
 */
export async function moveTest(
  tx: Db,
  from: Pick<TestTarget, 'id' | 'state' | 'tries'>,
  set: { state: State; isSubmitted?: boolean } & Partial<typeof testTargets.$inferInsert>,
): Promise<boolean> {
  const { isSubmitted = false, ...columns } = set
  const word = toTestStatus(set.state, { isSubmitted, tries: set.tries ?? from.tries })
  const status = hasEnded(set.state)
    ? word
    : sql<string>`case when ${testTargets.cancelReason} is null then ${word} else ${CANCEL_REQUESTED} end`
  const same = and(eq(testTargets.id, from.id), eq(testTargets.state, from.state), eq(testTargets.tries, from.tries))
  const rows = await tx
    .update(testTargets)
    .set({ ...columns, status })
    .where(same)
    .returning({ id: testTargets.id })
  return rows.length === 1
}

/** Writes what says nothing of the state: addresses, results so far, a reason to wait. */
export async function noteTest(tx: Db, id: number, set: Partial<typeof testTargets.$inferInsert>): Promise<void> {
  if (Object.keys(set).length > 0) await tx.update(testTargets).set(set).where(eq(testTargets.id, id))
}

/** Its runner is told, and it runs on until the runner has ended it. */
export async function requestTestCancel(tx: Db, id: number, reason: string): Promise<void> {
  await tx
    .update(testTargets)
    .set({ cancelReason: reason, status: CANCEL_REQUESTED })
    .where(and(eq(testTargets.id, id), isNull(testTargets.cancelReason)))
}

export async function insertTestRequest(tx: Db, request: typeof testRequests.$inferInsert): Promise<TestRequest> {
  const [row] = await tx.insert(testRequests).values(request).returning()
  if (!row) throw new Error('the request that was just written is not there')
  return row
}

export async function updateTestRequest(tx: Db, id: number, set: Partial<TestRequest>): Promise<void> {
  await tx.update(testRequests).set(set).where(eq(testRequests.id, id))
}

export async function findTestRequest(db: Db, id: number): Promise<TestRequest | undefined> {
  return (await db.select().from(testRequests).where(eq(testRequests.id, id)))[0]
}

/** The newest request for tests. */
export async function findNewestRequest(db: Db, testTargetId: number): Promise<TestRequest | undefined> {
  const rows = await db
    .select()
    .from(testRequests)
    .where(eq(testRequests.testTargetId, testTargetId))
    .orderBy(sql`${testRequests.id} desc`)
    .limit(1)
  return rows[0]
}

/** The request that a runner calls by its own id. */
export async function findRequestByRunnerId(db: Db, requestId: string): Promise<TestRequest | undefined> {
  const rows = await db.select().from(testRequests).where(eq(testRequests.requestId, requestId)).limit(1)
  return rows[0]
}

export async function findRequestBySecret(db: Db, secretHash: string): Promise<TestRequest | undefined> {
  const rows = await db.select().from(testRequests).where(eq(testRequests.secretHash, secretHash)).limit(1)
  return rows[0]
}

/** A build that is tested, with what tests are told of it. */
export interface TestedBuildRow {
  builder: 'local' | 'copr' | 'mock'
  buildId: string
  chroot: string
  packages: (typeof buildTargets.$inferSelect)['builtPackages']
  files: (typeof buildTargets.$inferSelect)['files']
  owner: string | null
  projectName: string | null
  /** The run it was built in. */
  runId: number | null
  targetId: number
  srpmId: number | null
  srpmKey: string | null
  nvr: string | null
  /** What it was built for: another event where packages of another pull request are tested along. */
  eventId: number | null
}

export async function listTestedBuilds(db: Db, testTargetId: number): Promise<TestedBuildRow[]> {
  const rows = await db
    .select({
      builder: builds.builder,
      buildId: builds.buildId,
      chroot: buildTargets.target,
      packages: buildTargets.builtPackages,
      files: buildTargets.files,
      owner: builds.owner,
      projectName: builds.projectName,
      runId: pipelines.mergedRunId,
      targetId: buildTargets.id,
      srpmId: srpmBuilds.id,
      srpmKey: srpmBuilds.fileKey,
      nvr: srpmBuilds.nvr,
      eventId: builds.eventId,
    })
    .from(testTargetBuilds)
    .innerJoin(buildTargets, eq(buildTargets.id, testTargetBuilds.buildTargetId))
    .innerJoin(builds, eq(builds.id, buildTargets.buildRowId))
    .leftJoin(pipelines, eq(pipelines.buildGroupId, buildTargets.groupId))
    .leftJoin(srpmBuilds, eq(srpmBuilds.id, pipelines.srpmBuildId))
    .where(eq(testTargetBuilds.testTargetId, testTargetId))
    .orderBy(buildTargets.id)
  return rows.map((row) => ({ ...row, buildId: row.buildId ?? '', chroot: row.chroot ?? '' }))
}
