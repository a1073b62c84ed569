import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import { listLivingRuns } from '../db/events.ts'
import { countTrigger, lockTrigger, updateTrigger, upsertProject } from '../db/projects.ts'
import type { PullRequestEvent } from '../domain/forge-event.ts'
import { cancelRuns } from './cancel-runs.ts'
import type { EventDeps } from './deps.ts'

/** A closed pull request needs nothing any more: what runs for it is cancelled. */
export async function closePullRequest(delivery: Delivery, event: PullRequestEvent, deps: EventDeps): Promise<void> {
  const { database, queue } = deps
  const now = deps.now()
  const order = event.order ?? delivery.receivedAt.getTime()
  await database.transaction(async (tx) => {
    const project = await upsertProject(tx, event.project, now, delivery.receivedAt)
    const identity = { kind: 'pull_request' as const, projectId: project.id, number: event.number }
    const { trigger, isNew } = await lockTrigger(tx, {
      ...identity,
      title: event.title,
      author: event.author,
      url: event.url,
      baseRef: event.base.ref,
    })
    if (isNew) await countTrigger(tx, project.id, 'pull_request')
    const settle = (decision: string, reasons: string[]) =>
      settleDelivery(tx, delivery.id, {
        state: 'decided',
        decision,
        reasons,
        projectId: project.id,
        triggerId: trigger.id,
      })
    if (order < trigger.orderKey) return settle('nothing to do', ['told late: the pull request was opened again'])
    await updateTrigger(tx, trigger.id, { open: false, orderKey: order })
    const canceled = await cancelRuns(
      tx,
      queue,
      await listLivingRuns(tx, trigger.id),
      'the pull request was closed',
      now,
    )
    return settle('closed', [canceled])
  })
}
