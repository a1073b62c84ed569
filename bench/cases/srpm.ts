import { rm } from 'node:fs/promises'
import type { SrpmInput } from '../../server/src/domain/srpm-input.ts'
import { Host } from '../host.ts'
import { type Case, openFolder, Samples, timed } from '../measure.ts'
import { buildOne } from '../run-once.ts'
import { openService } from '../service.ts'

const TIMES = 5

/** What it takes to come from a commit to an SRPM, beside packing it. */
export const srpmCase: Case = {
  name: 'srpm',
  title: "rpmbuild's own time against ours: SRPMs",
  method: `\`rpmbuild -bs\` alone has the spec file and the archive at hand. Our sandboxed step begins with a mirror: it clones, merges,
finds the version, makes the archive, edits the spec file, packs. The whole step is what a run shows: it also fetches the
commit, writes the log and stores the SRPM. In turn; the ratios are of one round.`,
  async run(say) {
    await using folder = await openFolder()
    await using opened = await openService(folder.dir)
    const host = await Host.create(folder.dir)
    const samples = new Samples()
    const { repository, input, srpm } = await buildOne(folder.dir, opened)
    for (let i = 0; i < TIMES; i += 1) {
      const alone = await packPlainly(host, srpm)
      const inside = await makeInSandbox(opened.service.builds, input)
      const { srpmStepMs } = await buildOne(folder.dir, opened, i + 2, repository)
      samples.add('rpmbuild -bs alone', 'ms', alone)
      samples.add('our sandboxed step', 'ms', inside)
      samples.add('our whole step', 'ms', srpmStepMs)
      samples.add('sandboxed step to alone', 'x', inside / alone)
      samples.add('whole step to alone', 'x', srpmStepMs / alone)
      samples.add('whole step to sandboxed step', 'x', srpmStepMs / inside)
    }
    say(`${TIMES} rounds`)
    return samples.figures
  },
}

async function packPlainly(host: Host, srpm: string): Promise<number> {
  const top = await host.makeTop()
  const spec = await host.unpack(srpm, top)
  const took = await timed(() => host.packSource(spec, top))
  await rm(top, { recursive: true })
  return took
}

type Builds = Awaited<ReturnType<typeof openService>>['service']['builds']

async function makeInSandbox({ mirrors, srpmMaker }: Builds, input: SrpmInput): Promise<number> {
  const { baseUrl, headUrl, headSha, headRef } = input
  const { mirror } = await mirrors.fetchCommit({ mirrorOf: baseUrl, from: headUrl, sha: headSha, ref: headRef })
  const signal = new AbortController().signal
  const start = performance.now()
  const made = await srpmMaker.makeSrpm(input, mirror, { onLog: () => {}, signal })
  const took = performance.now() - start
  if (!made.ok) throw new Error(`there is no SRPM: ${made.failure?.message ?? made.end}`)
  await made.remove()
  return took
}
