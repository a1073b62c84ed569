import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import type { CommentEvent } from '../domain/forge-event.ts'
import type { EventDeps } from './deps.ts'

/** A comment with a command is handed over; any other means nothing to us. */
export async function takeUpComment(delivery: Delivery, event: CommentEvent, deps: EventDeps): Promise<void> {
  const { database, queue, settings } = deps
  if (hasCommand(event.body, settings.commandPrefix)) {
    await queue.add(database.db, 'run-command', { deliveryId: delivery.id })
    return
  }
  const reasons = [`no command: no line of the comment begins with ${settings.commandPrefix}`]
  await settleDelivery(database.db, delivery.id, { state: 'decided', decision: 'nothing to do', reasons })
}

/** Whether the first word of a line is the prefix, exactly: `/packit-stg build` is none for `/packit`. */
export function hasCommand(body: string, prefix: string): boolean {
  return body.split(/\r\n|\r|\n/).some((line) => line.trim().split(/\s/, 1)[0] === prefix)
}
