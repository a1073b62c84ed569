import { countSwept, listArrived, readCursor, writeCursor } from '../db/sweeps.ts'
import type { Forge, PastDelivery } from '../forges/forge.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { chooseMissed, type Missed, type Tries } from './choose-missed.ts'
import type { EventDeps } from './deps.ts'

interface Cursor {
  /** Everything before was looked at, as ms since 1970. */
  until: number
  tries: Tries
}

const HOUR_MS = 60 * 60_000
/** How far back the first sweep looks: GitHub forgets deliveries after three days. */
const FIRST_MS = 3 * 24 * HOUR_MS
/** What was looked at an hour ago is looked at again: it may have failed once more. */
const OVERLAP_MS = HOUR_MS
/** A list without an end would use up what the forge lets us ask. */
const MOST_LISTED = 10_000
const MOST_REDELIVERED = 100

/** Has a forge send again what it could not deliver, or what is not there although it was. */
export async function sweepDeliveries(_: Jobs['sweep-deliveries'], deps: EventDeps): Promise<void> {
  for (const forge of deps.listForges()) await sweepForge(forge, deps)
}

async function sweepForge(forge: Forge, deps: EventDeps): Promise<void> {
  const { db } = deps.database
  const key = `deliveries:${forge.host}`
  const cursor = await readCursor<Cursor>(db, key)
  const startedAt = deps.now().getTime()
  const since = Math.max(startedAt - FIRST_MS, (cursor?.until ?? 0) - OVERLAP_MS)
  const past = await listPast(forge, new Date(since))
  const arrived = await listArrived(db, forge.source, [...new Set(past.map(({ deliveryId }) => deliveryId))])
  const { missed, waiting, tries } = chooseMissed(past, arrived, cursor?.tries ?? {}, {
    now: startedAt,
    most: MOST_REDELIVERED,
  })
  for (const { id, deliveryId } of missed) {
    await forge.redeliver(id)
    tries[deliveryId] = (tries[deliveryId] ?? 0) + 1
    // written each time: what was asked for counts, also when the next one fails
    await writeCursor<Cursor>(db, key, { until: cursor?.until ?? since, tries })
  }
  await writeCursor<Cursor>(db, key, { until: Math.min(startedAt, oldest(waiting)), tries })
  await countSwept(db, 'deliveries', missed.length)
  const figures = { sweep: 'deliveries', forge: forge.host, listed: past.length, redelivered: missed.length }
  deps.log({ ...figures, left: waiting.length }, 'swept')
}

async function listPast(forge: Forge, since: Date): Promise<PastDelivery[]> {
  const past: PastDelivery[] = []
  for await (const delivery of forge.listDeliveries(since)) {
    past.push(delivery)
    if (past.length >= MOST_LISTED) break
  }
  return past
}

/** What this sweep had no room for is there for the next. */
function oldest(waiting: readonly Missed[]): number {
  return Math.min(...waiting.map(({ at }) => at))
}
