import { and, eq, isNull, sql } from 'drizzle-orm'
import type { ForgeProject } from '../domain/forge-event.ts'
import type { Db } from './database.ts'
import { findByRepository, followRename } from './project-names.ts'
import { projects, triggers } from './schema.ts'

export type Project = typeof projects.$inferSelect
export type Trigger = typeof triggers.$inferSelect

/**
 * The project of this identity, made when it is new; its page's address follows the forge. One that the forge knows by the
 * same id under another name is the same project: it gets the new name, unless that was told of before it was renamed.
 *
 * @param toldAt  when the forge told of it
 */
export async function upsertProject(tx: Db, told: ForgeProject, now: Date, toldAt = now): Promise<Project> {
  const project = { ...told, ...(await followRename(tx, told, toldAt)) }
  const set = {
    url: project.webUrl,
    isPrivate: project.isPrivate,
    lastActivityAt: now,
    ...(project.repositoryId === undefined ? {} : { repositoryId: project.repositoryId }),
    ...(project.installationId === undefined ? {} : { installationId: project.installationId }),
  }
  const rows = await tx
    .insert(projects)
    .values({ forge: project.forge, namespace: project.namespace, name: project.name, ...set })
    .onConflictDoUpdate({
      target: [projects.forge, projects.namespace, projects.name],
      targetWhere: isNull(projects.sameAs),
      set,
    })
    .returning()
  return first(rows)
}

const HANDLED = {
  pull_request: 'prsHandled',
  branch_push: 'branchesHandled',
  release: 'releasesHandled',
  issue: 'issuesHandled',
} as const

type NewTrigger = typeof triggers.$inferInsert & { kind: keyof typeof HANDLED; projectId: number }

/** Whether a row says already what was told, and that something happened lately: then it is not written, nor locked. */
export function isUpToDate(project: Project, told: ForgeProject, now: Date): boolean {
  const { namespace, name, webUrl, isPrivate, repositoryId = null, installationId = project.installationId } = told
  return (
    project.namespace === namespace &&
    project.name === name &&
    project.url === webUrl &&
    project.isPrivate === isPrivate &&
    (repositoryId === null || project.repositoryId === repositoryId) &&
    project.installationId === installationId &&
    project.lastActivityAt !== null &&
    now.getTime() - project.lastActivityAt.getTime() < LATELY_MS
  )
}

const LATELY_MS = 60_000

/**
 * The trigger of this identity, locked until the transaction ends, made when it is new. What it says about itself is left to
 * `updateTrigger`, since deliveries come in any order.
 *
 * @returns with `isNew`, it is to be counted by `countTrigger`
 */
export async function lockTrigger(tx: Db, trigger: NewTrigger): Promise<{ trigger: Trigger; isNew: boolean }> {
  const [made] = await tx.insert(triggers).values(trigger).onConflictDoNothing().returning()
  if (made) return { trigger: made, isNew: true }
  const byKey =
    trigger.number === undefined || trigger.number === null
      ? eq(triggers.name, trigger.name ?? '')
      : eq(triggers.number, trigger.number)
  const rows = await tx
    .select()
    .from(triggers)
    .where(
      and(eq(triggers.projectId, trigger.projectId), eq(triggers.kind, trigger.kind), byKey, isNull(triggers.sameAs)),
    )
    .for('update')
  return { trigger: first(rows), isNew: false }
}

/**
 * Counts a new trigger at its project. The last step of a transaction: all that is told of the project waits for it from
 * here on.
 */
export async function countTrigger(tx: Db, projectId: number, kind: keyof typeof HANDLED): Promise<void> {
  const counter = HANDLED[kind]
  await tx
    .update(projects)
    .set({ [counter]: sql`${projects[counter]} + 1` })
    .where(eq(projects.id, projectId))
}

/** The trigger of a head, without a lock; `undefined` when it is new. */
export async function findTrigger(
  db: Db,
  head: { project: ForgeProject; triggerKind: Trigger['kind']; number: number | null; name: string | null },
): Promise<Trigger | undefined> {
  const project = await findKnownProject(db, head.project)
  if (!project) return undefined
  const byKey = head.number === null ? eq(triggers.name, head.name ?? '') : eq(triggers.number, head.number)
  const rows = await db
    .select()
    .from(triggers)
    .where(and(eq(triggers.projectId, project.id), eq(triggers.kind, head.triggerKind), byKey, isNull(triggers.sameAs)))
  return rows[0]
}

/** What a trigger is known by in its project. */
export type TriggerName = { kind: 'pull_request'; number: number } | { kind: 'branch_push' | 'release'; name: string }

/** The trigger of this name in a project, locked until the transaction ends; `undefined` when it is not known. */
export async function lockNamedTrigger(tx: Db, projectId: number, named: TriggerName): Promise<Trigger | undefined> {
  const byKey = named.kind === 'pull_request' ? eq(triggers.number, named.number) : eq(triggers.name, named.name)
  const rows = await tx
    .select()
    .from(triggers)
    .where(and(eq(triggers.projectId, projectId), eq(triggers.kind, named.kind), byKey, isNull(triggers.sameAs)))
    .for('update')
  return rows[0]
}

export async function updateTrigger(tx: Db, id: number, set: Partial<typeof triggers.$inferInsert>): Promise<void> {
  await tx.update(triggers).set(set).where(eq(triggers.id, id))
}

/** The project of a repository by the forge's id of it, else by its name. */
export async function findKnownProject(db: Db, project: ForgeProject): Promise<Project | undefined> {
  const { forge, namespace, name, repositoryId } = project
  const byId = repositoryId === undefined ? undefined : await findByRepository(db, forge, repositoryId)
  if (byId) return byId
  const rows = await db
    .select()
    .from(projects)
    .where(
      and(
        eq(projects.forge, forge),
        eq(projects.namespace, namespace),
        eq(projects.name, name),
        isNull(projects.sameAs),
      ),
    )
  return rows[0]
}

export async function findProject(db: Db, id: number): Promise<Project | undefined> {
  const rows = await db.select().from(projects).where(eq(projects.id, id))
  return rows[0]
}

function first<T>(rows: T[]): T {
  const [row] = rows
  if (!row) throw new Error('the row that was just written is not there')
  return row
}
