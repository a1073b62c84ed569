import { findProjectStatus } from '../db/allowlist.ts'
import type { Db } from '../db/database.ts'
import { isToldByForge } from '../db/deliveries.ts'
import { findEvent } from '../db/events.ts'
import { ConflictError } from '../domain/errors.ts'
import { explainRefusal } from '../domain/trust/decide-trust.ts'

/**
 * Refuses to run an event again whose project, or author, may not start work now, whatever was allowed before. Plain git
 * is the operator's own and needs no entry.
 *
 * @throws {ConflictError} saying why, and what to do
 */
export async function refuseNotAllowed(tx: Db, eventId: number): Promise<void> {
  const found = await findEvent(tx, eventId)
  if (!found || !(await isToldByForge(tx, eventId))) return
  const { project, trigger } = found
  const status = await findProjectStatus(tx, project, trigger.author ?? '')
  if (status.kind === 'allowed') return
  const { reason, advice } = explainRefusal(project, status)
  throw new ConflictError(`${reason}. ${advice}`)
}
