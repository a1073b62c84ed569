import { fillDerivedIds } from '../db/backfill.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { BuildDeps } from './deps.ts'

const ROWS_AT_A_TIME = 500

/** Fills what older rows lack, batch by batch; each batch is a job of its own, so that nothing else has to wait. */
export async function fillDerived(_data: Jobs['fill-derived-ids'], { database, queue }: BuildDeps): Promise<void> {
  await database.transaction(async (tx) => {
    const filled = await fillDerivedIds(tx, ROWS_AT_A_TIME)
    if (filled > 0) await queue.add(tx, 'fill-derived-ids', {})
  })
}
