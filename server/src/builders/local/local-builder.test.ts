import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { HELLO_SPEC, packSpec, specOf } from '../../../test/rpm.ts'
import { createSandbox } from '../../sandbox/bubblewrap.ts'
import type { Limits } from '../../sandbox/sandbox.ts'
import { openFolderStorage } from '../../storage/folder.ts'
import { testBuilder, waitFor } from '../builder.contract.ts'
import { createLocalBuilder } from './local-builder.ts'

const LIMITS: Limits = { timeMs: 60_000, memoryBytes: 2 ** 30, processes: 64, diskBytes: 2 ** 26, logBytes: 2 ** 20 }
const HOST = 'host-test-1-x86_64'
const SPECS = {
  good: HELLO_SPEC,
  failing: specOf({ build: 'echo "the build breaks here"; exit 1' }),
  endless: specOf({ build: 'echo begun; sleep 600' }),
}

const dir = mkdtempSync(join(tmpdir(), 'packit-local-'))
const storage = openFolderStorage(join(dir, 'storage'))
const sandbox = createSandbox({ parallel: 2 })
const builder = createLocalBuilder({ sandbox, storage, limits: LIMITS, hostChroot: HOST })
let lastId = 0
const stored = new Map<string, Promise<string>>()

after(async () => {
  await sandbox.close()
  rmSync(dir, { recursive: true })
})

/** Packs a spec file once and stores it; gives the key. */
function store(spec: string): Promise<string> {
  const known = stored.get(spec)
  if (known) return known
  const key = `srpms/${stored.size}/hello-1.0-1.src.rpm`
  const storing = packSpec(sandbox, spec).then(async (path) => {
    await storage.putFile(key, path)
    rmSync(dirname(path), { recursive: true })
    return key
  })
  stored.set(spec, storing)
  return storing
}

testBuilder('the local builder', () => ({
  builder,
  storage,
  nextId: () => ++lastId,
  store: (kind) => store(SPECS[kind]),
}))

/** Builds a spec file with the local builder, until its target has ended. */
async function build(spec: string, limits: Partial<Limits> = {}) {
  const limited = createLocalBuilder({ sandbox, storage, limits: { ...LIMITS, ...limits }, hostChroot: HOST })
  const id = ++lastId
  const { buildId } = await limited.startBuild({
    id,
    srpm: await store(spec),
    chroots: [HOST],
    project: 'acme-hello-1',
  })
  const [target] = await waitFor(limited, buildId, ({ endedAt }) => endedAt !== undefined)
  assert.ok(target)
  const log = (await storage.range(`builds/${id}/${HOST}/build.log`, 0, 1_000_000))?.data.toString() ?? ''
  return { ...target, log, id }
}

test('log and packages lie under the build and chroot, and nothing else does', async () => {
  const { id, files, log } = await build(HELLO_SPEC)

  assert.deepEqual(await storage.list(`builds/${id}`), [`builds/${id}/${HOST}/build.log`, ...(files ?? [])])
  assert.match(files?.[0] ?? '', /^builds\/\d+\/host-test-1-x86_64\/hello-1\.0-1\.[\w]+\.rpm$/)
  assert.match(log, /Build dependencies were not checked|Installing/)
})

test('where no package database is, the first line of the log says that dependencies were not checked', async () => {
  const { log, state } = await build(specOf({ header: 'BuildRequires: something-that-nobody-has' }))
  const [first = ''] = log.split('\n')

  if (first.startsWith('Build dependencies were not checked: ')) assert.equal(state, 'success')
  else assert.match(log, /something-that-nobody-has is needed by/)
})

test('a spec file that leaves release and changelog to macros of Fedora is built where rpm does not know them', async () => {
  const spec = specOf({ rest: '%files\n%changelog\n%autochangelog' }).replace(
    'Release: 1',
    'Release: %autorelease -b 1',
  )
  const { state, packages, log } = await build(spec)

  assert.equal(state, 'success', log)
  assert.match(packages?.[0]?.release ?? '', /^1/)
})

test('a program that this machine lacks is an error of the machine', async () => {
  const { state, reason } = await build(specOf({ build: 'no-such-program --build' }))

  assert.deepEqual([state, reason], ['error', 'this machine lacks the program no-such-program'])
})

test('a build over its time limit is a failure with that reason', async () => {
  const { state, reason, end, log } = await build(SPECS.endless, { timeMs: 2_500 })

  assert.deepEqual([state, reason, end], ['failure', 'it took longer than the time limit', 'timed-out'])
  assert.match(log, /packit: ended: the time limit of 2.5 s was reached\n$/)
})

test('a build that fills its work tree is a failure with that reason', async () => {
  const { state, reason, end } = await build(specOf({ build: 'cat /dev/zero > fill' }), { diskBytes: 2 ** 23 })

  assert.deepEqual([state, reason, end], ['failure', 'the work tree is full', 'disk-full'])
})

test('lines of a log are in storage while the build runs', async () => {
  const sizes: number[] = []
  const onLog = (_id: string, _chroot: string, bytes: number) => void sizes.push(bytes)
  const telling = createLocalBuilder({ sandbox, storage, limits: LIMITS, hostChroot: HOST, onLog })
  const id = ++lastId
  const srpm = await store(SPECS.endless)
  const { buildId } = await telling.startBuild({ id, srpm, chroots: [HOST], project: 'acme-hello-1' })
  const log = async () => (await storage.range(`builds/${id}/${HOST}/build.log`, 0, 100_000))?.data.toString() ?? ''
  while (!(await log()).includes('\nbegun\n')) await new Promise((resolve) => setTimeout(resolve, 20))
  const [target] = (await telling.findTargets(buildId)) ?? []
  await telling.cancelBuild(buildId)

  assert.equal(target?.state, 'running')
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => a - b),
  )
  assert.equal(sizes.at(-1), Buffer.byteLength(await log()))
})

test('what an earlier process left of the same build is replaced', async () => {
  const key = `builds/${lastId + 1}/${HOST}`
  await storage.put(`${key}/build.log`, 'old')
  await storage.put(`${key}/old.rpm`, 'old')
  const { log } = await build(HELLO_SPEC)

  assert.doesNotMatch(log, /old/)
  assert.equal(
    (await storage.list(key)).some((name) => name.endsWith('old.rpm')),
    false,
  )
})
