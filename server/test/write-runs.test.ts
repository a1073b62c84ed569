// Writes about runs, through the real HTTP server and queue: each by itself, twice, late, at once, and refused.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databaseKinds } from './database.ts'
import { createWorld, type World } from './world.ts'

const MONOREPO = `packages:
  one: {specfile_path: one.spec, paths: [one]}
  two: {specfile_path: two.spec, paths: [two]}
jobs:
- {job: copr_build, trigger: pull_request, targets: [fedora-45-x86_64]}
`

const TWO_JOBS = `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: pull_request, identifier: a, targets: [fedora-45-x86_64]}
- {job: copr_build, trigger: pull_request, identifier: b, targets: [epel-10-x86_64]}
`

const PUSHES = `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: commit, branch: main, targets: [fedora-45-x86_64]}
- {job: copr_build, trigger: release, targets: [fedora-45-x86_64]}
`

/** Ids, attempts and states of all runs, oldest first. */
async function runsOf(world: World) {
  const { pipelines } = world.service.database.db.query
  const rows = await pipelines.findMany({ orderBy: (row, { asc }) => asc(row.id) })
  return rows.map(({ id, attempt, state, cause }) => `${id}: ${cause} ${attempt} ${state}`)
}

async function failAtSrpm(world: World) {
  world.srpms.failure = { kind: 'failure', message: 'it broke' } as NonNullable<World['srpms']['failure']>
  const pr = await world.openPullRequest()
  await world.settle()
  world.srpms.failure = null
  return pr
}

for (const database of databaseKinds) {
  test(`what failed is run again as a new attempt of the same commit, and the audit log tells of it (${database})`, async () => {
    await using world = await createWorld({ database })
    await failAtSrpm(world)

    const answer = await world.post('/api/runs/1/retry')
    assert.equal(answer.statusCode, 202, answer.body)
    const { run_id, attempt, accepted, url } = answer.json()
    assert.deepEqual([accepted, run_id, attempt], [true, 2, 2])
    assert.match(url, /\/api\/runs\/merged\/2$/)
    assert.equal(answer.headers.location, url)
    await world.settle()

    assert.deepEqual(await runsOf(world), ['1: delivery 1 failure', '2: retry 2 success'])
    const [first, second] = world.srpms.made
    assert.deepEqual({ ...second, createdAt: '' }, { ...first, createdAt: '' })
    assert.deepEqual(await world.checks(1), {
      'rpm-build:fedora-45-x86_64': 'success',
      'rpm-build:epel-10-x86_64': 'success',
      packit: 'success',
    })
    assert.deepEqual(await world.audit(), ['token 1 (admin): run.retry run 1'])
  })

  test(`equal requests with one Idempotency-Key at once make one run (${database})`, async () => {
    await using world = await createWorld({ database })
    await failAtSrpm(world)
    world.srpms.hold()

    const answers = await Promise.all(Array.from({ length: 6 }, () => world.post('/api/runs/1/retry', { key: 'once' })))
    const accepted = answers.filter(({ statusCode }) => statusCode === 202)
    // those that met the first while it was under way are told to come again
    for (const { statusCode, headers } of answers.filter((answer) => !accepted.includes(answer)))
      assert.deepEqual([statusCode, headers['retry-after']], [409, '1'])
    assert.equal(accepted.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1)
    assert.equal(new Set(accepted.map(({ body }) => body)).size, 1)

    const late = await world.post('/api/runs/1/retry', { key: 'once' })
    assert.deepEqual(
      [late.statusCode, late.headers['idempotent-replayed'], late.body],
      [202, 'true', accepted[0]?.body],
    )
    assert.equal(late.headers.location, accepted[0]?.headers.location)
    world.srpms.release()
    await world.settle()
    assert.deepEqual(await runsOf(world), ['1: delivery 1 failure', '2: retry 2 success'])
    assert.equal((await world.audit()).length, 1)
  })

  test(`retries at once without a key make one run, the others are told which (${database})`, async () => {
    await using world = await createWorld({ database })
    await failAtSrpm(world)
    const answers = await Promise.all(Array.from({ length: 4 }, () => world.post('/api/runs/1/retry')))
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [202, 409, 409, 409])
    assert.match(answers.find(({ statusCode }) => statusCode === 409)?.json().detail, /run again already, in run 2$/)
    await world.settle()
    assert.equal((await runsOf(world)).length, 2)
  })
}

test('only the packages that failed are run again', async () => {
  await using world = await createWorld()
  world.builder.endsAlone = false
  await world.openPullRequest({ config: TWO_JOBS })
  await world.settle()
  await world.builder.end('1', 'fedora-45-x86_64', 'success')
  await world.builder.end('2', 'epel-10-x86_64', 'failure')
  await world.settle()

  world.builder.endsAlone = true
  assert.equal((await world.post('/api/runs/1/retry')).json().run_id, 3)
  await world.settle()
  assert.deepEqual(await runsOf(world), ['1: delivery 1 failure', '2: delivery 1 failure', '3: retry 2 success'])
  const again = await world.get<{ copr: { target: string }[] }>('/api/runs/merged/3')
  assert.deepEqual(
    (await world.runs()).at(-1)?.copr.map(({ target }) => target),
    ['epel-10-x86_64'],
  )
  assert.ok(again)
})

test('a run of a monorepo is retried by itself', async () => {
  await using world = await createWorld()
  world.builder.endsAlone = false
  const repository = await world.createRepository('mono', {
    '.packit.yaml': MONOREPO,
    'one.spec': 'Name: one\n',
    'two.spec': 'Name: two\n',
  })
  await world.openPullRequest({ repository, files: { 'one/a': '', 'two/a': '' } })
  await world.settle()
  await world.builder.end('1', 'fedora-45-x86_64', 'failure')
  await world.builder.end('2', 'fedora-45-x86_64', 'success')
  await world.settle()
  world.builder.endsAlone = true
  await world.post('/api/runs/1/retry')
  await world.settle()
  assert.deepEqual(
    (await world.runs()).map(({ package: name, state }) => [name, state]),
    [
      ['one', 'failure'],
      ['two', 'success'],
      ['one', 'success'],
    ],
  )
})

test('a retry is refused with the reason, and then changes nothing', async () => {
  await using world = await createWorld()
  world.srpms.hold()
  const pr = await world.openPullRequest()
  await world.settle()
  const refusal = async (path: string) => {
    const { statusCode, body } = await world.post(path)
    return `${statusCode} ${JSON.parse(body).detail}`
  }
  assert.equal(await refusal('/api/runs/1/retry'), "409 run 1 can't be retried: it has not ended, it is running")
  assert.equal(await refusal('/api/runs/99/retry'), '404 there is no run 99')
  world.srpms.release()
  await world.settle()
  assert.equal(await refusal('/api/runs/1/retry'), "409 run 1 can't be retried: nothing of it failed")

  world.srpms.failure = { kind: 'failure', message: 'it broke' } as NonNullable<World['srpms']['failure']>
  await world.push(pr)
  await world.settle()
  await world.push(pr)
  await world.settle()
  assert.equal(await refusal('/api/runs/2/retry'), "409 run 2 can't be retried: its commit was replaced by a newer one")
  await world.tell(pr, 'closed')
  await world.settle()
  assert.equal(await refusal('/api/runs/3/retry'), "409 run 3 can't be retried: pull request 1 is closed")
  assert.equal((await runsOf(world)).length, 3)
  assert.deepEqual(await world.audit(), [])
})

test('a commit that could not be had is fetched anew by a retry, also when its job runs twice', async () => {
  await using world = await createWorld()
  const repository = await world.createRepository()
  const main = repository.git('rev-parse', 'main')
  repository.git('checkout', '--quiet', '-b', 'later')
  const sha = await repository.commit({ NEWS: 'later\n' }, 'Later')
  // told of before it was pushed
  repository.git('checkout', '--quiet', 'main')
  repository.git('branch', '-D', 'later')
  repository.git('reflog', 'expire', '--expire=now', '--all')
  repository.git('gc', '--quiet', '--prune=now')
  await world.tell({ number: 1, repository, base: { ref: 'main', sha: main }, head: { ref: 'later', sha } }, 'opened')
  await world.settle()
  assert.deepEqual(await runsOf(world), ['1: delivery 1 failure'])

  const answer = await world.post('/api/runs/1/retry')
  assert.deepEqual([answer.statusCode, answer.json().run_id, answer.json().attempt], [202, null, 2])
  await world.settle()
  const { database, queue } = world.service
  await queue.add(database.db, 'run-event', { eventId: 1, attempt: 2, cause: 'retry' })
  await world.settle()
  // still not there: the new attempt says so
  assert.deepEqual(await runsOf(world), ['1: delivery 1 failure', '2: retry 2 failure'])
})

test('cancelling ends what waits and what runs, twice is as good as once, and an ended run is left alone', async () => {
  await using world = await createWorld()
  world.builder.endsAlone = false
  await world.openPullRequest()
  await world.settle()
  for (const _ of [1, 2]) {
    const { statusCode, body } = await world.post('/api/runs/1/cancel')
    assert.deepEqual([statusCode, JSON.parse(body).run_id], [202, 1])
    await world.settle()
  }
  const [run] = await world.runs()
  assert.deepEqual([run?.state, run?.reason], ['canceled', 'cancelled by token 1 (admin)'])
  assert.deepEqual(await world.audit(), Array(2).fill('token 1 (admin): run.cancel run 1'))

  world.builder.endsAlone = true
  assert.equal((await world.post('/api/runs/1/retry')).statusCode, 202)
  await world.settle()
  const ended = await world.post('/api/runs/2/cancel')
  assert.deepEqual([ended.statusCode, ended.json().detail], [409, 'run 2 has ended: success'])
  assert.equal((await world.post('/api/runs/77/cancel')).statusCode, 404)
})

test('the newest commit of a pull request is built again as a new attempt, and takes the place of what runs', async () => {
  await using world = await createWorld()
  world.builder.endsAlone = false
  const pr = await world.openPullRequest()
  await world.settle()
  world.builder.endsAlone = true
  const path = `/api/projects/localhost/acme/${pr.repository.path.split('/').at(-1)}`

  // asked for twice before it has begun: one attempt
  const answers = await Promise.all([1, 2].map(() => world.post(`${path}/runs`, { body: { pr: 1 } })))
  for (const answer of answers) {
    assert.deepEqual([answer.statusCode, answer.json().attempt, answer.json().event_id], [202, 2, 1])
    assert.match(answer.json().url, /\/api\/runs\?project=localhost%2Facme%2F[^&]+&pr=1$/)
  }
  await world.settle()
  assert.deepEqual(await runsOf(world), ['1: delivery 1 canceled', '2: command 2 success'])
  const url = new URL(answers[0]?.json().url)
  assert.equal((await world.get<unknown[]>(url.pathname + url.search)).length, 2)
})

test('a request that comes late to its turn gives way to a newer commit, and to a closed pull request', async () => {
  await using world = await createWorld()
  const pr = await world.openPullRequest()
  await world.settle()
  await world.push(pr)
  await world.settle()
  const { database, queue } = world.service
  await queue.add(database.db, 'run-event', { eventId: 1, attempt: 2, cause: 'command' })
  await world.settle()
  await world.tell(pr, 'closed')
  await world.settle()
  await queue.add(database.db, 'run-event', { eventId: 2, attempt: 2, cause: 'command' })
  await world.settle()
  assert.deepEqual(await runsOf(world), ['1: delivery 1 success', '2: delivery 1 success'])
  const { triggers } = database.db.query
  assert.equal((await triggers.findFirst())?.open, false)
})

test('branches and releases are built again by their names, and what is not known is told', async () => {
  await using world = await createWorld()
  const repository = await world.createRepository('hello', { '.packit.yaml': PUSHES, 'hello.spec': 'Name: hello\n' })
  const after = repository.git('rev-parse', 'main')
  const tell = (ref: string) =>
    world.deliver({ kind: 'push', repository: { url: repository.path, namespace: 'a/b' }, ref, before: null, after })
  repository.git('tag', '1.0')
  await tell('refs/heads/main')
  await tell('refs/tags/1.0')
  await world.settle()

  // a namespace with a slash, written as it is and as one segment
  assert.equal(
    (await world.post('/api/projects/localhost/a/b/hello/runs', { body: { branch: 'main' } })).statusCode,
    202,
  )
  const release = await world.post('/api/projects/localhost/a%2Fb/hello/runs', { body: { release: '1.0' } })
  assert.equal(release.statusCode, 202, release.body)
  await world.settle()
  assert.deepEqual(
    (await runsOf(world))
      .slice(2)
      .map((run) => run.slice(3))
      .sort(),
    ['command 2 success', 'command 2 success'],
  )
  assert.deepEqual(await world.audit(), Array(2).fill('token 1 (admin): run.trigger project localhost/a/b/hello'))

  const path = '/api/projects/localhost/a/b/hello/runs'
  const refused = async (url: string, body: object) => {
    const answer = await world.post(url, { body })
    return `${answer.statusCode} ${answer.json().detail}`
  }
  assert.equal(await refused(path, { pr: 9 }), '404 pull request 9 of a/b/hello is not known here')
  assert.equal(await refused(path, { branch: 'nope' }), '404 branch nope of a/b/hello is not known here')
  assert.equal(await refused(path.replace('hello', 'other'), { pr: 9 }), '404 No info about project stored in DB')
})

test('an attempt that is given up is there, and says why', async () => {
  await using world = await createWorld()
  await world.openPullRequest()
  await world.settle()
  const { giveUpEvent } = await import('../src/events/run-event.ts')
  const data = { eventId: 1, attempt: 2, cause: 'command' as const }
  for (const _ of [1, 2]) await giveUpEvent(data, 'the forge is away', world.service.events)
  await world.settle()
  assert.deepEqual(await runsOf(world), ['1: delivery 1 success', '2: command 2 error'])
})
