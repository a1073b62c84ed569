import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster } from '../../server/src/cli/postgres-cluster.ts'
import { openEmbedded, openPostgres } from '../../server/src/db/open.ts'
import type { FakeGithub } from '../../server/src/forges/github/fake/fake-github.ts'
import type { PullRequest } from '../../server/src/forges/github/fake/things.ts'
import { type DatabaseKind, databaseKinds } from '../../server/test/database.ts'
import {
  finishFlood,
  holdBuilds,
  prepareFlood,
  QUICK_BUILDS,
  sendFlood,
  untilDecided,
} from '../../server/test/github/flood.ts'
import { assertOutcome } from '../../server/test/github/flood-outcome.ts'
import { type GithubSite, openSite, send, untilIdle } from '../../server/test/github/github-service.ts'
import { openMany } from '../../server/test/github/many-heads.ts'
import { runCommand, type ServiceProcess } from '../../server/test/service-process.ts'
import { type Case, openFolder, Samples, type Settings } from '../measure.ts'
import { ROOT } from '../program.ts'

const AT_ONCE = 50
const ROUNDS = 4
const FLOOD = { repositories: 4, pulls: 5, heads: 25 }
const FLOOD_MS = 5000
const SERVE = [join(ROOT, 'server/src/main.ts'), 'serve']

/** From what GitHub tells to what GitHub shows. */
export const githubCase: Case = {
  name: 'github',
  title: 'GitHub: from the delivery to the check',
  method: `The service in a process of its own, as its App beside the fake GitHub, which shares the process and the two cores of who
measures. ${AT_ONCE} pull requests of one repository are opened at once; each time is that from sending the signed delivery to the
request that makes its first check. The project was built before, and another of its pull requests is being built for real
meanwhile; git, SRPMs and builds of the ${AT_ONCE} follow, and what is left of them is cancelled after the round. Each of the
${ROUNDS} rounds has a repository and an installation of its own, since limits are those of installations. The p99 is that of all
rounds together. Then a flood: ${FLOOD.repositories * FLOOD.pulls} pull requests with ${FLOOD.heads} heads each, told twice and shuffled, ${FLOOD.repositories * FLOOD.pulls * FLOOD.heads * 2} deliveries sent within ${FLOOD_MS / 1000} s, with
builds of nothing that begin when all is decided. The benchmark fails if a delivery or a check is lost or doubled, a head has not
exactly one event, or another than the newest head of a pull request keeps a build.`,
  async run(say, settings) {
    const samples = new Samples()
    for (const kind of databaseKinds.toReversed()) {
      await measureKind(kind, samples, say, settings)
      await measureFlood(kind, samples)
      say(`${kind}: flood`)
    }
    return samples.figures
  },
}

/** A service with the App, whose every project is allowed. */
async function openSiteOn(kind: DatabaseKind, dir: string): Promise<GithubSite> {
  const env = kind === 'postgres' ? { DATABASE_URL: (await startCluster()).urlOf('postgres') } : {}
  const site = await openSite(dir, env)
  await runCommand(site.dataDir, ['allow', '127.0.0.1'], site.env)
  return site
}

async function measureKind(kind: DatabaseKind, samples: Samples, say: (line: string) => void, { quick }: Settings) {
  await using folder = await openFolder()
  await using site = await openSiteOn(kind, folder.dir)
  await using service = await site.start(SERVE)
  const all: number[] = []
  const rounds = quick ? 1 : ROUNDS
  for (let round = 1; round <= rounds; round += 1) {
    const times = await measureRound(site, service, round)
    all.push(...times)
    samples.add(`${kind}: half of ${AT_ONCE} are shown after`, 'ms', percentile(times, 0.5))
    samples.add(`${kind}: the last of ${AT_ONCE} is shown after`, 'ms', percentile(times, 1))
    say(`${kind}: ${round} of ${rounds} rounds`)
  }
  samples.add(`${kind}: p99 of all rounds`, 'ms', percentile(all, 0.99))
  await service.stop()
}

async function measureFlood(kind: DatabaseKind, samples: Samples): Promise<void> {
  await using folder = await openFolder()
  await using site = await openSiteOn(kind, folder.dir)
  await using service = await site.start(QUICK_BUILDS)
  const flood = await prepareFlood(site, service, FLOOD)
  await holdBuilds(site)
  const { length } = flood.deliveries
  const start = performance.now()
  const again = await sendFlood(flood.deliveries, () => service.url, FLOOD_MS / length)
  samples.add(`${kind}: flood of ${length}, all acknowledged after`, 'ms', performance.now() - start)
  samples.add(`${kind}: flood, refused for now`, '', again)
  await untilDecided(service)
  samples.add(`${kind}: flood, all but the newest heads decided after`, 'ms', performance.now() - start)
  await finishFlood(site, service, flood)
  samples.add(`${kind}: flood, everything ended after`, 'ms', performance.now() - start)
  await service.stop()
  const { DATABASE_URL: url } = site.env
  const database = url
    ? await openPostgres(url, { migrate: false })
    : await openEmbedded(join(site.dataDir, 'database'))
  try {
    await assertOutcome(site, flood, database)
  } finally {
    await database.close()
  }
}

/** Opens the pull requests and gives how long each took. */
async function measureRound(site: GithubSite, service: ServiceProcess, round: number): Promise<number[]> {
  const { github, clock } = site
  // GitHub's limits are those of an installation
  const repository = await site.addRepository(`owner-${round}`, SAMPLE)
  const before = await github.openPullRequest({ repository, branch: 'before' })
  await untilBuilt(github, service, before)
  const pulls = await openMany(github, clock, repository, { pulls: AT_ONCE, heads: 1 })
  const deliveries = [...github.deliveries.held]
  await github.releaseDeliveries(() => [])
  github.setDeliveryMode('send')
  const beside = await github.openPullRequest({ repository, branch: 'beside' })
  await service.until(() => hasBegun(service, beside), 'began to build', 20)
  const sent = new Map<string, number>()
  const from = github.requests.length
  await Promise.all(
    deliveries.map(async (delivery) => {
      sent.set(JSON.parse(delivery.body).pull_request.head.sha, performance.now())
      const status = await send(service.url, delivery)
      if (status !== 202) throw new Error(`the webhook answered ${status}`)
    }),
  )
  const shown = () => [...shownSince(github, from)].filter(([sha]) => sent.has(sha))
  await service.until(() => shown().length === AT_ONCE, 'showed every check', 10)
  const times = shown().map(([sha, atMs]) => atMs - (sent.get(sha) ?? Number.NaN))
  for (const { pull } of pulls) await github.close(pull)
  await untilBuilt(github, service, beside)
  return times
}

const checkOf = (github: FakeGithub, pull: PullRequest) =>
  github.allCheckRuns().findLast(({ name, sha }) => name === 'packit' && sha === pull.pull.head.sha)

/** Its checks tell that only after a while. */
async function hasBegun(service: ServiceProcess, { pull }: PullRequest): Promise<boolean> {
  const runs = await service.get<{ state: string; commit?: { sha: string } }[]>('/api/runs?per_page=5')
  return runs.some(({ state, commit }) => commit?.sha === pull.head.sha && state !== 'pending')
}

async function untilBuilt(github: FakeGithub, service: ServiceProcess, pull: PullRequest): Promise<void> {
  await service.until(() => checkOf(github, pull)?.status === 'completed', 'built a pull request', 50)
  await untilIdle(service)
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

/** The files of the sample project. */
const SAMPLE_DIR = join(ROOT, 'examples/hello')
const SAMPLE = Object.fromEntries(
  readdirSync(SAMPLE_DIR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(SAMPLE_DIR.length + 1), readFileSync(path, 'utf8')]),
)
