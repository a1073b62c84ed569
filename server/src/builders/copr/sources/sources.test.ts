import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { readBuildOptions } from '../../../domain/build-options.ts'
import { ConfigError } from '../../../domain/errors.ts'
import { DEFAULTS } from '../../../domain/package-config/options.ts'
import type { PackageOptions } from '../../../domain/package-config/types.ts'
import { openFolderStorage } from '../../../storage/folder.ts'
import type { SourcesToBuild } from '../../builder.ts'
import { type CoprBuilderOptions, createCoprBuilder } from '../copr-builder.ts'
import { FakeCopr, type FakeCoprOptions } from '../fake/fake-copr.ts'
import { timedPace } from '../fake/paces.ts'
import { MOST_SCRIPT } from './script.ts'

const FEDORA = 'fedora-45-x86_64'
const dir = mkdtempSync(join(tmpdir(), 'packit-copr-sources-'))
const storage = openFolderStorage(dir)
after(() => rmSync(dir, { recursive: true }))
let lastId = 0

async function open(options: FakeCoprOptions = {}, more: Partial<CoprBuilderOptions> = {}) {
  const copr = await FakeCopr.start(options)
  const builder = createCoprBuilder({ ...copr.settings, storage, keepDays: 60, mostLogBytes: 2 ** 20, ...more })
  const { sources } = builder
  assert.ok(sources)
  return { copr, builder, sources, [Symbol.asyncDispose]: () => copr[Symbol.asyncDispose]() }
}

let build: SourcesToBuild
let into: { log: string; folder: string }
beforeEach(() => {
  lastId += 1
  const options = { ...DEFAULTS, srpm_build_deps: ['make'], specfile_path: 'hello.spec' } as PackageOptions
  build = {
    ...{ id: lastId, chroots: [FEDORA], project: 'acme-hello-1', forgeProject: 'github.com/acme/hello' },
    folder: {
      key: `repos/hello/runs/${lastId}/srpm`,
      url: `https://packit.example.org/repos/hello/runs/${lastId}/srpm`,
    },
    input: {
      ...{ baseUrl: 'https://github.com/acme/hello', headUrl: 'https://github.com/ann/hello', headRef: 'change' },
      ...{ headSha: 'a'.repeat(40), baseSha: 'b'.repeat(40), baseRef: 'main', on: 'pull_request', number: 1 },
      ...{ package: 'hello', options, createdAt: '2026-01-02T03:04:05Z', merge: true },
    },
  }
  into = { log: `srpm/${lastId}/build.log`, folder: build.folder.key }
})

test('Copr is given a short script that names one stored file and its hash, and the packages to install', async () => {
  await using world = await open()
  await world.sources.start(build)

  const [made] = world.copr.builds
  const { script, chroot, builddeps } = made?.sourceDict ?? {}
  assert.deepEqual(
    [made?.method, chroot, builddeps],
    ['custom', 'fedora-latest-x86_64', 'nodejs git-core rpm-build make'],
  )
  assert.deepEqual(
    made?.chroots.map(({ name }) => name),
    [FEDORA],
  )
  assert.equal(made?.options.packit_forge_project, 'github.com/acme/hello')
  assert.ok(String(script).length <= MOST_SCRIPT)
  const [file = ''] = await storage.list(build.folder.key)
  assert.ok(String(script).includes(`${build.folder.url}/${file.split('/').at(-1)}`))
})

test('however often it is asked for, and whatever answers are lost, there is one build', async () => {
  await using world = await open()
  world.copr.faults.add({ kind: 'drop-after', path: '/build/create/custom', times: 1 })
  const [first, second] = await Promise.all([world.sources.start(build), world.sources.start(build)])
  // another process knows nothing of what this one asked
  const other = createCoprBuilder({ ...world.copr.settings, storage, keepDays: 60, mostLogBytes: 2 ** 20 })
  const third = await other.sources?.start(build)

  assert.deepEqual([second, third], [first, first])
  assert.equal(world.copr.builds.length, 1)
  assert.notDeepEqual(await world.sources.start({ ...build, id: 1_000_000 }), first)
})

test('what a configuration asks to install is never taken for the mark of another build', async () => {
  await using world = await open()
  const srpm = 'srpms/hello-1.0-1.src.rpm'
  await storage.put(srpm, 'an SRPM')
  const victim = await world.sources.start(build)
  const mark = String(world.copr.builds[0]?.sourceDict.script).split('\n')[1]?.slice(2) ?? ''
  assert.match(mark, /^packit-sources-/)
  const srpm_build_deps = ['hello-1.0-1.packit-77.src.rpm', mark]
  const options = { ...DEFAULTS, srpm_build_deps, specfile_path: 'hello.spec' } as PackageOptions
  const hostile = await world.sources.start({ ...build, id: 76, input: { ...build.input, options } })

  assert.notDeepEqual(await world.builder.startBuild({ ...build, id: 77, srpm }), hostile)
  assert.deepEqual(await world.sources.start(build), victim)
})

test('an upload with the same id is another build', async () => {
  await using world = await open()
  await storage.put('srpms/hello-1.0-1.src.rpm', 'an SRPM')
  const sources = await world.sources.start(build)
  const upload = await world.builder.startBuild({ ...build, srpm: 'srpms/hello-1.0-1.src.rpm' })
  assert.notEqual(upload.buildId, sources.buildId)
})

test('a step is followed from waiting to its end, when log and SRPM are in storage', async () => {
  await using world = await open()
  const { buildId } = await world.sources.start(build)
  const states = [(await world.sources.find(buildId, into))?.state]
  world.copr.progress.startSource(world.copr.build(buildId))
  const running = await world.sources.find(buildId, into)
  states.push(running?.state)
  world.copr.endSource(buildId, 'succeeded', 'Wrote: hello\n')
  const ended = await world.sources.find(buildId, into)

  assert.deepEqual([...states, ended?.state], ['pending', 'running', 'success'])
  assert.match(running?.logsUrl ?? '', /\/srpm-builds\/\d{8}\/builder-live\.log$/)
  assert.deepEqual(ended?.srpm, { key: `${into.folder}/hello-1.0-1.src.rpm`, nvr: 'hello-1.0-1' })
  assert.equal((await storage.range(into.log, 0, 100))?.data.toString(), 'Wrote: hello\n')
  assert.equal((await storage.range(ended?.srpm?.key ?? '', 0, 100))?.data.toString(), 'a source package')
})

test('a step that fails has its log, one that is cancelled is cancelled, and one that is removed is unknown', async () => {
  await using world = await open()
  const failed = await world.sources.start(build)
  world.copr.endSource(failed.buildId, 'failed', 'no\n')
  const canceled = await world.sources.start({ ...build, id: ++lastId })
  world.copr.cancel(canceled.buildId)

  const found = await world.sources.find(failed.buildId, into)
  assert.deepEqual([found?.state, found?.hasLog], ['failure', true])
  assert.equal((await world.sources.find(canceled.buildId, into))?.state, 'canceled')
  assert.equal(await world.sources.find('999', into), undefined)
})

test('a step that failed before it had a place for its results has failed, though Copr stumbles over it', async () => {
  await using world = await open()
  const { buildId } = await world.sources.start(build)
  world.copr.endSource(buildId, 'failed')
  world.copr.faults.add({ kind: 'internal-error', path: `/build/source-chroot/${buildId}`, times: 1 })
  const found = await world.sources.find(buildId, into)
  assert.deepEqual([found?.state, found?.hasLog], ['failure', undefined])
})

test('an SRPM that is too large is none that we keep', async () => {
  await using world = await open({}, { mostSrpmBytes: 5 })
  const { buildId } = await world.sources.start(build)
  world.copr.endSource(buildId, 'succeeded')
  const found = await world.sources.find(buildId, into)
  assert.deepEqual([found?.state, found?.srpm], ['error', undefined])
  assert.match(found?.reason ?? '', /PACKIT_BUILD_DISK/)
})

test('the chroots of such a build are built as those of any other', async () => {
  await using world = await open({ pace: timedPace() })
  const { buildId } = await world.sources.start(build)
  const wait = async (): Promise<void> => {
    const [target] = (await world.builder.findTargets(buildId)) ?? []
    if (target?.state !== 'success') await new Promise((resolve) => setTimeout(resolve, 10)).then(wait)
  }
  await wait()
  assert.equal((await world.sources.find(buildId, into))?.state, 'success')
})

test('a project of the packager’s choice that does not let the repository in is for the packager to mend', async () => {
  await using world = await open()
  world.copr.addProject('ann', 'mine', { chroots: [FEDORA] })
  const options = { ...DEFAULTS, owner: 'ann', project: 'mine' } as PackageOptions
  await assert.rejects(world.sources.start({ ...build, options: readBuildOptions(options) }), ConfigError)
  assert.equal(world.copr.builds.length, 0)
})
