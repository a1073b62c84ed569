import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FakeGithub } from '../../server/src/forges/github/fake/fake-github.ts'
import { type DatabaseKind, databaseKinds } from '../../server/test/database.ts'
import { type GithubSite, openSite, send, untilIdle } from '../../server/test/github/github-service.ts'
import { openMany } from '../../server/test/github/many-heads.ts'
import { startCluster } from '../../server/test/postgres-cluster.ts'
import { runCommand, type ServiceProcess } from '../../server/test/service-process.ts'
import { type Case, openFolder, Samples, type Settings } from '../measure.ts'
import { ROOT } from '../program.ts'

const AT_ONCE = 50
const ROUNDS = 4
const MAIN = join(ROOT, 'server/src/main.ts')

/** From GitHub's delivery to what GitHub shows. */
export const githubCase: Case = {
  name: 'github',
  title: 'From a delivery of GitHub to the check on the pull request',
  method: `x`,
  async run(say, settings) {
    const samples = new Samples()
    for (const kind of databaseKinds.toReversed()) await measureKind(kind, samples, say, settings)
    return samples.figures
  },
}

async function measureKind(kind: DatabaseKind, samples: Samples, say: (line: string) => void, { quick }: Settings) {
  await using folder = await openFolder()
  const env = kind === 'postgres' ? { DATABASE_URL: (await startCluster()).urlOf('postgres') } : {}
  await using site = await openSite(folder.dir, env)
  await runCommand(site.dataDir, ['allow', '127.0.0.1'], site.env)
  await using service = await site.start([MAIN, 'serve'])
  const all: number[] = []
  for (let round = 1; round <= (quick ? 1 : ROUNDS); round += 1) {
    const times = await measureRound(site, service, round)
    all.push(...times)
    samples.add(`${kind}: half of ${AT_ONCE} show it after`, 'ms', percentile(times, 0.5))
    samples.add(`${kind}: all ${AT_ONCE} show it after`, 'ms', percentile(times, 1))
    say(`${kind}: ${round} of ${ROUNDS} rounds, the slowest after ${Math.round(percentile(times, 1))} ms`)
  }
  samples.add(`${kind}: p99 of all rounds`, 'ms', percentile(all, 0.99))
}

/** Opens the pull requests and gives how long each took. */
async function measureRound(site: GithubSite, service: ServiceProcess, round: number): Promise<number[]> {
  const { github, clock } = site
  // GitHub's limits are those of an installation
  const repository = await site.addRepository(`owner-${round}`, SAMPLE)
  await github.openPullRequest({ repository, branch: 'warm-up' })
  await untilIdle(service)
  const pulls = await openMany(github, clock, repository, { pulls: AT_ONCE, heads: 1 })
  const sent = new Map<string, number>()
  const from = github.requests.length
  await Promise.all(
    github.deliveries.held.map(async (delivery) => {
      sent.set(JSON.parse(delivery.body).pull_request.head.sha, performance.now())
      const status = await send(service.url, delivery)
      if (status !== 202) throw new Error(`the webhook answered ${status}`)
    }),
  )
  await service.until(() => shownSince(github, from).size === AT_ONCE, 'showed every check', 10)
  const times = [...shownSince(github, from)].map(([sha, atMs]) => atMs - (sent.get(sha) ?? Number.NaN))
  await github.releaseDeliveries(() => [])
  for (const { pull } of pulls) await github.close(pull)
  await untilIdle(service)
  return times
}

/** When the first check of each commit was asked for. */
function shownSince({ requests }: FakeGithub, from: number): Map<string, number> {
  const shown = new Map<string, number>()
  for (const { operation, body, atMs } of requests.slice(from)) {
    if (operation !== 'checks/create') continue
    const { head_sha: sha = '' } = body as { head_sha?: string }
    if (!shown.has(sha)) shown.set(sha, atMs)
  }
  return shown
}

/** The value that so much of all are at or below. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
}

const SAMPLE_DIR = join(ROOT, 'examples/hello')
const SAMPLE = Object.fromEntries(
  readdirSync(SAMPLE_DIR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(SAMPLE_DIR.length + 1), readFileSync(path, 'utf8')]),
)
