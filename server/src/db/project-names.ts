import { and, eq, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm'
import type { ForgeProject } from '../domain/forge-event.ts'
import type { Db } from './database.ts'
import { projects, triggers } from './schema.ts'

type Named = Pick<ForgeProject, 'forge' | 'namespace' | 'name'>
type Row = typeof projects.$inferSelect

/**
 * How a repository is called that the forge told of. A former name that was told of before the repository got its present
 * one is left aside; any other new name becomes its name.
 *
 * @returns the name that counts, with the addresses that go with it
 */
export async function followRename(
  tx: Db,
  told: ForgeProject,
  toldAt: Date,
): Promise<Pick<ForgeProject, 'namespace' | 'name' | 'webUrl'>> {
  const { namespace, name, webUrl } = told
  const known = told.repositoryId === undefined ? undefined : await findByRepository(tx, told.forge, told.repositoryId)
  if (!known || (known.namespace === namespace && known.name === name)) return { namespace, name, webUrl }
  const former = await findFormerName(tx, known.id, told)
  if (former?.lastActivityAt && former.lastActivityAt >= toldAt)
    return { namespace: known.namespace, name: known.name, webUrl: known.url }
  await renameProject(tx, known, told, toldAt)
  return { namespace, name, webUrl }
}

/** The project of a repository by the forge's own id of it. */
export async function findByRepository(db: Db, forge: string, repositoryId: number): Promise<Row | undefined> {
  const rows = await db
    .select()
    .from(projects)
    .where(and(eq(projects.forge, forge), eq(projects.repositoryId, repositoryId), isNull(projects.sameAs)))
    .orderBy(projects.id)
    .limit(1)
  return rows[0]
}

/** The projects of an account. */
export async function listProjectsOf(db: Db, forge: string, namespace: string): Promise<Row[]> {
  return db
    .select()
    .from(projects)
    .where(and(eq(projects.forge, forge), eq(projects.namespace, namespace), isNull(projects.sameAs)))
    .orderBy(projects.id)
}

/**
 * Gives a project another name: triggers, runs and repositories stay with it. Its former name leads to it, and so does
 * a row that has the new name already.
 */
export async function renameProject(
  tx: Db,
  project: Row,
  to: Pick<ForgeProject, 'forge' | 'namespace' | 'name' | 'webUrl' | 'cloneUrl'>,
  at: Date,
): Promise<void> {
  const { forge, namespace, name, webUrl, cloneUrl } = to
  const newName = { forge, namespace, name }
  const inTheWay = tx
    .select({ id: projects.id })
    .from(projects)
    .where(and(isNamed(newName), isNull(projects.sameAs), ne(projects.id, project.id)))
  // what leads to that row leads here as well: nobody follows two steps
  await tx
    .update(projects)
    .set({ sameAs: project.id })
    .where(or(inArray(projects.id, inTheWay), inArray(projects.sameAs, inTheWay)))
  await tx
    .update(projects)
    .set({ ...newName, url: webUrl })
    .where(eq(projects.id, project.id))
  await keepFormerName(tx, project, webUrl, at)
  await moveTriggers(tx, project.id, cloneUrl)
}

/** Whoever gets the former name must not be fetched from in its place. */
async function moveTriggers(tx: Db, projectId: number, cloneUrl: string): Promise<void> {
  await tx
    .update(triggers)
    .set({
      cloneUrl,
      headRepo: sql`case when ${triggers.headRepo} = ${triggers.cloneUrl} then ${cloneUrl} else ${triggers.headRepo} end`,
    })
    .where(and(eq(triggers.projectId, projectId), isNotNull(triggers.cloneUrl)))
}

async function keepFormerName(tx: Db, project: Row, url: string, at: Date): Promise<void> {
  const { id, forge, namespace, name, isPrivate } = project
  const there = await findFormerName(tx, id, project)
  if (there) await tx.update(projects).set({ url, lastActivityAt: at }).where(eq(projects.id, there.id))
  else await tx.insert(projects).values({ forge, namespace, name, isPrivate, url, sameAs: id, lastActivityAt: at })
}

async function findFormerName(db: Db, projectId: number, name: Named): Promise<Row | undefined> {
  const rows = await db
    .select()
    .from(projects)
    .where(and(eq(projects.sameAs, projectId), isNamed(name)))
    .limit(1)
  return rows[0]
}

function isNamed({ forge, namespace, name }: Named) {
  return and(eq(projects.forge, forge), eq(projects.namespace, namespace), eq(projects.name, name))
}

/** A repository that can be seen by fewer, or by more, than before. */
export async function setVisibility(tx: Db, projectId: number, isPrivate: boolean): Promise<void> {
  await tx
    .update(projects)
    .set({ isPrivate })
    .where(or(eq(projects.id, projectId), eq(projects.sameAs, projectId)))
}
