import { findProjectStatus } from '../db/allowlist.ts'
import { findApproval, insertApproval } from '../db/approvals.ts'
import { addAudit } from '../db/audit.ts'
import { findLastAttempt } from '../db/commands.ts'
import type { Db } from '../db/database.ts'
import { findEvent, listHeads, lockTriggerOfEvent } from '../db/events.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import { explainRefusal } from '../domain/trust/decide-trust.ts'
import type { Queue } from './queue.ts'

/** What came of an approval. */
export interface ApprovedEvent {
  eventId: number
  commit: string
  /** The attempt that it is built in. */
  attempt: number
  /** Who approved it before; null when it is approved now. */
  approvedBefore: string | null
}

/**
 * Lets an outsider's commit be built, by somebody who may (`mayApprove`): notes it, also in the audit log, and queues a
 * further attempt of the event. A repeat changes nothing and says so.
 *
 * @param actor  as the audit log names them
 * @throws {NotFoundError} when there is no such event
 * @throws {ConflictError} when a newer commit is known, the pull request is closed, its project is not allowed, or nothing
 * waits for approval
 */
export async function approveEvent(
  tx: Db,
  queue: Queue,
  eventId: number,
  actor: string,
  now: Date,
): Promise<ApprovedEvent> {
  // a push that comes at the same time is decided before or after this, never in between
  await lockTriggerOfEvent(tx, eventId)
  const found = await findEvent(tx, eventId)
  if (!found) throw new NotFoundError(`there is no event ${eventId}`)
  const { event, trigger, project } = found
  const heads = await listHeads(tx, trigger.id)
  const [newest] = heads
  const commit = event.commitSha ?? ''
  const refuse = (why: string) => new ConflictError(`commit ${commit.slice(0, 8)} can't be approved: ${why}`)
  if (event.supersededBy !== null || newest?.id !== eventId) {
    throw refuse(`a newer one is known, ${newest?.sha?.slice(0, 8)}; look at that and approve it`)
  }
  if (!trigger.open) throw refuse(`pull request ${trigger.number} is closed`)
  const status = await findProjectStatus(tx, project, trigger.author ?? '')
  if (status.kind !== 'allowed') throw refuse(explainRefusal(project, status).reason)
  const before = await findApproval(tx, eventId)
  if (before) return { eventId, commit, attempt: newest.attempts, approvedBefore: before.actor }
  if (found.plan?.problem?.kind !== 'not-approved') throw refuse('it does not wait for approval')

  const attempt = (await findLastAttempt(tx, eventId)) + 1
  await insertApproval(tx, { eventId, actor, at: now })
  const where = `${project.forge}/${project.path}`
  const detail = { commit, project: where, pull_request: trigger.number, attempt }
  await addAudit(tx, { actor, action: 'event.approve', subject: `event ${eventId}`, detail, at: now })
  await queue.add(tx, 'run-event', { eventId, attempt, cause: 'command' })
  return { eventId, commit, attempt, approvedBefore: null }
}
