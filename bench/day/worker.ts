// A worker as `packit-service worker` starts it, but that it makes SRPMs of nothing and reads each commit where the fake GitHub
// keeps it, instead of fetching it first: what is tried here is the way between the systems, and git and rpmbuild take the cores.
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { FakeSrpmMaker } from '../../server/src/builders/fake.ts'
import type { MadeSrpm, SrpmProgress } from '../../server/src/builders/srpm-maker.ts'
import '../../server/src/cli/load-quickly.ts'
import { untilStopped } from '../../server/src/cli/serve.ts'
import { start } from '../../server/src/cli/start.ts'
import { readConfig } from '../../server/src/config.ts'
import { NotFoundError } from '../../server/src/domain/errors.ts'
import type { SrpmInput } from '../../server/src/domain/srpm-input.ts'
import type { Mirrors } from '../../server/src/git/mirrors.ts'

const [srpmMs = '0', sweepMs = '60000'] = process.argv.slice(2)

class QuickMaker extends FakeSrpmMaker {
  override async makeSrpm(input: SrpmInput, mirror: string, progress: SrpmProgress): Promise<MadeSrpm> {
    await sleep(Number(srpmMs), undefined, { signal: progress.signal }).catch(() => {})
    const made = await super.makeSrpm(input, mirror, progress)
    // kept for tests; here there are thousands
    this.made.length = 0
    return made
  }
}

const nothingHeld = async () => ({ [Symbol.asyncDispose]: async () => {} })

/** The repositories themselves, which lie on this machine. */
const mirrors: Mirrors = {
  async fetchCommit({ mirrorOf, sha }) {
    if (!sha) throw new NotFoundError(`no commit is named for ${mirrorOf}`)
    return { sha, mirror: mirrorOf.startsWith('file:') ? fileURLToPath(mirrorOf) : mirrorOf }
  },
  findDefaultBranch: async () => 'main',
  findBranches: async () => [],
  hold: nothingHeld,
  evict: async () => [],
}

const config = readConfig()
const log = pino({ level: config.logLevel, base: null })
const started = await start(config, log, { role: 'worker', replace: { srpmMaker: new QuickMaker(), mirrors } })
log.info({ url: started.url }, 'working')
// the day is shorter than the five minutes between two sweeps
const { queue, database } = started.service
setInterval(() => {
  queue.add(database.db, 'sweep-deliveries', {}).catch((err) => log.error({ err }, 'no sweep was asked for'))
}, Number(sweepMs)).unref()
await untilStopped(started)
