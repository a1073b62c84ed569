import { join } from 'node:path'
import { findRun } from '../../server/src/db/runs.ts'
import { hasEnded, type State } from '../../server/src/domain/status.ts'
import type { TestRepository } from '../../server/src/git/test-repository.ts'
import { type Case, openFolder, Samples, timed } from '../measure.ts'
import { branchOff, delivery, openSample, openService, type SeenChange, StreamClient } from '../service.ts'

const ONE_BY_ONE = 12
const AT_ONCE = 6

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
      const sent = await followOne({ url: service.url, stream, repository }, number, samples)
      await addRows(sent, service, samples)
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

interface Sent {
  runId: number
  /** When the delivery was sent, by the clock. */
  at: number
}

/** Sends one delivery and waits until its run has ended. */
async function followOne({ url, stream, repository }: World, number: number, samples: Samples): Promise<Sent> {
  const request = delivery(url, await branchOff(repository, number))
  const from = stream.seen.length
  const at = Date.now()
  const start = performance.now()
  await accept(request)
  samples.add('webhook to 202', 'ms', performance.now() - start)
  const { run } = await stream.find(({ kind }) => kind === 'run', { from })
  for (const [name, matches] of MOMENTS) {
    const { atMs } = await stream.find((change) => change.run === run && matches(change), { from })
    samples.add(`webhook until ${name}`, 'ms', atMs - start)
  }
  return { runId: run ?? 0, at }
}

async function accept(request: Request): Promise<void> {
  const response = await fetch(request)
  if (response.status !== 202) throw new Error(`the webhook answered ${response.status}: ${await response.text()}`)
  await response.text()
}

/** The same by the times in the rows: what the steps themselves took, and the waiting between them. */
async function addRows(
  { runId, at }: Sent,
  { service }: Awaited<ReturnType<typeof openService>>,
  samples: Samples,
): Promise<void> {
  const run = await findRun(service.database.db, runId)
  const target = run?.targets.find(({ state }) => state === 'success')
  const [pipeline] = run?.pipelines ?? []
  const add = (what: string, from: Date | null | undefined, to: Date | null | undefined) => {
    if (!from || !to) throw new Error(`run ${runId} has no time for: ${what}`)
    samples.add(`rows: ${what}`, 'ms', to.getTime() - from.getTime())
  }
  add('webhook to the decision', new Date(at), pipeline?.createdAt)
  add('decision to the start of the SRPM', pipeline?.createdAt, run?.srpm?.startedAt)
  add('the SRPM', run?.srpm?.startedAt, run?.srpm?.endedAt)
  add('end of the SRPM to the start of the build', run?.srpm?.endedAt, target?.startedAt)
  add('the build', target?.startedAt, target?.endedAt)
  add('end of the build to the repository', target?.endedAt, pipeline?.publishedAt)
}

async function followMany({ url, stream, repository }: World, samples: Samples): Promise<void> {
  const requests: Request[] = []
  for (let i = 1; i <= AT_ONCE; i += 1) requests.push(delivery(url, await branchOff(repository, ONE_BY_ONE + i)))
  const from = stream.seen.length
  const ended = () =>
    new Set(
      stream.seen
        .slice(from)
        .filter(hasRunEnded)
        .map(({ run }) => run),
    ).size
  const took = await timed(async () => {
    await Promise.all(requests.map(accept))
    await stream.find(() => ended() === AT_ONCE, { from, timeoutMs: 120_000 })
  })
  samples.add(`${AT_ONCE} at once: to the last repository`, 'ms', took)
  samples.add(`${AT_ONCE} at once: for each`, 'ms', took / AT_ONCE)
}
