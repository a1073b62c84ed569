// The service as `serve` starts it, but that its builds are made of nothing, and none begins while the file `hold` is there.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { FakeBuilder, FakeSrpmMaker } from '../../src/builders/fake.ts'
import type { MadeSrpm, SrpmProgress } from '../../src/builders/srpm-maker.ts'
import '../../src/cli/load-quickly.ts'
import { untilStopped } from '../../src/cli/serve.ts'
import { start } from '../../src/cli/start.ts'
import { readConfig } from '../../src/config.ts'
import type { SrpmInput } from '../../src/domain/srpm-input.ts'
import { openFolderStorage } from '../../src/storage/folder.ts'
import { CHROOT } from './flood.ts'

const config = readConfig()
const hold = join(config.dataDir, 'hold')
const storage = openFolderStorage(join(config.dataDir, 'storage'))

class HeldMaker extends FakeSrpmMaker {
  override async makeSrpm(input: SrpmInput, mirror: string, progress: SrpmProgress): Promise<MadeSrpm> {
    while (existsSync(hold) && !progress.signal.aborted) await sleep(20)
    return super.makeSrpm(input, mirror, progress)
  }
}

const repositories = {
  makeRepository: (_rpms: readonly string[], into: string) => storage.put(`${into}/repodata/repomd.xml`, '<repomd/>'),
}
const log = pino({ level: config.logLevel, base: null })
const replace = { builder: new FakeBuilder(storage, [CHROOT]), srpmMaker: new HeldMaker(), repositories }
const started = await start(config, log, { replace })
log.info({ url: started.url }, 'serving')
await untilStopped(started)
