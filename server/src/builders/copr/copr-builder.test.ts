import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { readBuildOptions } from '../../domain/build-options.ts'
import { SetupError, UnavailableError } from '../../domain/errors.ts'
import { DEFAULTS } from '../../domain/package-config/options.ts'
import type { PackageOptions } from '../../domain/package-config/types.ts'
import { openFolderStorage } from '../../storage/folder.ts'
import { testBuilder } from '../builder.contract.ts'
import type { SrpmToBuild, StartedBuild } from '../builder.ts'
import { type CoprBuilder, type CoprBuilderOptions, createCoprBuilder } from './copr-builder.ts'
import { FakeCopr, type FakeCoprOptions } from './fake/fake-copr.ts'
import { type Outcome, timedPace } from './fake/paces.ts'
import type { FakeBuild } from './fake/state.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'

const dir = mkdtempSync(join(tmpdir(), 'packit-copr-'))
const storage = openFolderStorage(join(dir, 'storage'))
let lastId = 0

after(() => rmSync(dir, { recursive: true }))

/** An SRPM that nobody looks into; what it says decides how its build goes. */
async function store(kind: 'good' | 'failing' | 'endless'): Promise<string> {
  const key = `srpms/${kind}/hello-1.0-1.src.rpm`
  await storage.put(key, kind)
  return key
}

const OUTCOMES: Record<string, Outcome> = { good: 'succeeded', failing: 'failed', endless: 'stuck' }
const outcome = (build: FakeBuild) => OUTCOMES[build.srpm?.data.toString() ?? ''] ?? 'succeeded'

/** A fake whose builds wait for the test, and a builder that hears its messages. */
async function open(options: FakeCoprOptions = {}, more: Partial<CoprBuilderOptions> = {}) {
  let builder: CoprBuilder | undefined
  const copr = await FakeCopr.start({ onMessage: ({ body }) => builder?.tell(String(body.build)), ...options })
  builder = createCoprBuilder({ ...copr.settings, storage, keepDays: 60, mostLogBytes: 2 ** 20, ...more })
  return { copr, builder, [Symbol.asyncDispose]: () => copr[Symbol.asyncDispose]() }
}

const shared = await open({ pace: timedPace({ outcome }) })
after(() => shared[Symbol.asyncDispose]())
testBuilder('Copr', () => ({ builder: shared.builder, storage, store, nextId: () => ++lastId }))

let build: SrpmToBuild
beforeEach(async () => {
  const srpm = await store('good')
  build = {
    id: ++lastId,
    srpm,
    chroots: [FEDORA, EPEL],
    project: 'acme-hello-1',
    forgeProject: 'github.com/acme/hello',
  }
})

test('one build is asked for, for all chroots, in a project that is made for it and lets its repository in', async () => {
  await using world = await open()
  const started = await world.builder.startBuild(build)

  const [only, ...more] = world.copr.builds
  assert.equal(more.length, 0)
  assert.equal(started.buildId, String(only?.id))
  assert.deepEqual(started.place, {
    owner: 'packit',
    project: 'acme-hello-1',
    webUrl: `${world.copr.url}/coprs/build/${only?.id}/`,
  })
  assert.deepEqual(
    only?.chroots.map(({ name }) => name),
    [FEDORA, EPEL],
  )
  assert.deepEqual(only?.srpm?.data.toString(), 'good')
  const { chroots, settings, deleteAfterDays } = world.copr.project('packit', 'acme-hello-1')
  assert.deepEqual([...chroots.keys()], [FEDORA, EPEL])
  assert.deepEqual(settings.packit_forge_projects_allowed, ['github.com/acme/hello'])
  assert.equal(settings.unlisted_on_hp, true)
  assert.equal(deleteAfterDays, 60)
})

/** How often a question is asked before it counts as not answered. */
const ASKED = 4

test('a submission whose answer was lost is found again: nothing is built twice', async () => {
  await using world = await open()
  world.copr.faults.add({ kind: 'drop-after', path: '/build/create/upload' })
  // Copr does not keep each character of a file's name
  build.srpm = 'srpms/hello-1.0~rc1^git+2-1.src.rpm'
  await storage.put(build.srpm, 'good')
  const first = await world.builder.startBuild(build)
  // another process, which knows nothing of the first, repeats it
  const other = createCoprBuilder({ ...world.copr.settings, storage, keepDays: 60, mostLogBytes: 2 ** 20 })
  const second = await other.startBuild(build)

  assert.equal(world.copr.builds.length, 1)
  assert.deepEqual(second, first)
})

test('two submissions of the same SRPM are two builds, and each finds its own', async () => {
  await using world = await open()
  const again = { ...build, id: ++lastId }
  const first = await world.builder.startBuild(build)
  const second = await world.builder.startBuild(again)

  assert.notEqual(first.buildId, second.buildId)
  assert.deepEqual(await world.builder.startBuild(build), first)
  assert.deepEqual(await world.builder.startBuild(again), second)
})

test('a Copr that is away, or answers with pages, is waited for; what nobody accepted is not there', async () => {
  await using world = await open({}, { timeoutMs: 200, uploadTimeoutMs: 200 })
  for (const kind of ['bad-gateway', 'wrong-type', 'hang', 'drop-before'] as const) {
    world.copr.faults.add({ kind, path: '/build/create/upload' })
    await assert.rejects(world.builder.startBuild(build), UnavailableError, kind)
  }
  assert.equal(world.copr.builds.length, 0)
})

test('a question that got lost on its way is asked again at once, and what changes something is not', async () => {
  await using world = await open()
  for (const kind of ['bad-gateway', 'drop-before', 'gateway-timeout'] as const)
    world.copr.faults.add({ kind, method: 'GET', path: '/project/' })
  assert.ok(await world.builder.startBuild(build))
  world.copr.faults.add({ kind: 'bad-gateway', method: 'POST' })
  await assert.rejects(world.builder.startBuild({ ...build, id: ++lastId }), UnavailableError)
})

test('Retry-After is kept to; without it a limit is waited for a minute', async () => {
  await using world = await open()
  world.copr.faults.add({ kind: 'too-many', retryAfterSeconds: 7, path: '/api_3/project/' })
  await assert.rejects(world.builder.startBuild(build), { name: 'UnavailableError', retryAfterMs: 7000 })
  world.copr.faults.add({ kind: 'too-many', path: '/api_3/project/' })
  await assert.rejects(world.builder.startBuild(build), { name: 'UnavailableError', retryAfterMs: 60_000 })
})

test('a token that is not accepted is the operator’s to mend', async () => {
  await using world = await open({}, { token: 'of-last-year' })
  await assert.rejects(world.builder.startBuild(build), (error) => {
    assert.ok(error instanceof SetupError)
    assert.match(error.message, /PACKIT_COPR_TOKEN.*180 days/)
    return true
  })
})

test('ids of more than eight digits are simply longer, in addresses of results too', async () => {
  await using world = await open({ firstBuildId: 1_234_567_890 })
  const { buildId } = await world.builder.startBuild(build)
  assert.ok(buildId.length > 8)
  world.copr.end(buildId, FEDORA, 'succeeded', { log: 'Wrote: it\n' })
  const [target] = (await world.builder.findTargets(buildId)) ?? []

  assert.equal(target?.state, 'success')
  assert.match(target.logsUrl ?? '', new RegExp(`/${buildId}-hello/`))
  assert.equal((await storage.range(target.log ?? '', 0, 100))?.data.toString(), 'Wrote: it\n')
})

test('an answer that is slow to begin is waited for; who asks too long finds what was done meanwhile', async () => {
  await using world = await open()
  world.copr.faults.add({ kind: 'slow', path: '/project/' })
  assert.ok(await world.builder.startBuild(build))

  const hasty = createCoprBuilder({
    ...world.copr.settings,
    ...{ storage, keepDays: 60, mostLogBytes: 2 ** 20, uploadTimeoutMs: 50 },
  })
  const again = { ...build, id: ++lastId }
  world.copr.faults.add({ kind: 'slow', path: '/build/create/upload' })
  let first: StartedBuild | undefined
  // on a busy machine it may be given up before it is heard at all
  while (!first) first = await hasty.startBuild(again).catch(() => undefined)
  assert.deepEqual(await world.builder.startBuild(again), first)
  assert.equal(world.copr.builds.length, 2)
})

test('what the configuration says of builds and chroots arrives', async () => {
  await using world = await open()
  const options = readBuildOptions(
    {
      ...DEFAULTS,
      ...{ timeout: 600, enable_net: true, bootstrap: 'image', list_on_homepage: true, preserve_project: true },
      ...{ module_hotfixes: true, additional_packages: ['make'], additional_repos: ['copr://acme/deps'] },
      follow_fedora_branching: false,
    } as unknown as PackageOptions,
    { [EPEL]: { additional_packages: ['cmake'], additional_modules: 'ruby:3.3,!perl:5', with_opts: ['tests'] } },
  )
  await world.builder.startBuild({ ...build, options })

  const project = world.copr.project('packit', 'acme-hello-1')
  assert.equal(project.deleteAfterDays, -1)
  assert.equal(project.settings.unlisted_on_hp, false)
  assert.equal(project.settings.module_hotfixes, true)
  assert.equal(project.settings.follow_fedora_branching, false)
  assert.deepEqual(project.chroots.get(FEDORA)?.additional_packages, ['make'])
  assert.deepEqual(project.chroots.get(EPEL)?.additional_packages, ['make', 'cmake'])
  assert.deepEqual(project.chroots.get(EPEL)?.additional_modules, ['ruby:3.3', '!perl:5'])
  assert.deepEqual(project.chroots.get(EPEL)?.with_opts, ['tests'])
  const { timeout, enable_net, bootstrap } = world.copr.builds[0]?.options ?? {}
  assert.deepEqual({ timeout, enable_net, bootstrap }, { timeout: 600, enable_net: true, bootstrap: 'image' })
})

test('an ended chroot has its log in storage, packed or not, and its packages', async () => {
  for (const logStyle of ['gzip', 'gzip-encoded', 'plain'] as const) {
    await using world = await open({ logStyle })
    const { buildId } = await world.builder.startBuild({ ...build, id: ++lastId })
    await storage.delete(`builds/copr/${buildId}`)
    world.copr.end(buildId, FEDORA, 'succeeded', { log: 'Wrote: it\n' })
    const [fedora, epel] = (await world.builder.findTargets(buildId)) ?? []

    assert.equal(fedora?.state, 'success')
    assert.equal(epel?.state, 'pending')
    assert.equal((await storage.range(fedora?.log ?? '', 0, 100))?.data.toString(), 'Wrote: it\n', logStyle)
    assert.deepEqual(
      fedora?.packages?.map(({ name, arch }) => `${name} ${arch}`),
      ['hello x86_64', 'hello src'],
    )
  }
})

test('a log that is too long keeps its beginning and its end', async () => {
  await using world = await open({}, { mostLogBytes: 1000 })
  const { buildId } = await world.builder.startBuild(build)
  await storage.delete(`builds/copr/${buildId}`)
  world.copr.end(buildId, FEDORA, 'failed', { log: `begin\n${'x'.repeat(100_000)}\nerror: at the end\n` })
  const [target] = (await world.builder.findTargets(buildId)) ?? []
  const log = (await storage.range(target?.log ?? '', 0, 10_000))?.data.toString() ?? ''

  assert.ok(log.length < 1100)
  assert.match(log, /^begin\n[\s\S]*\d+ bytes of this log are left out here[\s\S]*error: at the end\n$/)
})

test('each way in which Copr ends a build is told as what it is', async () => {
  await using world = await open()
  const states = async (act: (id: string) => void) => {
    const { buildId } = await world.builder.startBuild({ ...build, id: ++lastId })
    act(buildId)
    return ((await world.builder.findTargets(buildId)) ?? []).map(({ state }) => state)
  }
  const { copr } = world
  assert.deepEqual(await states((id) => copr.endSource(id, 'failed')), ['error', 'error'])
  assert.deepEqual(await states((id) => copr.endSource(id, 'import-failed')), ['error', 'error'])
  assert.deepEqual(await states((id) => copr.cancel(id)), ['canceled', 'canceled'])
  const running = (id: string) => {
    copr.begin(id, FEDORA)
    copr.cancel(id)
  }
  assert.deepEqual(await states(running), ['canceled', 'canceled'])
  assert.deepEqual(await states((id) => copr.progress.skipChroot(copr.build(id), EPEL)), ['pending', 'skipped'])
  assert.deepEqual(await states((id) => copr.progress.endOfLife(copr.build(id), EPEL)), ['pending', 'canceled'])
})

test('a chroot that never began has the log of the sources', async () => {
  await using world = await open()
  const { buildId } = await world.builder.startBuild(build)
  world.copr.endSource(buildId, 'failed', 'error: Bad source\n')
  const [target] = (await world.builder.findTargets(buildId)) ?? []
  assert.equal((await storage.range(target?.log ?? '', 0, 100))?.data.toString(), 'error: Bad source\n')
})

test('a project that expired takes its builds along: they are not found', async () => {
  await using world = await open()
  const { buildId } = await world.builder.startBuild(build)
  world.copr.expire('packit', 'acme-hello-1')
  assert.equal(await world.builder.findTargets(buildId), undefined)
})

test('while Copr is away its chroots are those that were known before', async () => {
  let now = new Date()
  await using world = await open({}, { now: () => now, knownChroots: async () => [EPEL] })
  world.copr.faults.add({ kind: 'unavailable', path: 'mock-chroots', times: ASKED })
  assert.deepEqual(await world.builder.findChroots(), [EPEL])
  const all = await world.builder.findChroots()
  assert.equal(all.length, 4)
  now = new Date(now.getTime() + 24 * 60 * 60_000)
  world.copr.faults.add({ kind: 'unavailable', path: 'mock-chroots', times: ASKED })
  assert.deepEqual(await world.builder.findChroots(), all)
})
