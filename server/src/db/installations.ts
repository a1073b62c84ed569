import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { ForgeProject, InstallationEvent, RepositoryName } from '../domain/forge-event.ts'
import type { Db } from './database.ts'
import { followRename } from './project-names.ts'
import { installations, pipelines, projectEvents, projects, triggers } from './schema.ts'

type Place = Pick<InstallationEvent, 'forge' | 'installationId'>

/** What is known of an installation, made when it is new. One that was deleted or suspended is there again. */
export async function upsertInstallation(
  tx: Db,
  { forge, installationId, account, sender }: Omit<InstallationEvent, 'kind' | 'action' | 'added' | 'removed'>,
): Promise<void> {
  const ofAccount = {
    accountLogin: account.login,
    accountId: account.id,
    accountUrl: account.url,
    accountType: account.type,
  }
  await tx
    .insert(installations)
    .values({ forge, installationId, ...ofAccount, senderId: sender.id, senderLogin: sender.login })
    .onConflictDoUpdate({
      target: [installations.forge, installations.installationId],
      set: { ...ofAccount, suspendedAt: null, deletedAt: null },
    })
}

export async function setSuspended(tx: Db, place: Place, suspendedAt: Date | null): Promise<void> {
  await tx.update(installations).set({ suspendedAt }).where(isInstallation(place))
}

/** The row stays: ids of installations are public. */
export async function setDeleted(tx: Db, place: Place, deletedAt: Date): Promise<void> {
  await tx.update(installations).set({ deletedAt, repositories: [] }).where(isInstallation(place))
}

export async function renameAccount(tx: Db, forge: string, from: string, to: string): Promise<void> {
  await tx
    .update(installations)
    .set({ accountLogin: to })
    .where(and(eq(installations.forge, forge), eq(installations.accountLogin, from)))
}

/**
 * Makes repositories known that an installation was given.
 *
 * @param origin  address of the forge's pages, without a slash at the end
 */
export async function addRepositories(
  tx: Db,
  { forge, installationId }: Place,
  added: readonly RepositoryName[],
  { origin, at }: { origin: string; at: Date },
): Promise<void> {
  const ids: number[] = []
  for (const { repositoryId, namespace, name, isPrivate } of added) {
    const webUrl = `${origin}/${namespace}/${name}`
    const told = { forge, namespace, name, webUrl, cloneUrl: `${webUrl}.git`, isPrivate, repositoryId }
    const named = await followRename(tx, told, at)
    const set = { repositoryId, installationId, isPrivate }
    const rows = await tx
      .insert(projects)
      .values({ forge, namespace: named.namespace, name: named.name, url: named.webUrl, ...set })
      .onConflictDoUpdate({
        target: [projects.forge, projects.namespace, projects.name],
        targetWhere: isNull(projects.sameAs),
        set,
      })
      .returning({ id: projects.id })
    ids.push(...rows.map((row) => row.id))
  }
  if (ids.length === 0) return
  await tx
    .update(installations)
    .set({
      repositories: sql`array(select distinct unnest(${installations.repositories} || ${sql.param(`{${ids.join(',')}}`)}::bigint[]) order by 1)`,
    })
    .where(isInstallation({ forge, installationId }))
}

/**
 * Takes repositories from an installation, all of them when none are named; their history stays.
 *
 * @returns the ids of their projects
 */
export async function removeRepositories(
  tx: Db,
  place: Place,
  removed: readonly RepositoryName[] | 'all',
): Promise<number[]> {
  const { forge, installationId } = place
  const ofInstallation = and(eq(projects.forge, forge), eq(projects.installationId, installationId))
  const named = removed === 'all' ? [] : removed.map(({ repositoryId }) => repositoryId)
  if (removed !== 'all' && named.length === 0) return []
  const which =
    removed === 'all' ? ofInstallation : and(eq(projects.forge, forge), inArray(projects.repositoryId, named))
  const rows = await tx.update(projects).set({ installationId: null }).where(which).returning({ id: projects.id })
  const ids = rows.map((row) => row.id)
  if (ids.length > 0)
    await tx
      .update(installations)
      .set({
        repositories: sql`array(select unnest(${installations.repositories}) except select unnest(${sql.param(`{${ids.join(',')}}`)}::bigint[]) order by 1)`,
      })
      .where(isInstallation(place))
  return ids
}

/** The runs of projects that have not ended. */
export async function listLivingRunsOfProjects(db: Db, projectIds: readonly number[]): Promise<number[]> {
  if (projectIds.length === 0) return []
  const rows = await db
    .select({ id: pipelines.id })
    .from(pipelines)
    .innerJoin(projectEvents, eq(projectEvents.id, pipelines.eventId))
    .innerJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .where(
      and(
        inArray(triggers.projectId, [...projectIds]),
        eq(pipelines.id, pipelines.mergedRunId),
        or(eq(pipelines.state, 'pending'), eq(pipelines.state, 'running')),
      ),
    )
    .orderBy(pipelines.id)
  return rows.map((row) => row.id)
}

function isInstallation({ forge, installationId }: Place) {
  return and(eq(installations.forge, forge), eq(installations.installationId, installationId))
}

/** A repository that a forge lists for an installation; a delivery that told of either may have been missed. */
export async function addListed(
  tx: Db,
  repository: ForgeProject & { installationId: number; account: string },
  at: Date,
): Promise<void> {
  const { forge, installationId, account, repositoryId, namespace, name, isPrivate, webUrl } = repository
  const place = { forge, installationId }
  await tx
    .insert(installations)
    .values({ ...place, accountLogin: account })
    .onConflictDoUpdate({
      target: [installations.forge, installations.installationId],
      set: { accountLogin: account, suspendedAt: null, deletedAt: null },
    })
  if (repositoryId === undefined) return
  await addRepositories(tx, place, [{ repositoryId, namespace, name, isPrivate }], {
    origin: new URL(webUrl).origin,
    at,
  })
}

/** Takes from the installations of a list what they don't hold any more; gives how many projects, and what runs for them. */
export async function removeUnlisted(
  tx: Db,
  forge: string,
  listed: readonly { installationId: number; repositoryId?: number }[],
): Promise<{ projects: number; runs: number[] }> {
  const held = new Map<number, Set<number>>()
  for (const { installationId, repositoryId } of listed) {
    const ids = held.get(installationId) ?? new Set()
    if (repositoryId !== undefined) held.set(installationId, ids.add(repositoryId))
  }
  let count = 0
  const runs: number[] = []
  for (const [installationId, ids] of held) {
    const rows = await tx
      .select()
      .from(projects)
      .where(and(eq(projects.forge, forge), eq(projects.installationId, installationId), isNull(projects.sameAs)))
    const gone = rows.flatMap(({ repositoryId, namespace, name, isPrivate }) =>
      repositoryId === null || ids.has(repositoryId) ? [] : [{ repositoryId, namespace, name, isPrivate }],
    )
    const projectIds = await removeRepositories(tx, { forge, installationId }, gone)
    count += projectIds.length
    runs.push(...(await listLivingRunsOfProjects(tx, projectIds)))
  }
  return { projects: count, runs }
}
