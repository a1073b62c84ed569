import { copyFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createLocalBuilder } from '../../server/src/builders/local/local-builder.ts'
import { hasEnded } from '../../server/src/domain/status.ts'
import { Host } from '../host.ts'
import { type Case, openFolder, Samples, timed } from '../measure.ts'
import { writeLargerPackage } from '../packages.ts'
import { buildOne } from '../run-once.ts'
import { openService } from '../service.ts'

const TIMES = 6
const LARGER_TIMES = 3

/** What the sandbox and the builder add to rpmbuild's own time. */
export const rebuildCase: Case = {
  name: 'rebuild',
  title: "rpmbuild's own time against ours: packages",
  method: `The same SRPM by \`rpmbuild --rebuild\` plainly on this machine, as an ordinary user, and by the local builder: from its
\`startBuild\` until the target has ended, sandbox, log and storage included. In turn; the ratio and the difference are of
pairs. "sample" is \`examples/hello\`, "larger" a C project of 50 files.`,
  async run(say) {
    await using folder = await openFolder()
    await using opened = await openService(folder.dir)
    const host = await Host.create(folder.dir)
    const samples = new Samples()
    const { srpm } = await buildOne(folder.dir, opened)
    const larger = await packLarger(host, folder.dir)
    const compare = createComparison(opened.service, host, samples)
    for (let i = 0; i < TIMES; i += 1) await compare('sample', srpm)
    say('sample')
    for (let i = 0; i < LARGER_TIMES; i += 1) await compare('larger', larger)
    say('larger')
    return samples.figures
  },
}

async function packLarger(host: Host, dir: string): Promise<string> {
  const top = await host.makeTop()
  const path = await host.packSource(await writeLargerPackage(top), top)
  const kept = join(dir, basename(path))
  await copyFile(path, kept)
  return kept
}

type Service = Awaited<ReturnType<typeof openService>>['service']

/** Builds an SRPM both ways, the first one in turn. */
function createComparison({ sandbox, storage, config }: Service, host: Host, samples: Samples) {
  const workDir = join(config.dataDir, 'work')
  const builder = createLocalBuilder({ sandbox, storage, workDir, limits: config.buildLimits, hostChroot: 'host' })
  let id = 1_000_000

  async function ours(srpm: string): Promise<number> {
    id += 1
    const key = `bench/${basename(srpm)}`
    await storage.putFile(key, srpm)
    const buildId = String(id)
    const ended = Promise.withResolvers<void>()
    const end = builder.onChange(async (changed) => {
      const [target] = changed === buildId ? ((await builder.findTargets(buildId)) ?? []) : []
      if (!target || !hasEnded(target.state)) return
      if (target.state === 'success') ended.resolve()
      else ended.reject(new Error(`the build of ${key} ended as ${target.state}: ${target.reason}`))
    })
    const took = await timed(async () => {
      await builder.startBuild({ id, srpm: key, chroots: ['host'], project: 'bench' })
      await ended.promise
    })
    end()
    return took
  }

  async function plain(srpm: string): Promise<number> {
    const top = await host.makeTop()
    const took = await timed(() => host.rebuild(srpm, top))
    await rm(top, { recursive: true })
    return took
  }

  return async (name: string, srpm: string) => {
    const isFirst = id % 2 === 0
    const before = isFirst ? await plain(srpm) : undefined
    const our = await ours(srpm)
    const own = before ?? (await plain(srpm))
    samples.add(`${name}: rpmbuild alone`, 'ms', own)
    samples.add(`${name}: ours`, 'ms', our)
    samples.add(`${name}: more than alone`, 'ms', our - own)
    samples.add(`${name}: ours to alone`, 'x', our / own)
  }
}
