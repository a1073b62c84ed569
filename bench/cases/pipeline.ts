import { join } from 'node:path'
import { findRun } from '../../server/src/db/runs.ts'
import { hasEnded, type State } from '../../server/src/domain/status.ts'
import type { TestRepository } from '../../server/src/git/test-repository.ts'
import { type Case, openFolder, Samples, timed } from '../measure.ts'
import { branchOff, delivery, openSample, openService, type SeenChange, StreamClient } from '../service.ts'

const ONE_BY_ONE = 20
const AT_ONCE = 8

/** From a delivery to what the pages show, one pull request after the other and several at once. */
export const pipelineCase: Case = {
  name: 'pipeline',
  title: 'From the webhook to the repository',
  method: `${ONE_BY_ONE} pull requests of the sample, one after the other, each with real git, SRPM, build and repository, on the embedded
database in a folder. A moment is when its message reaches a client of \`/api/stream\`, counted from before the delivery is
sent; a check is written before that. Then ${AT_ONCE} more at once: from the first delivery to the last repository.`,
  async run(say) {
    await using folder = await openFolder()
    const repository = await openSample(join(folder.dir, 'hello'))
    await using service = await openService(folder.dir)
    using stream = await StreamClient.open(service.url)
    const samples = new Samples()
    for (let number = 1; number <= ONE_BY_ONE; number += 1) {
      const runId = await followOne({ url: service.url, stream, repository }, number, samples)
      await addGaps(runId, service, samples)
      if (number % 5 === 0) say(`${number} of ${ONE_BY_ONE} pull requests`)
    }
    await followMany({ url: service.url, stream, repository }, samples)
    say(`${AT_ONCE} at once`)
    return samples.figures
  },
}

interface World {
  url: string
  stream: StreamClient
  repository: TestRepository
}

const MOMENTS: readonly [string, (change: SeenChange) => boolean][] = [
  ['its run is seen', ({ kind }) => kind === 'run'],
  ['its checks are seen', ({ kind }) => kind === 'check'],
  ['the SRPM is running', ({ kind, state }) => kind === 'srpm' && state === 'running'],
  ['the SRPM is there', ({ kind, state }) => kind === 'srpm' && state === 'success'],
  ['the build is running', ({ kind, state }) => kind === 'build' && state === 'running'],
  ['the packages are there', ({ kind, state }) => kind === 'build' && state === 'success'],
  ['the repository is published', hasRunEnded],
]

function hasRunEnded({ kind, state }: SeenChange): boolean {
  return kind === 'run' && hasEnded(state as State)
}

/** Sends one delivery and waits until its run has ended; gives the run. */
async function followOne({ url, stream, repository }: World, number: number, samples: Samples): Promise<number> {
  const request = delivery(url, await branchOff(repository, number))
  const from = stream.seen.length
  const start = performance.now()
  await accept(request)
  samples.add('webhook to 202', 'ms', performance.now() - start)
  const { run } = await stream.find(({ kind }) => kind === 'run', { from })
  for (const [name, matches] of MOMENTS) {
    const { atMs } = await stream.find((change) => change.run === run && matches(change), { from })
    samples.add(`webhook until ${name}`, 'ms', atMs - start)
  }
  return run ?? 0
}

async function accept(request: Request): Promise<void> {
  const response = await fetch(request)
  if (response.status !== 202) throw new Error(`the webhook answered ${response.status}: ${await response.text()}`)
  await response.text()
}

/** What the steps themselves took by the rows, and the waiting between them. */
async function addGaps(runId: number, { service }: Awaited<ReturnType<typeof openService>>, samples: Samples): Promise<void> {
  const run = await findRun(service.database.db, runId)
  const target = run?.targets.find(({ state }) => state === 'success')
  const times = [run?.srpm?.startedAt, run?.srpm?.endedAt, target?.startedAt, target?.endedAt, run?.pipelines[0]?.publishedAt]
  const [srpmStart, srpmEnd, buildStart, buildEnd, published] = times.map((time) => time?.getTime() ?? Number.NaN)
  if (srpmStart === undefined || srpmEnd === undefined || buildStart === undefined || buildEnd === undefined || published === undefined) return
  samples.add('the SRPM step itself', 'ms', srpmEnd - srpmStart)
  samples.add('end of the SRPM to start of the build', 'ms', buildStart - srpmEnd)
  samples.add('the build itself', 'ms', buildEnd - buildStart)
  samples.add('end of the build to the published repository', 'ms', published - buildEnd)
}

async function followMany({ url, stream, repository }: World, samples: Samples): Promise<void> {
  const requests: Request[] = []
  for (let i = 1; i <= AT_ONCE; i += 1) requests.push(delivery(url, await branchOff(repository, ONE_BY_ONE + i)))
  const from = stream.seen.length
  const ended = () => new Set(stream.seen.slice(from).filter(hasRunEnded).map(({ run }) => run)).size
  const took = await timed(async () => {
    await Promise.all(requests.map(accept))
    await stream.find(() => ended() === AT_ONCE, { from, timeoutMs: 120_000 })
  })
  samples.add(`${AT_ONCE} at once: to the last repository`, 'ms', took)
  samples.add(`${AT_ONCE} at once: for each`, 'ms', took / AT_ONCE)
}
