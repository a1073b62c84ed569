import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import { findEventOfCommit, insertEvent, listLivingRuns } from '../db/events.ts'
import { updateTrigger } from '../db/projects.ts'
import type { MergeGroupEvent } from '../domain/forge-event.ts'
import { cancelRuns } from './cancel-runs.ts'
import type { EventDeps } from './deps.ts'
import { headOfMergeGroup } from './event-head.ts'
import { lockHead } from './known-head.ts'

/** The merge queue doesn't ask for a group any more: it was merged, or left. What still runs for it is cancelled. */
export async function endMergeGroup(delivery: Delivery, event: MergeGroupEvent, deps: EventDeps): Promise<void> {
  const head = headOfMergeGroup(event, delivery.receivedAt.getTime())
  await deps.database.transaction(async (tx) => {
    const { project, trigger } = await lockHead(tx, delivery, head, deps)
    // the branch may come back with another commit; this one does not, also when its question is told of late
    await updateTrigger(tx, trigger.id, { open: false, baseRef: head.baseRef })
    const known = await findEventOfCommit(tx, trigger.id, head.sha)
    const place = { triggerId: trigger.id, commitSha: head.sha, baseSha: head.baseSha }
    const ended = known ?? (await insertEvent(tx, { ...place, orderKey: head.order }))
    const living = await listLivingRuns(tx, trigger.id)
    const canceled = await cancelRuns(
      tx,
      deps.queue,
      living,
      'the merge queue does not ask for it any more',
      deps.now(),
    )
    await settleDelivery(tx, delivery.id, {
      state: 'decided',
      decision: 'merge group ended',
      reasons: [canceled],
      projectId: project.id,
      triggerId: trigger.id,
      eventId: ended.id,
    })
  })
}
