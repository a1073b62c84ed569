// The projects that builds are made in: made, changed as far as need be, and otherwise left to their owners.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { readBuildOptions } from '../../domain/build-options.ts'
import { ConfigError } from '../../domain/errors.ts'
import { DEFAULTS } from '../../domain/package-config/options.ts'
import type { PackageOptions, TargetOptions } from '../../domain/package-config/types.ts'
import { openFolderStorage } from '../../storage/folder.ts'
import type { SrpmToBuild } from '../builder.ts'
import { type CoprBuilderOptions, createCoprBuilder } from './copr-builder.ts'
import { FakeCopr } from './fake/fake-copr.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'
const HOUR_MS = 60 * 60_000

const dir = mkdtempSync(join(tmpdir(), 'packit-copr-'))
const storage = openFolderStorage(join(dir, 'storage'))
after(() => rmSync(dir, { recursive: true }))

/** A fake whose builds wait for the test, and a builder that uses it. */
async function open(more: Partial<CoprBuilderOptions> = {}) {
  const copr = await FakeCopr.start()
  const builder = createCoprBuilder({ ...copr.settings, storage, keepDays: 60, mostLogBytes: 2 ** 20, ...more })
  return { copr, builder, [Symbol.asyncDispose]: () => copr[Symbol.asyncDispose]() }
}

let lastId = 0
let build: SrpmToBuild
beforeEach(async () => {
  lastId += 1
  const srpm = 'srpms/hello-1.0-1.src.rpm'
  await storage.put(srpm, 'an SRPM that nobody looks into')
  const of = { project: 'acme-hello-1', forgeProject: 'github.com/acme/hello' }
  build = { id: lastId, srpm, chroots: [FEDORA, EPEL], ...of }
})

const withOptions = (set: Partial<PackageOptions>, chroots?: Record<string, TargetOptions>) =>
  readBuildOptions({ ...DEFAULTS, ...set } as PackageOptions, chroots)
const writes = (copr: FakeCopr) => copr.asked.filter((line) => !line.startsWith('GET'))

test('a project keeps what its owner set: chroots and repositories are added, nothing is taken away', async () => {
  await using world = await open()
  const own = { additional_repos: ['copr://acme/deps'], bootstrap: 'on', unlisted_on_hp: false, module_hotfixes: true }
  world.copr.addProject('packit', 'acme-hello-1', { ...own, chroots: ['fedora-rawhide-x86_64'] })
  await world.builder.startBuild({ ...build, options: withOptions({ additional_repos: ['copr://acme/more'] }) })

  const { settings, chroots } = world.copr.project('packit', 'acme-hello-1')
  assert.deepEqual([...chroots.keys()], ['fedora-rawhide-x86_64', FEDORA, EPEL])
  assert.deepEqual(settings.additional_repos, ['copr://acme/deps', 'copr://acme/more'])
  assert.deepEqual(
    { ...settings, additional_repos: null, packit_forge_projects_allowed: null },
    { ...settings, ...own, additional_repos: null, packit_forge_projects_allowed: null },
  )
})

test('chroots that another process took away between change and build are put back, and the build is made', async () => {
  await using world = await open()
  await world.builder.startBuild(build)
  for (const { chroots } of world.copr.builds) for (const chroot of chroots) chroot.state = 'succeeded'
  const { chroots } = world.copr.project('packit', 'acme-hello-1')
  // the list of builds is the last that is looked at before a build is asked for
  world.copr.onRequest = (line) => {
    if (line.startsWith('GET /api_3/build/list')) chroots.delete(EPEL)
    if (line.startsWith('POST')) world.copr.onRequest = undefined
  }
  await world.builder.startBuild({ ...build, id: ++lastId })

  assert.equal(world.copr.builds.length, 2)
  assert.deepEqual([...chroots.keys()], [FEDORA, EPEL])
})

test('in a project of its owner a build brings its bootstrap itself: the setting of the project stays', async () => {
  await using world = await open()
  const theirs = { packit_forge_projects_allowed: ['github.com/acme/*'], chroots: [FEDORA, EPEL], bootstrap: 'on' }
  world.copr.addProject('packit', 'hello', theirs)
  await world.builder.startBuild({ ...build, options: withOptions({ project: 'hello', bootstrap: 'image' }) })

  assert.equal(world.copr.project('packit', 'hello').settings.bootstrap, 'on')
  assert.equal(world.copr.builds[0]?.options.bootstrap, 'image')
})

test('a project that is as wanted is not written to again', async () => {
  await using world = await open()
  await world.builder.startBuild(build)
  world.copr.asked.length = 0
  await world.builder.startBuild({ ...build, id: ++lastId })
  assert.deepEqual(
    world.copr.asked.filter((line) => !line.startsWith('GET')),
    ['POST /api_3/build/create/upload'],
  )
})

test('in a project of others only who is let in builds; the permission is asked for, once', async () => {
  await using world = await open()
  world.copr.addUser('ann')
  const allowed = { packit_forge_projects_allowed: ['github.com/acme/*'], chroots: [FEDORA, EPEL] }
  const project = world.copr.addProject('ann', 'hello', allowed)
  const options = withOptions({ owner: 'ann', project: 'hello' })
  for (const id of [++lastId, ++lastId])
    await assert.rejects(world.builder.startBuild({ ...build, id, options }), (error) => {
      assert.ok(error instanceof ConfigError)
      assert.match(
        error.message,
        /packit may not build in the Copr project ann\/hello yet.*\/coprs\/ann\/hello\/permissions\//,
      )
      return true
    })
  assert.equal(world.copr.asked.filter((line) => line.includes('/permissions/request/')).length, 1)

  project.permissions.set('packit', { admin: 'nothing', builder: 'approved' })
  const started = await world.builder.startBuild({ ...build, options })
  assert.equal(started.place?.owner, 'ann')
})

test('a configuration can’t reach a project that does not let its repository in, not even to change its settings', async () => {
  await using world = await open()
  await world.builder.startBuild(build)
  const theirs = { ...build, id: ++lastId, forgeProject: 'github.com/mallory/hello' }
  const options = withOptions({ project: 'acme-hello-1', additional_repos: ['https://mallory.example/repo'] })
  await assert.rejects(world.builder.startBuild({ ...theirs, options }), /does not let github.com\/mallory\/hello in/)

  assert.equal(world.copr.builds.length, 1)
  assert.deepEqual(world.copr.project('packit', 'acme-hello-1').settings.additional_repos, [])
})

test('a project that a configuration of others named first is not built in as if it were made up', async () => {
  await using world = await open()
  const theirs = { ...build, id: ++lastId, forgeProject: 'github.com/mallory/hello' }
  await world.builder.startBuild({ ...theirs, options: withOptions({ project: 'acme-hello-1' }) })
  await assert.rejects(world.builder.startBuild(build), /is used by github.com\/mallory\/hello, not by/)

  assert.equal(world.copr.builds.length, 1)
  const { settings } = world.copr.project('packit', 'acme-hello-1')
  assert.deepEqual(settings.packit_forge_projects_allowed, ['github.com/mallory/hello'])
})

test('what its owner set for a chroot stays, and what the configuration wants is added to it', async () => {
  await using world = await open()
  const { chroots } = world.copr.addProject('packit', 'acme-hello-1', { chroots: [FEDORA, EPEL] })
  Object.assign(chroots.get(EPEL) ?? {}, { additional_packages: ['vim'], with_opts: ['docs'], without_opts: ['gui'] })
  const options = withOptions({}, { [EPEL]: { additional_packages: ['cmake'], with_opts: ['tests'] } })
  await world.builder.startBuild({ ...build, options })

  const { additional_packages, with_opts, without_opts } = chroots.get(EPEL) ?? {}
  assert.deepEqual(
    { additional_packages, with_opts, without_opts },
    {
      ...{ additional_packages: ['vim', 'cmake'], with_opts: ['docs', 'tests'], without_opts: ['gui'] },
    },
  )
  assert.deepEqual(chroots.get(FEDORA)?.additional_packages, [])
})

test('the life of a project that is built in is made longer once a day, and of one that a configuration names it is not', async () => {
  let now = new Date()
  await using world = await open({ now: () => now })
  const options = withOptions({ project: 'hello' })
  await world.builder.startBuild(build)
  await world.builder.startBuild({ ...build, id: ++lastId, options })
  const [ours, named] = ['acme-hello-1', 'hello'].map((name) => world.copr.project('packit', name))
  assert.deepEqual([ours?.deleteAfterDays, named?.deleteAfterDays], [60, 60])
  for (const project of [ours, named]) if (project) project.deleteAfterDays = 1

  for (const hours of [23, 2, 1]) {
    now = new Date(now.getTime() + hours * HOUR_MS)
    world.copr.asked.length = 0
    await world.builder.startBuild({ ...build, id: ++lastId })
    await world.builder.startBuild({ ...build, id: ++lastId, options })
    const edits = hours === 2 ? ['PUT /api_3/project/edit/packit/acme-hello-1'] : []
    assert.deepEqual(
      writes(world.copr).filter((line) => line.startsWith('PUT')),
      edits,
    )
  }
  assert.deepEqual([ours?.deleteAfterDays, named?.deleteAfterDays], [60, 1])
})

test('a project that has to be changed by others names the settings, and asks once to be its admin', async () => {
  await using world = await open()
  world.copr.addUser('ann')
  const project = world.copr.addProject('ann', 'hello', {
    ...{ packit_forge_projects_allowed: ['github.com/acme/*'], chroots: [FEDORA, EPEL] },
  })
  project.permissions.set('packit', { admin: 'nothing', builder: 'approved' })
  const repos = withOptions({ owner: 'ann', project: 'hello', additional_repos: ['copr://acme/deps'] })
  const packages = withOptions({ owner: 'ann', project: 'hello' }, { [EPEL]: { additional_packages: ['cmake'] } })
  for (const [options, named] of [
    [repos, /repos = copr:\/\/acme\/deps\. .*\/coprs\/ann\/hello\/edit\/, or make packit an admin/],
    [packages, /additional_packages = cmake/],
  ] as const)
    await assert.rejects(world.builder.startBuild({ ...build, id: ++lastId, options }), (error) => {
      assert.ok(error instanceof ConfigError)
      assert.match(error.message, named)
      return true
    })
  assert.equal(world.copr.asked.filter((line) => line.includes('/permissions/request/')).length, 1)
  assert.equal(project.permissions.get('packit')?.admin, 'request')

  project.permissions.set('packit', { admin: 'approved', builder: 'approved' })
  await world.builder.startBuild({ ...build, options: repos })
  assert.deepEqual(project.settings.additional_repos, ['copr://acme/deps'])
})

test('a chroot that came meanwhile and is built for is no obstacle: the project is looked at anew', async () => {
  await using world = await open()
  const { copr } = world
  const arm = 'fedora-45-aarch64'
  await world.builder.startBuild({ ...build, id: ++lastId, chroots: [arm] })
  const { chroots } = copr.project('packit', 'acme-hello-1')
  const settings = chroots.get(arm)
  assert.ok(settings)
  copr.onRequest = (line) => {
    if (line.startsWith('GET /api_3/project/?')) chroots.delete(arm)
    if (!line.startsWith('PUT')) return
    copr.onRequest = undefined
    chroots.set(arm, settings)
  }
  copr.asked.length = 0
  await world.builder.startBuild({ ...build, id: ++lastId })

  assert.deepEqual([...chroots.keys()].sort(), [EPEL, arm, FEDORA])
  assert.equal(copr.asked.filter((line) => line.startsWith('PUT /api_3/project/edit/')).length, 2)
})

test('projects of a group are made for it, with pages of their own', async () => {
  await using world = await open({ owner: '@packagers' })
  world.copr.addGroup('packagers', ['packit'])
  const started = await world.builder.startBuild(build)
  assert.equal(started.place?.owner, '@packagers')
  assert.ok(world.copr.project('@packagers', 'acme-hello-1'))

  const options = withOptions({ project: 'other' })
  world.copr.addProject('@packagers', 'other', { chroots: [FEDORA, EPEL] })
  await assert.rejects(
    world.builder.startBuild({ ...build, id: ++lastId, options }),
    /does not let github.com\/acme\/hello in: .*\/coprs\/g\/packagers\/other\/edit\//,
  )
})
