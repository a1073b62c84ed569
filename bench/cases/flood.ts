import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { FakeBuilder, FakeSrpmMaker } from '../../server/src/builders/fake.ts'
import { type Db, query } from '../../server/src/db/database.ts'
import { openFolderStorage } from '../../server/src/storage/folder.ts'
import { type Case, openFolder, Samples } from '../measure.ts'
import { branchOff, delivery, openSample, openService } from '../service.ts'

const DELIVERIES = 200
const ROUNDS = 2
/** Deciding goes on after the flood; its pace is measured until so many are decided. */
const DECIDED = 25
const DECIDED_WITHIN_MS = 60_000

/** Many deliveries in the same moment. */
export const floodCase: Case = {
  name: 'flood',
  title: 'A flood of deliveries',
  method: `${DELIVERIES} deliveries of as many pull requests of one repository, sent in the same moment to a new service on the embedded
database, ${ROUNDS} times; who is refused because too many are under way (503) sends again after 100 ms. Every delivery must be a row
that is decided or has its job, else the benchmark fails. Then the pace at which they are decided, with real git, until ${DECIDED} are;
they share one mirror, which works for one at a time, and builds are not made here.`,
  async run(say) {
    const samples = new Samples()
    for (let round = 1; round <= ROUNDS; round += 1) {
      await measureFlood(samples)
      say(`${round} of ${ROUNDS} floods`)
    }
    return samples.figures
  },
}

async function measureFlood(samples: Samples): Promise<void> {
  await using folder = await openFolder()
  const requests = await openRequests(folder.dir)
  const builder = new FakeBuilder(openFolderStorage(join(folder.dir, 'fake')), [])
  await using opened = await openService(folder.dir, { builder, srpmMaker: new FakeSrpmMaker() })
  const { db } = opened.service.database
  const ready = requests(opened.url)
  const start = performance.now()
  const refusals = await Promise.all(ready.map(send))
  const acknowledged = performance.now() - start
  samples.add('acknowledged', '/s', DELIVERIES / (acknowledged / 1000))
  samples.add('all acknowledged after', 'ms', acknowledged)
  const refused = refusals.reduce((a, b) => a + b, 0)
  samples.add('refused for now (503), all tries together', '', refused)
  const lost = DELIVERIES - (await countKept(db))
  samples.add('lost', '', lost)
  if (lost > 0) throw new Error(`${lost} of ${DELIVERIES} deliveries are lost`)
  const decided = await untilDecided(db)
  samples.add('decided', '/s', decided / ((performance.now() - start) / 1000))
}

/** A pull request for each delivery: they share a few branches, which says nothing about the time. */
async function openRequests(dir: string): Promise<(url: string) => Request[]> {
  const repository = await openSample(join(dir, 'hello'))
  const pull = await branchOff(repository, 1)
  return (url) => Array.from({ length: DELIVERIES }, (_, i) => delivery(url, { ...pull, number: i + 1 }, 'change-1'))
}

/** Sends a delivery until it is accepted; gives how often it was refused. */
async function send(request: Request): Promise<number> {
  for (let refused = 0; ; refused += 1) {
    const response = await fetch(request.clone())
    const text = await response.text()
    if (response.status === 202) return refused
    if (response.status !== 503) throw new Error(`the webhook answered ${response.status}: ${text}`)
    await sleep(100)
  }
}

/** Deliveries that were decided, or that a job is there for. */
async function countKept(db: Db): Promise<number> {
  const rows = await query<{ kept: number }>(
    db,
    sql`select count(*)::int as kept from deliveries d where d.state = 'decided' or exists (
      select 1 from pgboss.job j where j.name = 'decide-delivery' and (j.data->>'deliveryId')::bigint = d.id)`,
  )
  return rows[0]?.kept ?? 0
}

/** Waits until enough are decided; gives how many are. */
async function untilDecided(db: Db): Promise<number> {
  const until = performance.now() + DECIDED_WITHIN_MS
  for (;;) {
    const rows = await query<{ decided: number }>(
      db,
      sql`select count(*)::int as decided from deliveries where state = 'decided' and event_id is not null`,
    )
    const decided = rows[0]?.decided ?? 0
    if (decided >= DECIDED) return decided
    if (performance.now() > until)
      throw new Error(`after ${DECIDED_WITHIN_MS} ms only ${decided} deliveries are decided`)
    await sleep(50)
  }
}
