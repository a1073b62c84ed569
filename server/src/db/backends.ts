import { and, eq, gt, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import type { Backend } from '../domain/backend.ts'
import type { Db } from './database.ts'
import { backends, builds, buildTargets, pipelines, testTargets } from './schema.ts'

export async function findBackend(db: Db, name: string): Promise<Backend | undefined> {
  const rows = await db.select().from(backends).where(eq(backends.name, name))
  return rows[0]
}

/** All that were ever asked. */
export async function listBackends(db: Db): Promise<Backend[]> {
  return db.select().from(backends).orderBy(backends.name)
}

/** Those that do not answer. */
export async function listAwayBackends(db: Db): Promise<Backend[]> {
  return db.select().from(backends).where(ne(backends.state, 'closed'))
}

/** The row of a system, made where there is none, held until the transaction ends. */
export async function lockBackend(tx: Db, name: string): Promise<Backend | undefined> {
  await tx.insert(backends).values({ name }).onConflictDoNothing()
  const rows = await tx.select().from(backends).where(eq(backends.name, name)).for('update')
  return rows[0]
}

export async function writeBackend(tx: Db, { name, ...set }: Backend): Promise<void> {
  await tx.update(backends).set(set).where(eq(backends.name, name))
}

/** Takes the right to try a system again; `false` when another process was first. */
export async function claimTrial(db: Db, { name, state, nextTryAt }: Backend, until: Date): Promise<boolean> {
  const isSame = nextTryAt === null ? isNull(backends.nextTryAt) : eq(backends.nextTryAt, nextTryAt)
  const rows = await db
    .update(backends)
    .set({ state: 'half-open', nextTryAt: until })
    .where(and(eq(backends.name, name), eq(backends.state, state), isSame))
    .returning({ name: backends.name })
  return rows.length === 1
}

/** Notes that a system answered; that of one that is away is for `writeBackend`. */
export async function noteAnswer(db: Db, name: string, at: Date): Promise<void> {
  await db
    .insert(backends)
    .values({ name, lastSuccessAt: at })
    .onConflictDoUpdate({ target: backends.name, set: { lastSuccessAt: at } })
}

/** A part of a list of runs: the first `limit` behind the id `after`. */
interface Part {
  after: number
  limit: number
}

/** The runs with targets that wait for a builder or are built by it, or with tests that wait for their runner or run there. */
export async function listRunsAt(db: Db, backend: string, part: Part): Promise<number[]> {
  const rows = await (backend === TEST_RUNNER ? listTestedRuns(db, part) : listBuiltRuns(db, backend, part))
  return rows.flatMap(({ id }) => (id === null ? [] : [id]))
}

/** The only runner of tests that may not answer. */
const TEST_RUNNER = 'testing-farm'

async function listTestedRuns(db: Db, { after, limit }: Part) {
  return db
    .selectDistinct({ id: pipelines.mergedRunId })
    .from(testTargets)
    .innerJoin(pipelines, eq(pipelines.testGroupId, testTargets.groupId))
    .where(
      and(
        inArray(testTargets.state, ['pending', 'running']),
        isNotNull(testTargets.readyAt),
        gt(pipelines.mergedRunId, after),
      ),
    )
    .orderBy(pipelines.mergedRunId)
    .limit(limit)
}

async function listBuiltRuns(db: Db, builder: string, { after, limit }: Part) {
  return db
    .selectDistinct({ id: pipelines.mergedRunId })
    .from(buildTargets)
    .innerJoin(builds, eq(builds.id, buildTargets.buildRowId))
    .innerJoin(pipelines, eq(pipelines.buildGroupId, buildTargets.groupId))
    .where(
      and(
        inArray(buildTargets.state, ['pending', 'running']),
        sql`${builds.builder} = ${builder}`,
        gt(pipelines.mergedRunId, after),
      ),
    )
    .orderBy(pipelines.mergedRunId)
    .limit(limit)
}
