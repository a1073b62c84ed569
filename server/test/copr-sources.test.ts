// SRPMs that Copr makes itself, for projects that need the network: from the webhook to install lines, or to the cause.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { FakeCopr } from '../src/builders/copr/fake/fake-copr.ts'
import { realPace } from '../src/builders/copr/fake/real-builds.ts'
import { hostChroot } from '../src/builders/local/host-chroot.ts'
import { settleSource } from '../src/builds/settle-source.ts'
import { lockBackend, writeBackend } from '../src/db/backends.ts'
import { query } from '../src/db/database.ts'
import { showSourceResult } from '../src/domain/srpm/source-result.ts'
import { TestRepository } from '../src/git/test-repository.ts'
import { serveGit, type TestGitServer } from '../src/git/test-server.ts'
import { hintBuild } from '../src/jobs/hint-build.ts'
import { createSandbox } from '../src/sandbox/bubblewrap.ts'
import type { Limits } from '../src/sandbox/sandbox.ts'
import { openFolderStorage } from '../src/storage/folder.ts'
import { specOf } from './rpm.ts'
import { createWorld, type World } from './world.ts'

const ARCH = hostChroot('', process.arch).split('-').at(-1) ?? ''
const CHROOT = `fedora-45-${ARCH}`
const LIMITS: Limits = { timeMs: 60_000, memoryBytes: 2 ** 30, processes: 64, diskBytes: 2 ** 26, logBytes: 2 ** 20 }

/** Sources that are made of something on the network, and two builds of them. */
const configWith = (address: string) => `specfile_path: hello.spec
upstream_package_name: hello
srpm_build_deps: [make]
actions:
  create-archive:
  - sh -c 'mkdir hello-1.0 && curl -fsS ${address} -o hello-1.0/words && tar -czf hello-1.0.tar.gz hello-1.0'
  - echo hello-1.0.tar.gz
jobs:
- {job: copr_build, trigger: pull_request, targets: [${CHROOT}]}
- {job: copr_build, trigger: pull_request, targets: [${CHROOT}], identifier: again}
`

const SPEC = specOf({
  header: 'Source0: hello-%{version}.tar.gz\nBuildArch: noarch',
  install:
    'tar -xzf %{SOURCE0}\nmkdir -p %{buildroot}/usr/share\ninstall -m 644 hello-1.0/words %{buildroot}/usr/share/words',
  rest: '%files\n/usr/share/words',
})

interface Srpm {
  status: string
  builder: string
  nvr: string | null
  url: string | null
  logs: string | null
  logs_url: string | null
  log: string | null
  copr_build_id: string | null
  copr_web_url: string | null
  reason: string | null
  cause: { summary: string } | null
}

interface Detail {
  event_id: number
  state: string
  reason: string | null
  install: string[]
  steps: { kind: string; id: number; reason: string | null }[]
  checks: { title: string }[]
}

/** A service that a Copr can reach, with repositories that it can fetch. */
async function open(copr: FakeCopr) {
  const port = await findPort()
  const world = await createWorld({
    copr,
    env: {
      PACKIT_POLL_INTERVAL: '1s',
      PACKIT_GIT_ALLOW: 'http://127.0.0.1',
      PACKIT_PUBLIC_URL: `http://127.0.0.1:${port}`,
    },
  })
  await world.http.listen({ port, host: '127.0.0.1' })
  return world
}

/** The address that the service is known by is settled before it listens. */
async function findPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function openPullRequest(world: World, git: TestGitServer, repository: TestRepository, number: number) {
  const url = `http://127.0.0.1:${git.port}/hello/.git`
  const base = { ref: 'main', sha: repository.git('rev-parse', 'main') }
  repository.git('checkout', '--quiet', '-b', `change-${number}`, 'main')
  const sha = await repository.commit({ NEWS: `change ${number}\n` })
  const pr = { number, repository, base, head: { ref: `change-${number}`, sha } }
  const body = { repository: { url, forge: 'localhost', namespace: 'acme', name: 'hello' } }
  const told = await world.tell(pr, 'opened', { body })
  assert.equal(told.statusCode, 202, told.body)
}

async function detail(world: World, index = 0): Promise<Detail> {
  const runs = await world.runs()
  return world.get<Detail>(`/api/runs/merged/${runs[index]?.merged_run_id}`)
}

async function srpmOf(world: World, index = 0): Promise<Srpm> {
  return world.get<Srpm>(`/api/srpm-builds/${(await world.runs())[index]?.srpm?.packit_id}`)
}

/** Waits for a state that follows from polls: nothing tells when it is there. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50)
}

test('sources that need the network are made in Copr, and all builds of the run are made of that one SRPM', async () => {
  await using things = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'packit-copr-sources-'))
  things.defer(() => rm(dir, { recursive: true, force: true }))
  const sandbox = createSandbox({ parallel: 2 })
  things.defer(() => sandbox.close())
  const words = http.createServer((_request, response) => void response.end('words of the network\n'))
  await new Promise<void>((resolve) => words.listen(0, '127.0.0.1', resolve))
  things.defer(() => void words.close())
  const storage = openFolderStorage(join(dir, 'copr'))
  const pace = realPace({ sandbox, limits: LIMITS, storage, arch: ARCH })
  const copr = things.use(await FakeCopr.start({ pace, storage, chroots: [CHROOT] }))
  const git = things.use(await serveGit(join(dir, 'git')))
  const world = things.use(await open(copr))
  const repository = await TestRepository.create(join(dir, 'git/hello'))
  const address = `http://127.0.0.1:${(words.address() as AddressInfo).port}/words`
  await repository.commit({ '.packit.yaml': configWith(address), 'hello.spec': SPEC })
  await openPullRequest(world, git, repository, 1)
  await until(async () => {
    const [run] = await world.runs()
    return run !== undefined && run.state !== 'pending' && run.state !== 'running'
  })
  await world.settle()

  const srpm = await srpmOf(world)
  const run = await detail(world)
  assert.equal(run.state, 'success', `${run.reason}\n${srpm.logs}`)
  const [made, uploaded, ...others] = copr.builds
  assert.deepEqual([made?.method, uploaded?.method, others.length], ['custom', 'upload', 0])
  assert.deepEqual(made?.sourceDict.builddeps, 'nodejs git-core rpm-build make')
  assert.match(srpm.nvr ?? '', /^hello-1\.0-1\.\d+\.pr\.?1$/)
  assert.deepEqual(
    [srpm.status, srpm.builder, srpm.copr_build_id, srpm.copr_web_url],
    ['success', 'copr', String(made?.id), `${copr.url}/coprs/build/${made?.id}/`],
  )
  assert.match(srpm.logs ?? '', /==> Action create-archive/)
  assert.match(srpm.logs_url ?? '', /\/srpm-builds\/\d+\/builder-live\.log/)
  const kept = Buffer.from(await (await fetch(srpm.url ?? '')).arrayBuffer())
  assert.ok(made?.srpm?.data.equals(kept))
  assert.ok(uploaded?.srpm?.data.equals(kept))
  const install = run.install.filter((line) => line.includes('dnf install'))
  assert.deepEqual(install, [`sudo dnf install ${srpm.nvr}`, `sudo dnf install ${srpm.nvr}`])
  assert.deepEqual(world.srpms.made, [])

  // jobs come twice, and late: nothing changes, and nothing is begun once more
  const { builds } = world.service
  const srpmBuildId = run.steps.find(({ kind }) => kind === 'srpm')?.id ?? 0
  await settleSource({ srpmBuildId, poll: true }, builds)
  await world.service.queue.add(world.service.database.db, 'build-srpm', { srpmBuildId })
  await world.settle()
  assert.equal(copr.builds.length, 2)
  assert.deepEqual(await srpmOf(world), srpm)
})

test('what goes wrong with sources in Copr is told as if they were made here', async (t) => {
  await using things = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'packit-copr-sources-'))
  things.defer(() => rm(dir, { recursive: true, force: true }))
  const copr = things.use(await FakeCopr.start({ chroots: [CHROOT] }))
  const git = things.use(await serveGit(join(dir, 'git')))
  const world = things.use(await open(copr))
  const repository = await TestRepository.create(join(dir, 'git/hello'))
  await repository.commit({ '.packit.yaml': configWith('http://127.0.0.1:9/words'), 'hello.spec': SPEC })
  const stateOf = async (index: number) => (await world.runs())[index]?.state
  const begin = async (index: number) => {
    const before = copr.builds.length
    await openPullRequest(world, git, repository, index + 1)
    await until(async () => copr.builds.length === before + 1 && (await stateOf(index)) === 'running')
    return copr.builds[before]?.id ?? 0
  }
  const fail = (id: number, result: Parameters<typeof showSourceResult>[0]) =>
    copr.endSource(id, 'failed', `some words\r\n${showSourceResult(result)}\r\nmore of Copr's own\r\n`)

  await t.test('a conflict ends neutral, with its files', async () => {
    const id = await begin(0)
    fail(id, { ok: false, kind: 'merge-conflict', message: 'It conflicts in NEWS.', files: ['NEWS'] })
    await until(async () => (await stateOf(0)) === 'skipped')
    const { reason, event_id } = await detail(world, 0)
    assert.equal(reason, 'Merge conflicts present')
    assert.deepEqual(new Set(Object.values(await world.checks(event_id))), new Set(['skipped']))
    assert.match(JSON.stringify((await srpmOf(world, 0)).cause), /NEWS/)
  })

  await t.test('an action that fails is the cause, and where its log is can be seen before', async () => {
    const id = await begin(1)
    copr.progress.startSource(copr.build(id))
    await until(async () => (await srpmOf(world, 1)).logs_url !== null)
    const running = await srpmOf(world, 1)
    assert.match(running.logs_url ?? '', new RegExp(`^${copr.url}/results/.*/builder-live\\.log$`))
    assert.equal(running.log, null)
    const message = 'Action create-archive: command mkae failed: there is no program "mkae" here.'
    fail(id, { ok: false, kind: 'action-failed', message, action: 'create-archive', lacks: 'program mkae' })
    await until(async () => (await stateOf(1)) === 'failure')
    const { cause, logs } = await srpmOf(world, 1)
    assert.match(JSON.stringify(cause), /create-archive.*Name the package that has the program mkae in srpm_build_deps/)
    assert.match(logs ?? '', /^some words/)
  })

  await t.test('a run that is cancelled meanwhile is cancelled in Copr, and no build of it begins', async () => {
    const id = await begin(2)
    const [run] = (await world.runs()).slice(2)
    assert.equal((await world.post(`/api/runs/${run?.merged_run_id}/cancel`)).statusCode, 202)
    await until(async () => (await stateOf(2)) === 'canceled')
    assert.equal(copr.build(id).canceled, true)
  })

  await t.test('what is heard of such a build is about its sources, as long as these are made', async () => {
    const id = await begin(3)
    await hintBuild(world.service.builds, { builder: 'copr', buildId: String(id) })
    await until(async () => {
      const { db } = world.service.database
      const jobs = await query(
        db,
        sql`select data from pgboss.job where name = 'settle-source' and data->>'poll' = 'false'
        and data->>'srpmBuildId' = (select id::text from srpm_builds where copr_build_id = ${String(id)})`,
      )
      return jobs.length === 1
    })
    copr.endSource(id, 'succeeded')
    await until(async () => (await srpmOf(world, 3)).status === 'success')
    for (const { id: one } of copr.builds.slice(3)) copr.end(one, CHROOT, 'succeeded')
    await until(async () => {
      for (const { id: one } of copr.builds.slice(4)) copr.end(one, CHROOT, 'succeeded')
      return (await stateOf(3)) === 'success'
    })
  })

  await t.test('while Copr does not answer, page and check say that its sources wait for it', async () => {
    const { database, builder } = world.service
    const away = { name: 'copr', failures: 3, reason: 'it answers 502', since: new Date(), lastSuccessAt: null }
    const nextTryAt = new Date(Date.now() + 3_600_000)
    await database.transaction(async (tx) => {
      await lockBackend(tx, away.name)
      await writeBackend(tx, { ...away, state: 'open', nextTryAt })
    })
    // this process has to have seen it
    await until(() =>
      builder.findTargets('1').then(
        () => false,
        () => true,
      ),
    )
    await openPullRequest(world, git, repository, 5)
    await until(async () => (await stateOf(4)) === 'pending' && (await detail(world, 4)).reason === 'it waits for Copr')
    const { checks, steps } = await detail(world, 4)
    const said = /^Waiting for Copr, which does not answer since /
    await until(async () => (await detail(world, 4)).checks.every(({ title }) => said.test(title)))
    assert.equal(checks.length, 3)
    assert.match(steps.find(({ kind }) => kind === 'build')?.reason ?? '', said)

    const { db } = database
    await db.execute(sql`update backends set next_try_at = now() where name = 'copr'`)
    await until(async () => {
      // nobody waits here for the time of the next try, which is put off until the process has seen that it came
      await db.execute(sql`update pgboss.job set start_after = now() where name = 'build-srpm' and state < 'active'`)
      return (await stateOf(4)) === 'running' && (await detail(world, 4)).reason === null
    })
  })

  await t.test('a build that Copr lost ends as an error that says so', async () => {
    const id = await begin(5)
    copr.state.builds.delete(id)
    await until(async () => (await stateOf(5)) === 'error')
    assert.match((await detail(world, 5)).reason ?? '', /does not know build \d+ any more/)
  })
})
