// Who may start work, through the real webhook, queue and API: allowlist, outsiders and their approval.
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { insertDelivery } from '../src/db/deliveries.ts'
import { headOfPush } from '../src/events/event-head.ts'
import { runEvent } from '../src/events/run-event.ts'
import { runHead } from '../src/events/run-head.ts'
import { databaseKinds } from './database.ts'
import {
  allow,
  builtCommits,
  createTrustWorld,
  eventsOf,
  type ForkedPull,
  openFork,
  pushToFork,
  type TrustWorld,
  tellGithub,
} from './trust-world.ts'

const approve = (trust: TrustWorld, eventId: number) => trust.world.post(`/api/events/${eventId}/approve`)
const problems = async (trust: TrustWorld) => (await eventsOf(trust)).map(({ problem }) => problem)

/** A pull request from a branch of the project itself. */
async function openOwn(trust: TrustWorld, author = 'ann'): Promise<ForkedPull> {
  const { project } = trust
  const base = { ref: 'main', sha: project.git('rev-parse', 'main') }
  project.git('checkout', '--quiet', '-b', 'own')
  const head = { ref: 'own', sha: await project.commit({ NEWS: 'own\n' }, 'Own') }
  const pull = { number: 9, author, fork: project, head, base }
  await tellGithub(trust, pull, 'opened')
  return pull
}

for (const database of databaseKinds) {
  test(`nothing of a project that is not allowed is fetched; allowed, its open pull requests are built by themselves (${database})`, async () => {
    await using trust = await createTrustWorld({ database })
    const { world, forge } = trust
    const own = await openOwn(trust)
    const theirs = await openFork(trust, { number: 1 })
    await world.settle()

    assert.deepEqual(await problems(trust), ['not-allowed', 'not-allowed'])
    const mirrors = () => readdir(join(world.dir, 'data/mirrors'))
    assert.deepEqual(await mirrors(), [])
    assert.deepEqual([forge.asked, builtCommits(trust)], [[], []])
    assert.deepEqual(await world.checks(1), { packit: 'skipped' })
    const [check] = await world.service.database.db.query.checks.findMany()
    assert.equal(check?.title, 'Not allowed')
    assert.match(check?.summary ?? '', /packit\\-service allow github/)

    assert.equal((await allow(trust, 'github.com/acme')).decided_again, 2)
    await world.settle()
    assert.deepEqual(builtCommits(trust), [own.head.sha])
    assert.equal((await mirrors()).length > 0, true)
    // which of the two is decided first is left to the queue
    const problemOf = Object.fromEntries((await eventsOf(trust)).map(({ sha, problem }) => [sha, problem]))
    assert.deepEqual(problemOf, { [own.head.sha]: null, [theirs.head.sha]: 'not-approved' })
    // told again, nothing is decided again
    assert.equal((await allow(trust, 'github.com/acme')).decided_again, 0)
  })
}

test('a denial of the project, its namespace or the author refuses what was allowed', async () => {
  for (const path of ['github.com/acme/hello', 'github.com/ACME', 'github.com/ann', 'github.com']) {
    await using trust = await createTrustWorld()
    await allow(trust, 'github.com/acme/hello.git')
    await allow(trust, path, 'denied')
    await openOwn(trust)
    await trust.world.settle()
    assert.deepEqual(await problems(trust), ['not-allowed'], path)
    assert.deepEqual(builtCommits(trust), [], path)
  }
})

test('pushes and releases of a project that is not allowed make no event; the delivery says why, the forge is told once', async () => {
  await using trust = await createTrustWorld()
  const { events, database } = trust.world.service
  const project = {
    forge: 'github.com',
    namespace: 'acme',
    name: 'hello',
    webUrl: 'https://github.com/acme/hello',
    cloneUrl: trust.project.path,
    isPrivate: false,
  }
  const sha = trust.project.git('rev-parse', 'main')
  for (const [refKind, ref] of [
    ['branch', 'main'],
    ['tag', 'v1'],
  ] as const) {
    const head = headOfPush({ kind: 'push', project, ref, refKind, before: null, after: sha, author: 'ann' }, 1)
    const id = await insertDelivery(database.db, { source: 'github', deliveryId: ref, event: 'push' })
    const delivery = await database.db.query.deliveries.findFirst({ where: (row, { eq }) => eq(row.id, id ?? 0) })
    assert.ok(delivery && typeof head === 'object')
    await runHead(delivery, head, events)
  }
  await trust.world.settle()

  assert.deepEqual(await eventsOf(trust), [])
  assert.deepEqual(await trust.world.runs(), [])
  for (const delivery of await database.db.query.deliveries.findMany()) {
    assert.equal(delivery.decision, 'not allowed')
    assert.match(delivery.reasons.join(), /is not on the allowlist of this service\. Ask its operator/)
  }
  const posts = await database.db.query.posts.findMany()
  assert.deepEqual(
    posts.map(({ key, place, kind }) => [key, place, kind]),
    [['not-allowed:1', 'commit', 'comment']],
  )
})

test("an outsider's pull request waits, with the checks it would have; the forge is asked once", async () => {
  await using trust = await createTrustWorld()
  const { world, forge } = trust
  await allow(trust, 'github.com/acme')
  await openFork(trust)
  await world.settle()

  const [event] = await eventsOf(trust)
  assert.equal(event?.problem, 'not-approved')
  assert.deepEqual(Object.values(event?.plan?.builds[0]?.checks ?? {}).sort(), [
    'rpm-build:epel-10-x86_64',
    'rpm-build:fedora-45-x86_64',
  ])
  assert.match(
    event?.plan?.problem?.summary ?? '',
    /^mallory has no write access to acme\/hello\. .*"\/packit approve"/,
  )
  assert.deepEqual(forge.asked, ['acme/hello mallory'])
  assert.deepEqual(builtCommits(trust), [])
  const [run] = await world.runs()
  assert.deepEqual([run?.state, run?.reason], ['skipped', 'Waits for approval'])
})

test('the fork of somebody who may write is built without asking', async () => {
  await using trust = await createTrustWorld()
  await allow(trust, 'github.com/acme')
  trust.forge.permissions.ann = 'write'
  const pull = await openFork(trust, { author: 'ann' })
  await trust.world.settle()
  assert.deepEqual(builtCommits(trust), [pull.head.sha])
  assert.deepEqual(trust.forge.asked, ['acme/hello ann'])
})

test('while the forge is away nothing is built and nothing is lost', async () => {
  await using trust = await createTrustWorld()
  await allow(trust, 'github.com/acme')
  trust.forge.awayFor = 1
  trust.forge.permissions.ann = 'admin'
  const pull = await openFork(trust, { author: 'ann' })
  await trust.world.settle()
  for (let i = 0; i < 100 && builtCommits(trust).length === 0; i++) await new Promise((done) => setTimeout(done, 100))
  await trust.world.settle()
  assert.deepEqual(builtCommits(trust), [pull.head.sha])
})

for (const database of databaseKinds) {
  test(`an approval is good for its commit alone: a new push waits again (${database})`, async () => {
    await using trust = await createTrustWorld({ database })
    await allow(trust, 'github.com/acme')
    const pull = await openFork(trust)
    await trust.world.settle()

    const answer = await approve(trust, 1)
    assert.equal(answer.statusCode, 202, answer.body)
    const { commit, attempt, approved_before } = answer.json()
    assert.deepEqual([commit, attempt, approved_before], [pull.head.sha, 2, null])
    await trust.world.settle()
    assert.deepEqual(builtCommits(trust), [pull.head.sha])
    assert.deepEqual(await problems(trust), [null])
    assert.deepEqual(await trust.world.checks(1), {
      'rpm-build:fedora-45-x86_64': 'success',
      'rpm-build:epel-10-x86_64': 'success',
      packit: 'success',
    })

    const first = pull.head.sha
    await pushToFork(trust, pull)
    await trust.world.settle()
    // which of the two is decided first is left to the queue
    assert.deepEqual(new Set(await problems(trust)), new Set([null, 'not-approved']))
    assert.deepEqual(builtCommits(trust), [first])
    assert.match((await trust.world.audit()).join('\n'), /token 1 \(admin\): event\.approve event 1/)
  })
}

test('a repeated approval changes nothing and says who gave it', async () => {
  await using trust = await createTrustWorld()
  await allow(trust, 'github.com/acme')
  await openFork(trust)
  await trust.world.settle()
  await approve(trust, 1)
  await trust.world.settle()
  const again = await approve(trust, 1)
  assert.deepEqual([again.statusCode, again.json().approved_before], [202, 'token 1 (admin)'])
  await trust.world.settle()
  assert.equal(builtCommits(trust).length, 1)
  assert.equal((await trust.world.audit()).filter((line) => line.includes('event.approve')).length, 1)
})

test('what was replaced, closed, is not allowed or does not wait is not approved', async () => {
  await using trust = await createTrustWorld()
  const { world } = trust
  await allow(trust, 'github.com/acme')
  const refusal = async (eventId: number) => {
    const { statusCode, body } = await approve(trust, eventId)
    return `${statusCode} ${JSON.parse(body).detail}`
  }
  assert.match(await refusal(77), /^404 there is no event 77/)
  const pull = await openFork(trust)
  await world.settle()
  await pushToFork(trust, pull)
  await world.settle()
  assert.match(await refusal(1), /^409 .*a newer one is known/)
  await allow(trust, 'github.com/acme', 'denied')
  assert.match(await refusal(2), /^409 .*github\.com\/acme is denied/)
  await allow(trust, 'github.com/acme')
  await tellGithub(trust, pull, 'closed')
  await world.settle()
  assert.match(await refusal(2), /^409 .*pull request 1 is closed/)
  await openOwn(trust)
  await world.settle()
  assert.match(await refusal(3), /^409 .*does not wait for approval/)
  assert.deepEqual(await world.service.database.db.query.approvals.findMany(), [])
})

test('a commit that is pushed while another is approved is not built by that approval', async () => {
  await using trust = await createTrustWorld()
  await allow(trust, 'github.com/acme')
  const pull = await openFork(trust)
  await trust.world.settle()
  const first = pull.head.sha
  const [second] = await Promise.all([pushToFork(trust, pull), approve(trust, 1)])
  await trust.world.settle()

  assert.ok(!builtCommits(trust).includes(second))
  assert.ok(builtCommits(trust).every((sha) => sha === first))
  assert.equal((await problems(trust)).at(-1), 'not-approved')
})

test('an approval ends when the pull request gets another base', async () => {
  await using trust = await createTrustWorld()
  await allow(trust, 'github.com/acme')
  const pull = await openFork(trust)
  await trust.world.settle()
  await approve(trust, 1)
  await trust.world.settle()
  trust.project.git('branch', 'stable', 'main')
  pull.base = { ...pull.base, ref: 'stable' }
  await tellGithub(trust, pull, 'edited', {
    changes: { base: { ref: { from: 'main' }, sha: { from: pull.base.sha } } },
  })
  await trust.world.settle()
  assert.equal(builtCommits(trust).length, 1)
  await tellGithub(trust, pull, 'closed')
  await tellGithub(trust, pull, 'reopened')
  await trust.world.settle()
  assert.equal(builtCommits(trust).length, 1)
  assert.deepEqual(await problems(trust), ['not-approved'])
})

test('a later denial leaves what ran as it is, and stops that it is run again', async () => {
  await using trust = await createTrustWorld()
  const { world } = trust
  await allow(trust, 'github.com/acme')
  world.srpms.failure = { kind: 'failure', message: 'it broke' } as NonNullable<typeof world.srpms.failure>
  await openOwn(trust)
  await world.settle()
  const before = await world.checks(1)
  await allow(trust, 'github.com/acme', 'denied')

  for (const [path, body] of [
    ['/api/runs/1/retry', undefined],
    ['/api/projects/github.com/acme/hello/runs', { pr: 9 }],
  ] as const) {
    const answer = await world.post(path, { body })
    assert.equal(answer.statusCode, 409, path)
    assert.match(answer.json().detail, /github\.com\/acme is denied on this service/)
  }
  // asked for before the denial, run after it
  await runEvent({ eventId: 1, attempt: 2, cause: 'retry' }, world.service.events)
  await world.settle()
  assert.equal(builtCommits(trust).length, 1)
  assert.deepEqual((await world.runs()).map(({ state, reason }) => [state, reason]).at(-1), ['skipped', 'Not allowed'])
  assert.deepEqual(await world.checks(1), before)
  assert.deepEqual(await problems(trust), [null])
})

test('plain git is the operator’s own and needs neither allowlist nor approval', async () => {
  await using trust = await createTrustWorld()
  await trust.world.openPullRequest({ repository: trust.project })
  await trust.world.settle()
  assert.equal(builtCommits(trust).length, 1)
  assert.deepEqual(trust.forge.asked, [])
})
