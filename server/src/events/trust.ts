import { findProjectStatus } from '../db/allowlist.ts'
import { findApproval } from '../db/approvals.ts'
import { isToldByForge } from '../db/deliveries.ts'
import { findEventOfCommit } from '../db/events.ts'
import { findTrigger } from '../db/projects.ts'
import { ForbiddenError, NotFoundError } from '../domain/errors.ts'
import { decideTrust, needsPermission, type Right, type Trust } from '../domain/trust/decide-trust.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'

type TrustDeps = Pick<EventDeps, 'database' | 'findForge' | 'settings'>

/**
 * Whether a head may be built, by what holds now: allowlist, approvals, and at most one question to the forge.
 *
 * @param source  of the delivery that tells of the head; undefined when none does
 * @throws {UnavailableError} when the forge has to be asked and can't be now
 */
export async function findTrust(head: EventHead, source: string | undefined, deps: TrustDeps): Promise<Trust> {
  const { db } = deps.database
  const { project, on, author } = head
  const { eventId, baseRef } = await findKnown(head, deps)
  const facts = {
    project,
    on,
    isFork: comesFromFork(head),
    author,
    isOperators: await isOperators(head, source, eventId, deps),
    status: await findProjectStatus(db, project, author),
    // leave was given for what is merged into that base
    isApproved: eventId !== undefined && baseRef === head.baseRef && (await findApproval(db, eventId)) !== undefined,
    commandPrefix: deps.settings.commandPrefix,
  }
  const permission = needsPermission(facts) ? await askPermission(head, deps) : undefined
  return decideTrust({ ...facts, permission })
}

/** Where nothing is said about it, another address is another repository. */
export function comesFromFork({
  isFork,
  headUrl,
  project,
}: Pick<EventHead, 'isFork' | 'headUrl' | 'project'>): boolean {
  return isFork ?? headUrl !== project.cloneUrl
}

async function findKnown(
  head: EventHead,
  { database }: TrustDeps,
): Promise<{ eventId: number | undefined; baseRef: string | null }> {
  const trigger = await findTrigger(database.db, head)
  const event = trigger && (await findEventOfCommit(database.db, trigger.id, head.sha))
  return { eventId: event?.id, baseRef: trigger?.baseRef ?? null }
}

/** Where a forge of ours serves the host, nothing of it is plain git, whoever told of it. */
async function isOperators(
  head: EventHead,
  source: string | undefined,
  eventId: number | undefined,
  { database, findForge }: TrustDeps,
): Promise<boolean> {
  if (findForge(head.project.forge)) return false
  if (source !== undefined) return source === 'git'
  return eventId === undefined || !(await isToldByForge(database.db, eventId))
}

/** What the author may; nothing where the forge doesn't know them, doesn't let us ask, or can't be asked at all. */
async function askPermission({ project, author }: EventHead, { findForge }: TrustDeps): Promise<Right> {
  const { forge, namespace, name, installationId = null } = project
  try {
    return (await findForge(forge)?.findPermission({ namespace, name, installationId }, author)) ?? 'none'
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof ForbiddenError) return 'none'
    throw error
  }
}
