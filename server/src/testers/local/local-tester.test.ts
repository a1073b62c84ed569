import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { HELLO_SPEC, packSpec } from '../../../test/rpm.ts'
import { hasEnded } from '../../domain/status.ts'
import { createSandbox } from '../../sandbox/bubblewrap.ts'
import { openFolderStorage } from '../../storage/folder.ts'
import { testTester } from '../tester.contract.ts'
import type { FoundTest, Tester, TestToRun } from '../tester.ts'
import { examinePackages } from './examine.ts'
import { createLocalTester } from './local-tester.ts'
import { buildPackages, LIMITS, packageOf } from './test-packages.ts'

const HOST = 'host-test-1-x86_64'
const SPECS = {
  good: HELLO_SPEC,
  failing: packageOf({ file: '/usr/local/share/greeting' }),
  endless: packageOf({ scriptlet: ['%post -p <lua>', 'while true do end'] }),
  needy: packageOf({ name: 'needy', requires: 'libfoo >= 2', scriptlet: ['%post', 'echo hello'] }),
  dependent: packageOf({ name: 'dependent', requires: 'needy', file: '/usr/share/d' }),
  greeting: packageOf({}),
  twin: packageOf({ name: 'twin', text: 'hi' }),
  broken: packageOf({ scriptlet: ['%pre -p <lua>', 'error("it breaks here")'] }),
} as const
type Kind = keyof typeof SPECS

const dir = mkdtempSync(join(tmpdir(), 'packit-local-tester-'))
const storage = openFolderStorage(join(dir, 'storage'))
const sandbox = createSandbox({ parallel: 2 })
const options = { sandbox, storage, limits: LIMITS, hostChroot: HOST }
const tester = createLocalTester(options)
const paths = new Map<string, string>()
let lastId = 0

before(async () => {
  // several have the same name: each is known by its kind
  const kinds = Object.keys(SPECS) as Kind[]
  const built = await buildPackages(sandbox, Object.values(SPECS))
  built.forEach(({ path }, i) => {
    paths.set(kinds[i] ?? '', path)
  })
})
after(async () => {
  await sandbox.close()
  rmSync(dir, { recursive: true })
})

const rpm = (kind: Kind) => ({ name: `${kind}.rpm`, path: paths.get(kind) ?? assert.fail() })

async function toRun(...kinds: Kind[]): Promise<TestToRun> {
  const id = ++lastId
  const files = await Promise.all(
    kinds.map(async (kind) => {
      const key = `builds/${id}/${HOST}/${kind}.rpm`
      await storage.putFile(key, rpm(kind).path)
      return key
    }),
  )
  return {
    ...{ id, target: HOST, plans: null, context: {}, variables: {}, secrets: {}, postInstallScript: null, extra: {} },
    ...{ isInternal: false, timeoutMinutes: null, notification: null, createdAt: new Date(0) },
    builds: [{ builder: 'local', buildId: String(id), chroot: HOST, packages: [], files }],
  }
}

testTester('the local tester', async () => ({ tester, target: HOST, test: (kind) => toRun(kind) }))

async function endOf(asked: Tester, run: TestToRun): Promise<FoundTest | undefined> {
  const { promise, resolve } = Promise.withResolvers<FoundTest>()
  const requestId = await asked.startTest(run)
  const look = async () => {
    const found = await asked.findTest(requestId, { isInternal: false })
    if (found && hasEnded(found.state)) resolve(found)
  }
  const stop = asked.onChange((id) => void (id === requestId && look()))
  await look()
  return promise.finally(stop)
}

async function examine(...kinds: Kind[]) {
  const log: Buffer[] = []
  const verdict = await examinePackages(
    { sandbox, limits: LIMITS },
    { rpms: kinds.map(rpm), onLog: (chunk) => log.push(chunk) },
  )
  const installation = verdict.results.filter(({ suite }) => suite === 'installation')
  const said = installation.map(({ name, result, message }) => `${name}: ${result}: ${message ?? ''}`)
  return { ...verdict, said, log: Buffer.concat(log).toString() }
}

test('a package that installs passes, each finding of rpmlint has its place, and the log has both', async () => {
  const { state, said, results, log } = await examine('good')

  assert.equal(state, 'success', log)
  assert.deepEqual(said, ['hello-1.0-1.x86_64: passed: Installed from the repository into an empty root.'])
  const finding = results.find(({ name }) => name === 'statically-linked-binary')
  assert.deepEqual([finding?.result, finding?.place], ['info', { path: '/usr/bin/hello', line: null }])
  assert.ok(results.some(({ suite, name, result }) => suite === 'rpmlint' && name === 'rpmlint' && result === 'passed'))
  assert.match(log, /rpmlint: 2\.[\s\S]*Installing {2}.*hello-1\.0-1/)
})

test('an error of rpmlint is a failure, with the file it is about', async () => {
  const { state, results } = await examine('failing')
  const failed = results.filter(({ result }) => result === 'failed')

  assert.equal(state, 'failure')
  assert.ok(
    failed.some(({ place }) => place?.path === '/usr/local/share/greeting'),
    JSON.stringify(failed),
  )
})

test('the spec file of the source package is looked at too, each finding at its line', async () => {
  const spec = `${SPECS.greeting}\n# %configure\n`
  const line = spec.split('\n').indexOf('# %configure') + 1
  const path = await packSpec(sandbox, spec)
  const { results, state } = await examinePackages(
    { sandbox, limits: LIMITS },
    { rpms: [rpm('greeting')], srpms: [{ name: 'hello-1.0-1.src.rpm', path }], onLog: () => {} },
  )
  rmSync(dirname(path), { recursive: true })

  assert.equal(state, 'success', JSON.stringify(results))
  const found = results.filter(({ name }) => name === 'macro-in-comment')
  assert.deepEqual(
    found.map(({ result, place }) => [result, place]),
    [['info', { path: 'hello.spec', line }]],
  )
})

test('what a package needs and no repository here has is named, also through another; that is no failure', async () => {
  const { state, reason, said } = await examine('needy', 'dependent')

  assert.equal(state, 'skipped')
  assert.match(reason ?? '', /^No package could be tried: needy-1\.0-1\.noarch needs .*which no repository here has\.$/)
  assert.match(said.find((line) => line.startsWith('needy')) ?? '', /: skipped: .*libfoo >= 2/)
  assert.match(said.find((line) => line.startsWith('dependent')) ?? '', /: skipped: .* needs needy/)
})

test('what can be installed is, beside what cannot', async () => {
  const { state, said } = await examine('greeting', 'needy')

  assert.equal(state, 'success')
  assert.match(said.join('\n'), /hello-1\.0-1\.noarch: passed[\s\S]*needy-1\.0-1\.noarch: skipped/)
})

test('files that two packages have, and differ in, are a failure that names them', async () => {
  const { state, results } = await examine('greeting', 'twin')
  const conflict = results.find(({ name }) => name === 'file conflict')

  assert.equal(state, 'failure')
  assert.deepEqual(conflict?.place, { path: '/usr/share/hello/greeting', line: null })
  assert.match(conflict?.message ?? '', /hello-1\.0-1\.noarch and twin-1\.0-1\.noarch|twin.* and hello/)
})

test('a scriptlet that fails is a failure of its package', async () => {
  const { state, said, log } = await examine('broken')

  assert.equal(state, 'failure', log)
  assert.match(said[0] ?? '', /: failed: .*scriptlet/s)
})

test('a package over the limits, of this machine or of its job alone, is a failure with that reason', async () => {
  const limited = createLocalTester({ ...options, limits: { ...LIMITS, timeMs: 4_000 } })
  const both = await Promise.all([
    endOf(limited, await toRun('endless')),
    endOf(tester, { ...(await toRun('endless')), timeoutMinutes: 4 / 60 }),
  ])

  for (const found of both)
    assert.deepEqual(
      [found?.state, found?.reason],
      ['failure', 'Installing the packages took longer than the time limit.'],
    )
})

test('names that no build hands out are refused, and no packages at all are nothing to try', async () => {
  const nothing = await examinePackages({ sandbox, limits: LIMITS }, { rpms: [], onLog: () => {} })
  const strange = { name: '--root=x.rpm', path: '/dev/null' }

  assert.equal(nothing.state, 'skipped')
  await assert.rejects(examinePackages({ sandbox, limits: LIMITS }, { rpms: [strange], onLog: () => {} }), RangeError)
})

test('what cannot be tried here is said, with what is done instead', async () => {
  const asked = { target: HOST, isInternal: false, hasPlans: false }

  assert.match(
    (await tester.findProblem({ ...asked, hasPlans: true })) ?? '',
    /own test plans.*Testing Farm.*rpmlint instead/,
  )
  assert.match(
    (await tester.findProblem({ ...asked, target: 'fedora-45-x86_64' })) ?? '',
    /fedora-45-x86_64.*Testing Farm/,
  )
  assert.match((await tester.findProblem({ ...asked, isInternal: true })) ?? '', /internal Testing Farm/)
})

test('the same submission twice is one test, and another process begins it anew', async () => {
  const run = await toRun('greeting')
  const ids = await Promise.all([tester.startTest(run), tester.startTest(run)])
  const other = createLocalTester(options)

  assert.equal(ids[0], ids[1])
  assert.match(ids[0], /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal(await other.findTest(ids[0], { isInternal: false }), undefined)
  await tester.cancelTest(ids[0], { isInternal: false })
})
