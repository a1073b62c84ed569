import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readBuildOptions } from '../../domain/build-options.ts'
import { DEFAULTS } from '../../domain/package-config/options.ts'
import type { PackageOptions } from '../../domain/package-config/types.ts'
import type { Limits } from '../../sandbox/sandbox.ts'
import { openFolderStorage } from '../../storage/folder.ts'
import { testBuilder, waitFor } from '../builder.contract.ts'
import { mockArguments } from './arguments.ts'
import { makeRpm } from './fake/make-rpm.ts'
import { createMockBuilder } from './mock-builder.ts'
import { readRpmHeader } from './rpm-header.ts'

const LIMITS: Limits = { timeMs: 60_000, memoryBytes: 2 ** 30, processes: 64, diskBytes: 2 ** 26, logBytes: 2 ** 20 }
const FEDORA = 'fedora-45-x86_64'

const dir = mkdtempSync(join(tmpdir(), 'packit-mock-'))
after(() => rmSync(dir, { recursive: true }))
const configDir = join(dir, 'etc')
mkdirSync(configDir)
for (const name of [FEDORA, 'epel-10-x86_64', 'fedora-45-aarch64']) writeFileSync(join(configDir, `${name}.cfg`), '')
writeFileSync(join(configDir, 'site-defaults.cfg'), '')
const storage = openFolderStorage(join(dir, 'storage'))
const command = [process.execPath, join(import.meta.dirname, 'fake/mock.ts'), configDir]
const builder = createMockBuilder({ ...{ storage, limits: LIMITS, command, configDir }, arch: 'x86_64', parallel: 2 })
let lastId = 0

/** An SRPM that the stand-in understands. */
async function store(kind: string): Promise<string> {
  const key = `srpms/${kind}/hello-1.0-1.src.rpm`
  await storage.put(key, kind)
  return key
}

testBuilder('mock', () => ({ builder, storage, store, nextId: () => ++lastId }))

async function build(kind: string) {
  const wanted = { id: ++lastId, srpm: await store(kind), chroots: [FEDORA], project: 'acme-hello-1' }
  const { buildId } = await builder.startBuild(wanted)
  const [target] = await waitFor(builder, buildId, ({ endedAt }) => endedAt !== undefined)
  assert.ok(target)
  return target
}

test('it builds for what mock is configured for here, in the architecture of this machine', async () => {
  assert.deepEqual((await builder.findChroots()).sort(), ['epel-10-x86_64', FEDORA])
})

test('a build dependency that nobody has is a failure of the change, with the log of the root', async () => {
  const target = await build('lacking')
  assert.equal(target.state, 'failure')
  const log = await storage.range(target.log ?? '', 0, 10_000)
  assert.match(log?.data.toString() ?? '', /No matching package to install: 'libmissing-devel'/)
})

test('what mock itself could not do is an error of ours', async () => {
  const target = await build('locked')
  assert.equal(target.state, 'error')
  assert.match(target.reason ?? '', /in use by another build/)
})

test('a build over its time limit is a failure with that reason', async () => {
  assert.deepEqual(
    { ...(await build('slow')), startedAt: 0, endedAt: 0, log: '' },
    {
      ...{ chroot: FEDORA, state: 'failure', reason: 'it took longer than the time limit', end: 'timed-out' },
      ...{ startedAt: 0, endedAt: 0, log: '' },
    },
  )
})

test('a mock that is not there is an error that says so', async () => {
  const none = createMockBuilder({
    ...{ storage, limits: LIMITS, configDir, arch: 'x86_64', parallel: 1 },
    command: [join(dir, 'no-mock')],
  })
  const { buildId } = await none.startBuild({ id: 1, srpm: await store('good'), chroots: [FEDORA], project: 'x' })
  const [target] = await waitFor(none, buildId, ({ endedAt }) => endedAt !== undefined)
  assert.equal(target?.state, 'error')
  assert.match(target.reason ?? '', /mock can't be run: .*ENOENT/)
})

test('settings of the configuration become options of mock, and none can become another option', () => {
  const options = readBuildOptions(
    {
      ...DEFAULTS,
      ...{ timeout: 30, enable_net: true, bootstrap: 'off', additional_packages: ['--rootdir=/'] },
      additional_repos: ['https://example.org/repo', 'copr://acme/deps', '-r evil'],
    } as unknown as PackageOptions,
    { [FEDORA]: { with_opts: ['tests'] } },
  )
  const call = { srpm: '/s.src.rpm', chroot: FEDORA, resultDir: '/r', rootName: 'packit-1', limits: LIMITS, options }
  assert.deepEqual(mockArguments(call).slice(10), [
    ...['--rpmbuild_timeout=30', '--cleanup-after', '--no-bootstrap-chroot', '--enable-network'],
    ...['--addrepo=https://example.org/repo', '--additional-package=--rootdir=/', '--with=tests'],
  ])
})

test('the header of a package is read as rpm reads it, and what is none is refused', async () => {
  const path = join(dir, 'x.rpm')
  const of = { name: 'hello', version: '1.0', release: '1', arch: 'noarch', epoch: 3 }
  writeFileSync(path, makeRpm(of))
  assert.deepEqual(await readRpmHeader(path), of)
  writeFileSync(path, makeRpm({ ...of, isSource: true }))
  assert.equal((await readRpmHeader(path))?.arch, 'src')
  writeFileSync(path, 'no package')
  assert.equal(await readRpmHeader(path), undefined)
  writeFileSync(path, makeRpm(of).subarray(0, 150))
  assert.equal(await readRpmHeader(path), undefined)
})
