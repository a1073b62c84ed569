// The whole way through Copr: webhook, SRPM, project and build there, its states, logs and repository, the report.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { FakeCopr } from '../src/builders/copr/fake/fake-copr.ts'
import type { CoprMessage } from '../src/builders/copr/fake/messages.ts'
import { timedPace } from '../src/builders/copr/fake/paces.ts'
import { removeExpired } from '../src/builds/remove-expired.ts'
import { query } from '../src/db/database.ts'
import { leases } from '../src/db/schema.ts'
import { hintBuild } from '../src/jobs/hint-build.ts'
import { readMessage } from '../src/messages/read-message.ts'
import { createWorld, type RunEntry, type World } from './world.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'
const BAD_LOG = 'Executing(%check): /bin/sh\nFAIL: test_one\nerror: Bad exit status from /var/tmp/rpm-tmp.x (%check)\n'

interface Detail {
  event_id: number
  state: string
  install: string[]
  repository: { name: string; url: string } | null
  expired_at: number | null
  causes: { section: string | null; target: string }[]
  steps: { kind: string; target: string | null; state: string; reason: string | null; log: string | null }[]
}

interface Build {
  build_id: string
  copr_owner: string | null
  copr_project: string | null
  web_url: string
  build_logs_url: string
  builder: string
  log: string
}

async function detail(world: World, index = 0): Promise<Detail> {
  const runs = await world.runs()
  return world.get<Detail>(`/api/runs/merged/${runs[index]?.merged_run_id}`)
}

/** Waits for a state that follows from polls: nothing tells when it is there. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50)
}

test('a pull request is built in Copr for all its chroots at once, and Copr’s repository is reported', async () => {
  await using copr = await FakeCopr.start()
  await using world = await createWorld({ copr, env: { PACKIT_POLL_INTERVAL: '1s' } })
  const { db } = world.service.database
  // another worker may just be asking for the same
  const later = new Date(Date.now() + 600_000)
  await db.insert(leases).values({ key: 'start-build 1', holder: 'another worker', until: later })
  await world.openPullRequest()
  const waiting = sql`select id from pgboss.job where name = 'start-build' and data ? 'tries' and state = 'created'`
  await until(async () => (await query(db, waiting)).length === 1)
  assert.equal(copr.builds.length, 0)
  await db.delete(leases)
  await until(async () => copr.builds.length === 1)
  await world.settle()
  const [build, ...more] = copr.builds
  assert.ok(build)
  assert.equal(more.length, 0)
  assert.match(build.project.name, /^localhost-acme-hello-.*-1$/)
  copr.end(build.id, FEDORA, 'succeeded')
  copr.end(build.id, EPEL, 'failed', { log: BAD_LOG })
  await until(async () => (await detail(world)).state === 'failure')
  await world.settle()

  const run = await detail(world)
  assert.deepEqual(
    run.causes.map(({ target, section }) => [target, section]),
    [[EPEL, '%check']],
  )
  const { owner, name } = build.project
  const repoFile = `${copr.url}/coprs/${owner}/${name}/repo/fedora-45/${owner}-${name}-fedora-45.repo`
  assert.deepEqual(run.install, [
    `sudo curl -fo /etc/yum.repos.d/${owner}-${name}-fedora-45.repo ${repoFile}`,
    'sudo dnf install hello-1.0-1',
  ])
  assert.equal((await fetch(repoFile)).status, 200)
  assert.equal(run.repository?.url, `${copr.url}/coprs/${owner}/${name}/`)
  const [entry] = (await world.runs())[0]?.copr ?? []
  const shown = await world.get<Build>(`/api/copr-builds/${entry?.packit_id}`)
  assert.deepEqual(
    { ...shown, build_logs_url: '', log: '' },
    {
      ...shown,
      ...{ build_id: String(build.id), builder: 'copr', copr_owner: owner, copr_project: name },
      ...{ web_url: `${copr.url}/coprs/build/${build.id}/`, build_logs_url: '', log: '' },
    },
  )
  assert.match(shown.build_logs_url, /\/results\/.*\/builder-live\.log\.gz$/)
  assert.match((await world.http.inject({ url: shown.log })).body, /Wrote: /)
  assert.deepEqual(await world.checks(run.event_id), {
    [`rpm-build:${FEDORA}`]: 'success',
    [`rpm-build:${EPEL}`]: 'failure',
    packit: 'failure',
  })
})

test('the log of a chroot that runs in Copr is read while it grows, and is the whole log at the end', async () => {
  await using copr = await FakeCopr.start()
  await using world = await createWorld({ copr, env: { PACKIT_POLL_INTERVAL: '1s' } })
  await world.openPullRequest()
  await world.settle()
  const [build] = copr.builds
  assert.ok(build)
  copr.begin(build.id, FEDORA)
  const logOf = async () => {
    const step = (await detail(world)).steps.find(({ target }) => target === FEDORA)
    return step?.log ? (await world.http.inject({ url: step.log })).body : null
  }
  for (const line of ['Mock begins\n', 'and goes on\n']) {
    copr.write(build.id, FEDORA, line)
    await until(async () => (await logOf())?.endsWith(line) ?? false)
  }
  assert.equal(await logOf(), 'Mock begins\nand goes on\n')

  for (const chroot of [FEDORA, EPEL]) copr.end(build.id, chroot, 'succeeded', { log: `all of ${chroot}\n` })
  await until(async () => (await detail(world)).state === 'success')
  await world.settle()
  assert.equal(await logOf(), `all of ${FEDORA}\n`)
  const kept = await world.service.storage.list(`builds/copr/${build.id}`)
  assert.deepEqual(
    kept,
    [EPEL, FEDORA].map((chroot) => `builds/copr/${build.id}/${chroot}/build.log`),
  )
})

test('no more builds than wanted run in Copr at a time; the others wait', async () => {
  await using copr = await FakeCopr.start()
  await using world = await createWorld({ copr, env: { PACKIT_POLL_INTERVAL: '1s', PACKIT_COPR_PARALLEL: '1' } })
  const repository = await world.createRepository()
  for (const number of [1, 2]) await world.openPullRequest({ repository, number })
  await world.settle()
  assert.equal(copr.builds.length, 1)
  for (const chroot of [FEDORA, EPEL]) copr.end(copr.builds[0]?.id ?? 0, chroot, 'succeeded')

  await until(async () => copr.builds.length === 2)
  const [first] = await world.runs()
  assert.equal(first?.state, 'success')
})

test('no more builds of one project than wanted run in Copr at a time; another project is not held up', async () => {
  await using copr = await FakeCopr.start()
  await using world = await createWorld({ copr, env: { PACKIT_POLL_INTERVAL: '1s', PACKIT_PROJECT_PARALLEL: '1' } })
  const repository = await world.createRepository()
  for (const number of [1, 2]) await world.openPullRequest({ repository, number })
  await world.settle()
  assert.equal(copr.builds.length, 1)

  await world.openPullRequest()
  await until(async () => copr.builds.length === 2)
  assert.equal(new Set(copr.builds.map(({ project }) => project.name)).size, 2)
  for (const chroot of [FEDORA, EPEL]) copr.end(copr.builds[0]?.id ?? 0, chroot, 'succeeded')
  await until(async () => copr.builds.length === 3)
})

test('what Copr has removed is shown as such, and one click builds it again', async () => {
  const clock = { now: new Date() }
  await using copr = await FakeCopr.start({ now: () => clock.now, pace: timedPace() })
  await using world = await createWorld({ copr, now: () => clock.now, env: { PACKIT_POLL_INTERVAL: '1s' } })
  await world.openPullRequest()
  await until(async () => (await world.runs())[0]?.state === 'success')
  const [build] = copr.builds
  copr.expire('packit', build?.project.name ?? '')
  clock.now = new Date(clock.now.getTime() + 15 * 24 * 60 * 60_000)
  await removeExpired(world.service.builds, world.service.config)

  const gone = await detail(world)
  assert.equal(gone.expired_at, clock.now.getTime() / 1000)
  assert.deepEqual(gone.install, [])
  const [run] = await world.runs()
  assert.equal((await world.post(`/api/runs/${run?.merged_run_id}/retry`)).statusCode, 202)
  await until(async () => (await world.runs())[1]?.state === 'success')
  assert.deepEqual(
    copr.builds.map(({ chroots }) => chroots.map(({ name }) => name)),
    [[FEDORA, EPEL]],
  )
  assert.equal((await detail(world, 1)).install.length, 6)

  // what was copied while a log grew goes with it
  await world.service.storage.put(`builds/copr/${build?.id}/${FEDORA}/live/1.log`, 'left by a process that was killed')
  clock.now = new Date(clock.now.getTime() + 366 * 24 * 60 * 60_000)
  await removeExpired(world.service.builds, world.service.config)
  assert.deepEqual(await world.service.storage.list('builds/copr'), [])
})

test('with answers lost, and messages lost, doubled and late, each run ends as its build in Copr does, and none is built twice', async () => {
  const random = seeded(45)
  let tell: (message: CoprMessage) => void = () => {}
  const late: CoprMessage[] = []
  const onMessage = (message: CoprMessage) => {
    if (random() < 0.3) late.push(message, message)
    else if (random() < 0.5) tell(message)
    if (random() < 0.5) for (const old of late.splice(0).reverse()) tell(old)
  }
  const fails = ({ id }: { id: number }, chroot: string) => (id % 2 === 0 && chroot === EPEL ? 'failed' : 'succeeded')
  const pace = timedPace({ outcome: fails, buildMs: () => 50 * random() })
  await using copr = await FakeCopr.start({ pace, onMessage })
  await using world = await createWorld({ copr, env: { PACKIT_POLL_INTERVAL: '1s' } })
  const { builds } = world.service
  tell = (message) => {
    const content = Buffer.from(JSON.stringify(message.body))
    const read = readMessage({ topic: `org.fedoraproject.prod.${message.topic}`, content }, 'org.fedoraproject.prod')
    if (read.kind === 'hint') void hintBuild(builds, read.hint)
  }
  // a lost answer to the making of a build; other faults are waited out, which would only make this slow
  copr.faults.add({ kind: 'drop-after', path: '/build/create/upload', times: 3 })
  // nor does it follow from the first look that what was made a moment ago is gone
  copr.faults.add({ kind: 'not-found', method: 'GET', path: /^\/api_3\/build\/\d+$/ })
  const repository = await world.createRepository()
  for (const number of [1, 2, 3]) await world.openPullRequest({ repository, number })
  await until(async () => {
    const runs = await world.runs()
    return runs.length === 3 && runs.every(({ state }) => state === 'success' || state === 'failure')
  })

  assert.equal(copr.builds.length, 3)
  for (const build of copr.builds) {
    const number = Number(build.project.name.split('-').at(-1))
    // which of several pull requests is decided first is open
    const [run] = await world.get<RunEntry[]>(`/api/runs?pr=${number}`)
    assert.deepEqual(Object.fromEntries(run?.copr.map(({ target, status }) => [target, status]) ?? []), {
      [FEDORA]: 'success',
      [EPEL]: fails(build, EPEL) === 'failed' ? 'failure' : 'success',
    })
  }
})

/** Numbers from 0 to 1 that are the same each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}
