// A thousand deliveries of GitHub within seconds, half of them told before, in any order.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openEmbedded } from '../../src/db/open.ts'
import { makeDatabase } from '../database.ts'
import { runCommand, type ServiceProcess } from '../service-process.ts'
import { type Flood, finishFlood, holdBuilds, prepareFlood, QUICK_BUILDS, sendFlood } from './flood.ts'
import { assertOutcome } from './flood-outcome.ts'
import { type GithubSite, openSite } from './github-service.ts'

const SIZE = { repositories: 4, pulls: 5, heads: 25 }
const EVERY_MS = 5

test('each head that is told of has one event, and only the newest of each pull request is built', async () => {
  await withSite(async (site) => {
    await using service = await site.start(QUICK_BUILDS)
    const flood = await prepareFlood(site, service, SIZE)
    await holdBuilds(site)
    await sendFlood(flood.deliveries, () => service.url, EVERY_MS)
    await endWell(site, service, flood)
  })
})

test('the same is true when the process is killed in the middle', async () => {
  await withSite(async (site) => {
    let service = await site.start(QUICK_BUILDS)
    try {
      const flood = await prepareFlood(site, service, SIZE)
      await holdBuilds(site)
      const sending = sendFlood(flood.deliveries, () => service.url, EVERY_MS)
      const shownBefore = site.github.allCheckRuns().length
      // in the middle of everything: deliveries come, heads are decided, checks are being made
      await service.until(() => site.github.allCheckRuns().length >= shownBefore + 15, 'showed some checks')
      await service.kill()
      service = await site.start(QUICK_BUILDS)
      await sending
      await endWell(site, service, flood)
    } finally {
      await service[Symbol.asyncDispose]()
    }
  })
})

/** A GitHub and the data of a service in a folder of their own. */
async function withSite(story: (site: GithubSite) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'packit-flood-'))
  try {
    await using site = await openSite(dir)
    await makeDatabase(join(site.dataDir, 'database'))
    const allowed = await runCommand(site.dataDir, ['allow', '127.0.0.1'], site.env)
    assert.equal(allowed.code, 0, allowed.errors)
    await story(site)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Lets it come to its end, and looks at all that is there then. */
async function endWell(site: GithubSite, service: ServiceProcess, flood: Flood): Promise<void> {
  await finishFlood(site, service, flood)
  assert.equal(await service.stop(), 0, service.errors)
  const database = await openEmbedded(join(site.dataDir, 'database'))
  try {
    await assertOutcome(site, flood, database)
  } finally {
    await database.close()
  }
}
