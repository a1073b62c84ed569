import type { Db } from '../db/database.ts'
import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import { listLivingRunsOfProjects, renameAccount } from '../db/installations.ts'
import { listProjectsOf, renameProject, setVisibility } from '../db/project-names.ts'
import { findKnownProject, type Project, upsertProject } from '../db/projects.ts'
import type { ForgeProject, RenameEvent } from '../domain/forge-event.ts'
import { cancelRuns } from './cancel-runs.ts'
import type { EventDeps } from './deps.ts'

interface Outcome {
  decision: string
  reason: string
  projectId?: number
}

/** Follows a repository, or all that an account owns, to a new name. Pull requests, runs and repositories stay with it. */
export async function noteRename(delivery: Delivery, event: RenameEvent, deps: EventDeps): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const { decision, reason, projectId } = await writeNames(tx, event, deps, delivery.receivedAt)
    const place = projectId === undefined ? {} : { projectId }
    await settleDelivery(tx, delivery.id, { state: 'decided', decision, reasons: [reason], ...place })
  })
}

async function writeNames(tx: Db, event: RenameEvent, deps: EventDeps, at: Date): Promise<Outcome> {
  if (event.account) return followAccount(tx, event.forge, event.account, at)
  const { project } = event
  const known = project && (await findKnownProject(tx, project))
  if (!project || !known) return { decision: 'nothing to do', reason: 'nothing is known of this repository' }
  if (event.action === 'deleted') return endProject(tx, known, deps)
  if (event.action === 'visibility') {
    await setVisibility(tx, known.id, project.isPrivate)
    const reason = `${project.namespace}/${project.name} is ${project.isPrivate ? 'private' : 'public'} now`
    return { decision: 'visibility noted', reason, projectId: known.id }
  }
  const { path } = await upsertProject(tx, project, deps.now(), at)
  const reason =
    path === known.path ? `it is ${path} already` : `${known.path} is ${path} now; its old name leads to the new one`
  return { decision: event.action, reason, projectId: known.id }
}

async function followAccount(
  tx: Db,
  forge: string,
  { from, to }: { from: string; to: string },
  at: Date,
): Promise<Outcome> {
  await renameAccount(tx, forge, from, to)
  const owned = await listProjectsOf(tx, forge, from)
  for (const project of owned) await renameProject(tx, project, under(project, to), at)
  const many = `${owned.length} ${owned.length === 1 ? 'project' : 'projects'}`
  return { decision: 'renamed', reason: `the account ${from} is ${to} now, with ${many}` }
}

function under({ forge, name, url }: Project, namespace: string): ForgeProject {
  const origin = URL.canParse(url) ? new URL(url).origin : `https://${forge}`
  const webUrl = `${origin}/${namespace}/${name}`
  return { forge, namespace, name, webUrl, cloneUrl: `${webUrl}.git`, isPrivate: false }
}

async function endProject(tx: Db, { id, path }: Project, { queue, now }: EventDeps): Promise<Outcome> {
  const living = await listLivingRunsOfProjects(tx, [id])
  const canceled = await cancelRuns(tx, queue, living, 'the repository was deleted', now())
  return { decision: 'repository deleted', reason: `the history of ${path} stays; ${canceled}`, projectId: id }
}
