// A flood of deliveries: many heads of many pull requests, told twice and shuffled.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Delivery } from '../../src/forges/github/fake/deliveries.ts'
import type { ServiceProcess } from '../service-process.ts'
import { type GithubSite, send, untilIdle } from './github-service.ts'
import { type ManyHeads, openMany } from './many-heads.ts'

export const CHROOT = 'fedora-45-x86_64'

const FILES = {
  '.packit.yaml': `specfile_path: hello.spec\njobs:\n- {job: copr_build, trigger: pull_request, targets: [${CHROOT}]}\n`,
  'hello.spec': 'Name: hello\n',
}

/** A program for `GithubSite.start`. */
export const QUICK_BUILDS: readonly string[] = [fileURLToPath(new URL('quick-builds.ts', import.meta.url))]

export interface FloodSize {
  repositories: number
  /** Of each repository. */
  pulls: number
  /** Of each pull request. */
  heads: number
}

export interface Flood {
  pulls: ManyHeads[]
  /** Each delivery twice, in any order. */
  deliveries: Delivery[]
}

/** Makes the projects known by a pull request of each, then what is to be told; nothing of it is sent yet. */
export async function prepareFlood(site: GithubSite, service: ServiceProcess, size: FloodSize): Promise<Flood> {
  const { github, clock } = site
  const repositories = []
  for (let i = 1; i <= size.repositories; i += 1) {
    const repository = await site.addRepository(`owner-${i}`, FILES)
    await github.openPullRequest({ repository, branch: 'warm-up' })
    repositories.push(repository)
  }
  await untilIdle(service)
  const pulls: ManyHeads[] = []
  for (const repository of repositories) pulls.push(...(await openMany(github, clock, repository, size)))
  const held = [...github.deliveries.held]
  await github.releaseDeliveries(() => [])
  return { pulls, deliveries: shuffle([...held, ...held]) }
}

/**
 * Sends deliveries at a pace, each until it is accepted: whoever is refused for now, or gets no answer, is told of once more,
 * as the sweep of lost deliveries has GitHub do.
 *
 * @param url  where the service is now; it may change when it is started again
 * @returns how often one had to be sent again
 */
export async function sendFlood(deliveries: readonly Delivery[], url: () => string, everyMs: number): Promise<number> {
  const sendOne = async (delivery: Delivery, index: number) => {
    await sleep(index * everyMs)
    for (let again = 0; ; again += 1) {
      const status = await send(url(), delivery)
      if (status === 202) return again
      if (status !== 503 && status !== 'none') throw new Error(`the webhook answered ${status}`)
      await sleep(100)
    }
  }
  return (await Promise.all(deliveries.map(sendOne))).reduce((a, b) => a + b, 0)
}

/** Waits until each delivery is decided. */
export async function untilDecided(service: ServiceProcess): Promise<void> {
  const isDecided = async () => (await service.get<unknown[]>('/api/deliveries?state=received&per_page=1')).length === 0
  await service.until(isDecided, 'decided all deliveries', 100)
}

const holdFile = ({ dataDir }: GithubSite) => join(dataDir, 'hold')

/** From here on no build of `QUICK_BUILDS` begins: one of an older head could end well before the newer one is told of. */
export const holdBuilds = (site: GithubSite): Promise<void> => writeFile(holdFile(site), '')

/** Waits until all is decided, lets builds begin, and waits until nothing is left to do. */
export async function finishFlood(site: GithubSite, service: ServiceProcess, { pulls }: Flood): Promise<void> {
  await untilDecided(service)
  await rm(holdFile(site))
  const newest = pulls.map(({ shas }) => shas.at(-1))
  const hasEnded = () => {
    const checks = site.github.allCheckRuns()
    const stable = checks.filter(({ name, sha }) => name === 'packit' && newest.includes(sha))
    return stable.length >= newest.length && checks.every(({ status }) => status === 'completed')
  }
  await service.until(hasEnded, 'ended each check', 100)
  await untilIdle(service)
}

function shuffle<T>(list: T[]): T[] {
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1))
    const [a, b] = [list[i], list[j]] as [T, T]
    list[i] = b
    list[j] = a
  }
  return list
}
