// A worker in a process of its own, on the PostgreSQL database given as its argument: it takes an SRPM and never ends it.
import { pino } from 'pino'
import { openPostgres } from '../src/db/open.ts'
import { JOB_KINDS } from '../src/jobs/jobs.ts'
import { type GiveUp, type Handlers, openQueue } from '../src/jobs/queue.ts'

const nothing = async () => {}
const handlers = Object.fromEntries(JOB_KINDS.map((kind) => [kind, nothing])) as unknown as Handlers
const giveUp = Object.fromEntries(JOB_KINDS.map((kind) => [kind, nothing])) as unknown as GiveUp

const database = await openPostgres(process.argv[2] ?? '', { migrate: false })
const queue = await openQueue(database, pino({ level: 'silent' }))
await queue.work(
  {
    ...handlers,
    'build-srpm': () => {
      process.stdout.write('taken\n')
      return new Promise(() => {})
    },
  },
  giveUp,
  () => 1,
)
