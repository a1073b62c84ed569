import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import { parseComment } from '../domain/command/parse.ts'
import type { CommentEvent } from '../domain/forge-event.ts'
import type { EventDeps } from './deps.ts'

/** A comment with a command is handed over; any other means nothing to us. */
export async function takeUpComment(delivery: Delivery, event: CommentEvent, deps: EventDeps): Promise<void> {
  const { database, queue, settings } = deps
  const parsed = parseComment(event.body, settings.commandPrefix)
  if (!parsed.ok || parsed.commands.length > 0) {
    await queue.add(database.db, 'run-command', { deliveryId: delivery.id })
    return
  }
  const reasons = [`no command: no line of the comment begins with ${settings.commandPrefix}`]
  await settleDelivery(database.db, delivery.id, { state: 'decided', decision: 'nothing to do', reasons })
}
