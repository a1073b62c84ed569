import { type WantedCheck, writeChecks } from '../db/checks.ts'
import type { Db } from '../db/database.ts'
import { ACCEPTED, SUMMARY_CHECK } from '../domain/check.ts'
import type { Queue } from './queue.ts'

/** What the stable check says of an event that has no plan yet: the same as stage 4 would, which a test holds. */
export const ACCEPTED_CHECK: WantedCheck = {
  name: SUMMARY_CHECK,
  state: 'pending',
  conclusion: null,
  title: ACCEPTED,
  summary: '',
  link: null,
  annotations: [],
  buttons: [],
  startedAt: null,
  endedAt: null,
  attempt: 1,
}

/** Has a new event shown as accepted, without the way through `report-event`: somebody waits to see it. */
export async function showAccepted(tx: Db, queue: Queue, eventId: number): Promise<void> {
  await writeChecks(tx, eventId, [ACCEPTED_CHECK])
  await queue.add(tx, 'show-checks', { eventId })
}
