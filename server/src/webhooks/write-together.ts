import type { Database, Db } from '../db/database.ts'
import { insertDeliveries, type NewDelivery } from '../db/deliveries.ts'
import type { Queue } from '../jobs/queue.ts'

/** Writes a delivery with its job; the id of its row, or `undefined` when it was there before. */
export type WriteDelivery = (delivery: NewDelivery) => Promise<number | undefined>

interface Waiting {
  delivery: NewDelivery
  resolve: (id: number | undefined) => void
  reject: (error: unknown) => void
}

const MOST_AT_A_TIME = 50

/**
 * What arrives while a transaction is written goes into the next one, together: a flood would otherwise be mostly beginnings
 * and ends of transactions. Each delivery is answered when its own is committed.
 */
export function writeTogether({ database, queue }: { database: Database; queue: Queue }): WriteDelivery {
  const waiting: Waiting[] = []
  let isWriting = false

  const write = async (group: readonly Waiting[]) => {
    try {
      const ids = await database.transaction((tx) => insertAll(tx, queue, group))
      for (const [i, { resolve }] of group.entries()) resolve(ids[i])
    } catch (error) {
      // one that can't be written must not take the others with it
      if (group.length === 1) group[0]?.reject(error)
      else for (const one of group) await write([one])
    }
  }

  const work = async () => {
    isWriting = true
    while (waiting.length > 0) await write(waiting.splice(0, MOST_AT_A_TIME))
    isWriting = false
  }

  return (delivery) =>
    new Promise((resolve, reject) => {
      waiting.push({ delivery, resolve, reject })
      if (!isWriting) void work()
    })
}

async function insertAll(tx: Db, queue: Queue, group: readonly Waiting[]): Promise<(number | undefined)[]> {
  const ids = await insertDeliveries(
    tx,
    group.map(({ delivery }) => delivery),
  )
  for (const [i, { delivery }] of group.entries()) {
    const deliveryId = ids[i]
    if (deliveryId !== undefined && delivery.state !== 'decided') await queue.add(tx, 'decide-delivery', { deliveryId })
  }
  return ids
}
