// A worker of the benchmark, in a process of its own: its jobs wait where real ones wait for a sandbox or a build farm.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { openPostgres } from '../server/src/db/open.ts'
import { JOB_KINDS, type Jobs } from '../server/src/jobs/jobs.ts'
import { type GiveUp, type Handlers, openQueue } from '../server/src/jobs/queue.ts'

const [, , url = '', waitMs = '100', parallel = '2'] = process.argv

const nothing = async () => {}
const ofAll = Object.fromEntries(JOB_KINDS.map((kind) => [kind, nothing]))
const database = await openPostgres(url, { migrate: false })
const queue = await openQueue(database, pino({ level: 'silent' }))

async function buildSrpm({ srpmBuildId }: Jobs['build-srpm']): Promise<void> {
  await sleep(Number(waitMs))
  await database.transaction(async (tx) => {
    await tx.execute(sql`update srpm_builds set state = 'success' where id = ${srpmBuildId}`)
    await queue.add(tx, 'report-event', { eventId: 1 })
  })
}

await queue.work({ ...ofAll, 'build-srpm': buildSrpm } as unknown as Handlers, ofAll as unknown as GiveUp, (kind) =>
  kind === 'build-srpm' ? Number(parallel) : 1,
)
process.send?.('working')
process.once('disconnect', async () => {
  await queue.stop()
  await database.close()
})
