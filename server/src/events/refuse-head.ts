import type { Db } from '../db/database.ts'
import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import { insertEndedRun } from '../db/insert-run.ts'
import { upsertProject } from '../db/projects.ts'
import { markdownText } from '../domain/escape.ts'
import type { Plan } from '../domain/plan.ts'
import { addPost } from '../jobs/add-post.ts'
import { announceRun } from '../jobs/announce.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'
import type { RunCause } from './run-head.ts'

/**
 * Pushes and releases of a project that is not allowed make no noise: the delivery says why nothing was done, and the
 * forge is told once for a repository.
 */
export async function refusePush(
  delivery: Delivery | undefined,
  head: EventHead,
  plan: Plan,
  { database, queue, findForge, now }: EventDeps,
): Promise<void> {
  const reason = plan.problem?.summary ?? ''
  await database.transaction(async (tx) => {
    const project = await upsertProject(tx, head.project, now())
    const settled = { state: 'decided' as const, decision: 'not allowed', reasons: [reason], projectId: project.id }
    if (delivery) await settleDelivery(tx, delivery.id, settled)
    if (!findForge(head.project.forge)) return
    await addPost(tx, queue, {
      key: `not-allowed:${project.id}`,
      projectId: project.id,
      place: 'commit',
      sha: head.sha,
      kind: 'comment',
      body: `${markdownText(reason)}\n\nThis is said once for a repository.`,
    })
  })
}

/** An attempt that may not be made (any more) is there and says why; what ran before stays as it is. */
export async function refuseAttempt(
  tx: Db,
  { eventId, attempt, cause, plan }: { eventId: number; attempt: number; cause: RunCause; plan: Plan },
  { queue, now }: EventDeps,
): Promise<void> {
  const reason = plan.problem?.title ?? plan.summary
  const runId = await insertEndedRun(tx, { eventId, attempt, cause, createdAt: now(), state: 'skipped', reason })
  if (runId !== undefined) await announceRun(tx, queue, runId, now())
}
