import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { showTargets } from '../src/cli/show-targets.ts'
import { readTargetsFile, writeTargetsFile } from '../src/cli/targets-file.ts'
import { findTargetLists, writeTargetLists } from '../src/db/targets.ts'
import type { TargetLists } from '../src/domain/target-table.ts'
import { refreshTargets } from '../src/events/refresh-targets.ts'
import { FakeTargetServer } from '../src/targets/fake.ts'
import { builtInLists } from '../src/targets/table.ts'
import { createWorld, type World } from './world.ts'

/** Bodhi and Copr as the program knows them, but that Fedora 46 is out. */
async function openSources(): Promise<FakeTargetServer> {
  const server = await FakeTargetServer.start()
  const living = builtInLists.releases.filter(({ state }) => state !== 'archived')
  server.releases = living.map(({ name, branch, state }) => {
    const [product, version = ''] = name.split('-')
    const isRawhide = version === 'rawhide'
    const prefix = product === 'epel' ? 'FEDORA-EPEL' : 'FEDORA'
    return { name, id_prefix: prefix, version: isRawhide ? '47' : version, branch, state }
  })
  server.releases.push({ name: 'F46', id_prefix: 'FEDORA', version: '46', branch: 'f46', state: 'current' })
  server.chroots = [...builtInLists.chroots, 'fedora-46-x86_64']
  return server
}

const LATER = new Date('2027-01-01T10:00:00Z')

const openWorld = (server: FakeTargetServer, clock: { now: Date }) =>
  createWorld({ env: { PACKIT_BODHI_URL: `${server.url}/`, PACKIT_CHROOTS_URL: server.url }, now: () => clock.now })

const stable = async (world: World) => {
  const table = await world.service.events.targets.current()
  return table.aliases['fedora-stable']?.map(({ name }) => name).at(-1)
}

test('a service reads the table at its first start, keeps it, and plans by it', async () => {
  await using server = await openSources()
  const clock = { now: LATER }
  await using world = await openWorld(server, clock)
  await world.settle()
  // another process may have looked before
  clock.now = new Date(LATER.getTime() + 61_000)
  assert.equal(await stable(world), 'fedora-46')
  const status = await world.get<{ targets: { as_of: string; refreshed: boolean } }>('/api/status')
  assert.deepEqual(status.targets, { as_of: '2027-01-01', refreshed: true })

  await world.openPullRequest({
    config: 'specfile_path: hello.spec\njobs: [{job: copr_build, trigger: pull_request, targets: [fedora-latest]}]\n',
  })
  await world.settle()
  assert.ok((await world.runs())[0]?.copr.some(({ target }) => target === 'fedora-46-x86_64'))
  // `config` and `try` read the copy
  assert.equal((await readTargetsFile(world.service.config.dataDir)).asOf, '2027-01-01')
})

test('the table is read again after a day, not before; a failure leaves it as it was', async () => {
  await using server = await openSources()
  const clock = { now: LATER }
  await using world = await openWorld(server, clock)
  await world.settle()
  const { targets, database } = world.service
  const asked = server.asked.length
  clock.now = new Date(LATER.getTime() + 19 * 60 * 60_000)
  await refreshTargets(targets)
  assert.equal(server.asked.length, asked)

  clock.now = new Date(LATER.getTime() + 24 * 60 * 60_000)
  server.chroots = ['fedora-46-x86_64']
  await assert.rejects(refreshTargets(targets), /not believed/)
  assert.equal((await findTargetLists(database.db))?.readAt, LATER.toISOString())
  assert.equal(await stable(world), 'fedora-46')

  server.chroots = builtInLists.chroots.concat('fedora-46-x86_64')
  await refreshTargets(targets)
  assert.equal((await findTargetLists(database.db))?.readAt, clock.now.toISOString())
})

test('all processes see newer lists within a minute, and what is older than the program counts for nothing', async () => {
  const clock = { now: LATER }
  await using world = await createWorld({ now: () => clock.now })
  assert.equal(await stable(world), 'fedora-45')
  const { db } = world.service.database
  const releases = builtInLists.releases.filter(({ name }) => name !== 'fedora-45')
  const write = (set: Partial<TargetLists>) => writeTargetLists(db, { ...builtInLists, releases, ...set })
  await write({ readAt: '2026-12-31T00:00:00.000Z' })
  assert.equal(await stable(world), 'fedora-45')
  clock.now = new Date(LATER.getTime() + 60_000)
  assert.equal(await stable(world), 'fedora-44')
  await write({ readAt: '2026-01-01T00:00:00.000Z' })
  clock.now = new Date(LATER.getTime() + 120_000)
  assert.equal(await stable(world), 'fedora-45')
})

test('the command lists aliases with their chroots and the day, and refreshes when asked to', async () => {
  await using server = await openSources()
  const clock = { now: LATER }
  await using world = await openWorld(server, clock)
  await world.settle()
  const lines = await showTargets(false, world.service.targets)
  assert.match(lines[0] ?? '', /^Targets as of 2027-01-01, read anew each day; \d+ chroots$/)
  assert.ok(lines.includes('fedora-latest-stable  fedora-46-x86_64'))
  clock.now = new Date(LATER.getTime() + 26 * 60 * 60_000)
  assert.match((await showTargets(true, world.service.targets))[0] ?? '', /^Targets as of 2027-01-02/)
})

test('where nobody is to be asked nobody is, and the command says so', async () => {
  await using world = await createWorld()
  await world.settle()
  assert.match((await showTargets(false, world.service.targets))[0] ?? '', /as of 2026-11-24, not read anew/)
  await assert.rejects(showTargets(true, world.service.targets), /PACKIT_BODHI_URL or PACKIT_CHROOTS_URL is off/)
})

test('a copy that was cut, or is of another version, is passed over', async () => {
  await using world = await createWorld()
  const { dataDir } = world.service.config
  await writeTargetsFile(dataDir, { ...builtInLists, readAt: '2027-01-01T00:00:00.000Z' })
  assert.equal((await readTargetsFile(dataDir)).asOf, '2027-01-01')
  const text = await readFile(join(dataDir, 'targets.json'), 'utf8')
  for (const broken of [text.slice(0, 100), '{}', '']) {
    await writeFile(join(dataDir, 'targets.json'), broken)
    assert.equal((await readTargetsFile(dataDir)).asOf, '2026-11-24')
  }
})
