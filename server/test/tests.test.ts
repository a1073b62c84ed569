import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { query } from '../src/db/database.ts'
import { leases } from '../src/db/schema.ts'
import { settleTest } from '../src/test-runs/settle-test.ts'
import { caseOf, FakeTester } from '../src/testers/fake.ts'
import { createCommentsWorld } from './comments-world.ts'
import { until } from './until.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'
const STREAM = 'centos-stream-10-x86_64'
/** Of a release that has branched and is not out yet. */
const NEXT = 'fedora-46-x86_64'
const CONFIG = `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: pull_request, targets: [${FEDORA}, ${EPEL}]}
- {job: tests, trigger: pull_request, timeout: 5400, targets: [${FEDORA}, ${EPEL}]}
`

const TIMING = { firstRetryMs: 1, longestPollMs: 1000 }

async function createTestedWorld(options: WorldOptions = {}): Promise<{ world: World; tester: FakeTester }> {
  const tester = new FakeTester()
  const world = await createWorld({ ...options, replace: { tester, testTiming: TIMING, ...options.replace } })
  return { world, tester }
}

/** A pull request whose two targets are being tested, until `tester` is told how that ends. */
async function createWorldUnderTest(): Promise<{ world: World; tester: FakeTester }> {
  const { world, tester } = await createTestedWorld()
  tester.endsAlone = false
  await world.openPullRequest({ config: CONFIG })
  await until('both targets are tested', () => tester.requests.size === 2)
  await world.settle()
  return { world, tester }
}

async function checksOf(world: World): Promise<Record<string, string>> {
  const run = (await world.runs()).at(-1)
  const { event_id } = await world.get<{ event_id: number }>(`/api/runs/merged/${run?.merged_run_id}`)
  return world.checks(event_id)
}

test('tests follow the builds of their own chroots, and the run ends with them', async () => {
  const { world, tester } = await createTestedWorld()
  await using _ = world
  tester.endsAlone = false
  // at the first look a request may not be found yet: that is no reason to make another
  const find = tester.findTest.bind(tester)
  const seen = new Set<string>()
  tester.findTest = async (id) => {
    if (seen.has(id)) return find(id)
    seen.add(id)
    return undefined
  }
  await world.openPullRequest({ config: CONFIG })
  await until('both targets are tested', () => tester.requests.size === 2)
  await world.settle()
  assert.equal((await world.runs())[0]?.state, 'running')

  const [fedora = ''] = tester.of(FEDORA)
  const [stream = ''] = tester.of(STREAM)
  assert.deepEqual(
    tester.requests.get(stream)?.test.builds.map(({ chroot }) => chroot),
    [EPEL],
  )
  assert.equal(tester.requests.get(stream)?.test.timeoutMinutes, 90)
  assert.match(tester.requests.get(stream)?.test.builds[0]?.srpm ?? '', /\.src\.rpm$/)
  tester.end(fedora, 'success', { results: [caseOf({ name: '/smoke', result: 'passed' })] })
  tester.end(stream, 'failure', {
    results: [
      caseOf({ name: '/smoke', result: 'passed' }),
      caseOf({ name: '/greets', result: 'failed', message: 'expected hello' }),
    ],
  })
  await until('the run has ended', async () => (await world.runs())[0]?.state === 'failure')
  await world.settle()
  assert.deepEqual([seen.size, tester.requests.size], [2, 2])
  assert.deepEqual(await checksOf(world), {
    [`rpm-build:${FEDORA}`]: 'success',
    [`rpm-build:${EPEL}`]: 'success',
    [`testing-farm:${FEDORA}`]: 'success',
    [`testing-farm:${STREAM}`]: 'failure',
    packit: 'failure',
  })
})

test('what fails to build is not tested, and tests that nobody can run here say why', async () => {
  const { world, tester } = await createTestedWorld()
  await using _ = world
  world.builder.endsAlone = false
  tester.problems = { [STREAM]: 'The compose CentOS-Stream-10 is not available', [NEXT]: 'Compose not yet available' }
  const config = CONFIG.replace(
    /timeout.*/,
    `skip_missing_branched_composes: true, targets: {${FEDORA}: {}, ${EPEL}: {distros: [centos-stream-10, fedora-46]}}}`,
  )
  await world.openPullRequest({ config })
  await world.settle()
  const [buildId = ''] = [...world.builder.builds.keys()]
  await world.builder.end(buildId, EPEL, 'success')
  await world.builder.end(buildId, FEDORA, 'failure', 'Executing(%build)\nerror: Bad exit status (%build)\n')
  await world.settle()

  const checks = await checksOf(world)
  assert.equal(checks[`testing-farm:${FEDORA}`], 'skipped')
  assert.equal(checks[`testing-farm:${STREAM}`], 'skipped')
  // of the releases, only one that has just branched may be missing
  assert.deepEqual([...tester.places.values()].map(({ target, mayBeMissing }) => [target, mayBeMissing]).sort(), [
    [STREAM, false],
    [NEXT, true],
  ])
  assert.equal(tester.requests.size, 0)
  const tests = await world.get<{ target: string; reason: string }[]>('/api/testing-farm/results')
  assert.deepEqual(Object.fromEntries(tests.map(({ target, reason }) => [target, reason])), {
    [FEDORA]: `not tested: ${FEDORA} failed to build`,
    ...tester.problems,
  })
})

test('a runner that breaks is asked again for the broken target alone, and ends neutral when it goes on breaking', async () => {
  const { world, tester } = await createWorldUnderTest()
  await using _ = world
  tester.end(tester.of(STREAM)[0] ?? '', 'success')
  for (let tries = 1; tries <= 4; tries += 1) {
    await until(`request ${tries}`, () => tester.of(FEDORA).length === tries)
    tester.end(tester.of(FEDORA).at(-1) ?? '', 'error', { reason: 'the guest was lost', isTransient: true })
  }
  await until('the run has ended', async () => (await world.runs())[0]?.state === 'error')
  await world.settle()

  assert.deepEqual([tester.of(FEDORA).length, tester.of(STREAM).length], [4, 1])
  const { checks } = await world.get<{ checks: { name: string; state: string; title: string }[] }>(
    `/api/runs/merged/${(await world.runs())[0]?.merged_run_id}`,
  )
  const check = checks.find(({ name }) => name === `testing-farm:${FEDORA}`)
  assert.deepEqual([check?.state, check?.title], ['error', 'the guest was lost (4 tries)'])
  assert.match(checks.find(({ name }) => name === 'packit')?.title ?? '', /^Tests on fedora-45-x86_64 could not be run/)
})

test('Testing Farm tells of a change by the secret of that request, and of nothing else', async () => {
  const { world, tester } = await createTestedWorld()
  await using _ = world
  tester.endsAlone = false
  const tell = async (body: object) => {
    const { statusCode, payload } = await world.http.inject({
      method: 'POST',
      url: '/api/testing-farm/results',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    })
    return [statusCode, JSON.parse(payload)]
  }
  // it may be told, and more than once, before the answer with its id is known here
  const early: unknown[] = []
  const start = tester.startTest.bind(tester)
  tester.startTest = async (test) => {
    const notice = { request_id: 'of-which-nobody-knows-here', token: test.notification?.secret }
    early.push(await tell(notice), await tell(notice))
    return start(test)
  }
  const pr = await world.openPullRequest({ config: CONFIG })
  await until('both targets are tested', () => tester.requests.size === 2)
  await world.settle()
  assert.deepEqual(early, Array(4).fill([200, 'Test results accepted']))
  const [[id = '', request] = ['', undefined], [other = ''] = ['']] = [...tester.requests]
  const secret = request?.test.notification?.secret ?? ''
  assert.deepEqual(await tell({}), [400, "We haven't received any JSON data."])
  assert.deepEqual(await tell({ request_id: id }), [401, "The notification doesn't contain any token"])
  assert.deepEqual(await tell({ request_id: id, token: 'x' }), [401, 'Invalid testing farm secret provided'])
  assert.deepEqual(await tell({ request_id: other, token: secret }), [401, 'Invalid testing farm secret provided'])
  for (const _ of ['once', 'twice'])
    assert.deepEqual(await tell({ request_id: id, token: secret }), [200, 'Test results accepted'])
  const rows = await world.service.database.db.query.testRequests.findMany()
  assert.ok(rows.every((row) => !JSON.stringify(row).includes(secret)))

  // a newer commit has what runs for the older one cancelled
  await world.push(pr)
  await until('the newer commit is tested', () => tester.requests.size === 4)
  await world.settle()
  assert.deepEqual(
    [...tester.requests.values()].map(({ found }) => found.state),
    ['canceled', 'canceled', 'pending', 'pending'],
  )
  assert.equal((await world.runs())[0]?.state, 'canceled')
})

test('what a killed worker asked for is found again, and asked for once', async () => {
  const { world, tester } = await createWorldUnderTest()
  await using _ = world
  const { db } = world.service.database
  const targets = await db.query.testTargets.findMany()
  for (const { id } of targets) await world.service.queue.add(db, 'start-tests', { testTargetId: id })
  await world.settle()
  assert.equal(tester.requests.size, 2)

  // a runner that forgot a request is asked anew, and not while another worker may be asking
  const [key] = targets.filter(({ target }) => target === FEDORA).map(({ id }) => `start-tests ${id}`)
  await db.insert(leases).values({ key: key ?? '', holder: 'another worker', until: new Date(Date.now() + 600_000) })
  tester.forget(tester.of(FEDORA)[0] ?? '')
  await until('it waits for the other worker', async () => {
    const waiting = await query(
      db,
      sql`select id from pgboss.job where name = 'start-tests' and data ? 'tries' and state = 'created'`,
    )
    return waiting.length === 1
  })
  assert.equal(tester.of(FEDORA).length, 0)
  await db.delete(leases)
  await until('it was asked for anew', () => tester.of(FEDORA).length === 1)
  for (const id of tester.requests.keys()) tester.end(id, 'success')
  await until('the run has ended', async () => (await world.runs())[0]?.state === 'success')
})

test('tests that are asked for have the packages built first that are gone, and are told what the command says', async () => {
  const tester = new FakeTester()
  await using w = await createCommentsWorld({ replace: { tester, testTiming: TIMING } })
  const { world } = w
  const pr = await world.openPullRequest({ config: CONFIG })
  await until('the run has ended', async () => (await world.runs())[0]?.state === 'success')
  await world.settle()

  // what is there is tested as it is
  await w.comment(pr, '/packit test --env MODE=fast')
  await until('both targets are tested again', () => tester.requests.size === 4)
  await world.settle()
  assert.equal(world.builder.builds.size, 1)
  assert.equal([...tester.requests.values()].at(-1)?.test.variables.MODE, 'fast')

  const { db } = world.service.database
  await db.execute(sql`update pipelines set expired_at = now() where build_group_id is not null`)
  await w.comment(pr, '/packit test')
  await until('both targets are tested once more', () => tester.requests.size === 6)
  await world.settle()
  assert.equal(world.builder.builds.size, 2)
  const last = [...tester.requests.values()].at(-1)?.test.builds[0]
  assert.equal(last?.buildId, [...world.builder.builds.keys()].at(-1))

  tester.endsAlone = false
  await w.comment(pr, '/packit test')
  await until('tests run', () => tester.requests.size === 8)
  for (const target of [FEDORA, STREAM]) tester.end(tester.of(target).at(-1) ?? '', 'failure')
  await until('the run has ended', async () => (await world.runs()).at(-1)?.state === 'failure')
  tester.endsAlone = true
  await w.comment(pr, '/packit retest-failed')
  await until('what failed is tested again', () => tester.requests.size === 10)
  await until('the run has ended', async () => (await world.runs()).at(-1)?.state === 'success')
  assert.equal(world.builder.builds.size, 2)
  await world.settle()
  assert.equal((await checksOf(world)).packit, 'success')
})

test('tests are lost neither with the runner that had them nor with the publicity of their repository', async () => {
  const { world, tester } = await createWorldUnderTest()
  await using _ = world
  const { db } = world.service.database
  const targetOf = async (name: string) =>
    (await db.query.testTargets.findMany()).filter(({ target }) => target === name)[0]

  // whoever was set up before has the tests, and can't be asked any more
  const [request] = (await db.query.testRequests.findMany()).filter((row) => row.requestId === tester.of(FEDORA)[0])
  const now = { ...world.service.tests, tester: new FakeTester('local') }
  await settleTest({ testRequestId: request?.id ?? 0, poll: true }, now)
  const ended = await targetOf(FEDORA)
  assert.equal(ended?.state, 'error')
  assert.match(ended?.reason ?? '', /begun by testing-farm, and this installation tests by local now: run them again/)

  // asked for anew, the packages of what is private meanwhile are told to nobody
  await db.execute(sql`update projects set is_private = true`)
  tester.end(tester.of(STREAM)[0] ?? '', 'error', { reason: 'the guest was lost', isTransient: true })
  await until('it has ended', async () => (await targetOf(STREAM))?.state === 'skipped')
  assert.match((await targetOf(STREAM))?.reason ?? '', /The repository is private/)
  assert.equal(tester.requests.size, 2)
})
