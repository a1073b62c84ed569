import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from './world.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'

test('an opened pull request becomes one run with a check for each chroot', async () => {
  await using world = await createWorld()
  const pr = await world.openPullRequest()
  await world.settle()

  const [run, ...more] = await world.runs()
  assert.equal(more.length, 0)
  assert.equal(run?.state, 'success')
  assert.equal(run?.commit?.sha, pr.head.sha)
  const { event_id } = await world.get<{ event_id: number }>(`/api/runs/merged/${run?.merged_run_id}`)
  assert.deepEqual(await world.checks(event_id), {
    [`rpm-build:${FEDORA}`]: 'success',
    [`rpm-build:${EPEL}`]: 'success',
    packit: 'success',
  })
})

test('each chroot ends as its build ends, and the run fails when one does', async () => {
  await using world = await createWorld()
  world.builder.endsAlone = false
  await world.openPullRequest()
  await world.settle()
  const [buildId = ''] = [...world.builder.builds.keys()]
  await world.builder.end(buildId, FEDORA, 'success')
  await world.builder.end(
    buildId,
    EPEL,
    'failure',
    'Executing(%check): /bin/sh\nFAIL: test_one\nerror: Bad exit status from /var/tmp/rpm-tmp.x (%check)\n',
  )
  await world.settle()

  const [run] = await world.runs()
  assert.equal(run?.state, 'failure')
  assert.deepEqual(Object.fromEntries(run?.copr.map((c) => [c.target, c.status]) ?? []), {
    [FEDORA]: 'success',
    [EPEL]: 'failure',
  })
  const detail = await world.get<{ causes: { section: string | null; target: string }[] }>(
    `/api/runs/merged/${run?.merged_run_id}`,
  )
  assert.deepEqual(
    detail.causes.map((c) => [c.target, c.section]),
    [[EPEL, '%check']],
  )
})

test('a push while the SRPM is made cancels the old run and starts a new one', async () => {
  await using world = await createWorld()
  world.srpms.hold()
  const pr = await world.openPullRequest()
  await world.settle()
  await world.push(pr)
  await world.settle()
  world.srpms.release()
  await world.settle()

  const [first, second, ...more] = await world.runs()
  assert.equal(more.length, 0)
  assert.equal(first?.state, 'canceled')
  assert.match(first?.reason ?? '', /superseded by/)
  assert.equal(second?.state, 'success')
})

test('closing cancels what runs; reopening starts again, with the same commit', async () => {
  await using world = await createWorld()
  world.builder.endsAlone = false
  const pr = await world.openPullRequest()
  await world.settle()
  await world.tell(pr, 'closed')
  await world.settle()
  assert.deepEqual(
    (await world.runs()).map((r) => r.state),
    ['canceled'],
  )

  world.builder.endsAlone = true
  await world.tell(pr, 'reopened')
  await world.settle()
  const runs = await world.runs()
  assert.deepEqual(
    runs.map((r) => r.state),
    ['canceled', 'success'],
  )
  assert.equal(runs[0]?.commit?.sha, runs[1]?.commit?.sha)
})

test('the same delivery twice, and another about the same head, count once', async () => {
  await using world = await createWorld()
  const pr = await world.openPullRequest()
  const id = 'the same'
  await world.tell(pr, 'updated', { delivery: id })
  await world.tell(pr, 'updated', { delivery: id })
  await world.tell(pr, 'opened')
  await world.settle()
  assert.equal((await world.runs()).length, 1)
  assert.equal(world.srpms.made.length, 1)
})

test('an older head that is told late has its event, and nothing is built for it', async () => {
  await using world = await createWorld()
  const pr = await world.openPullRequest()
  await world.settle()
  const old = await world.push(pr, { tell: false })
  await world.push(pr)
  await world.settle()
  await world.tell(pr, 'updated', { sha: old, at: Date.parse('2026-11-24T12:00:01Z') })
  await world.settle()

  assert.equal((await world.runs()).length, 2)
  assert.ok(world.srpms.made.every((input) => input.headSha !== old))
  const last = await world.get<{ decision: string; reasons: string[] }>('/api/deliveries/3')
  assert.equal(last.decision, 'superseded')
})

test('a flood of doubled and shuffled deliveries leaves one living run, of the newest head', async () => {
  await using world = await createWorld()
  const pr = await world.openPullRequest()
  const heads = [pr.head.sha]
  for (let i = 0; i < 5; i += 1) heads.push(await world.push(pr, { tell: false }))
  const start = Date.parse('2026-11-24T13:00:00Z')
  const told = [3, 0, 5, 1, 4, 2, 5, 3, 0, 1].map((i) => ({ i, sha: heads[i] ?? '' }))
  await Promise.all(told.map(({ i, sha }) => world.tell(pr, 'updated', { sha, at: start + i })))
  // of jobs that are there twice one may have looked again a little later
  await world.finish()

  const runs = await world.runs()
  const living = runs.filter((run) => run.state !== 'canceled')
  const newest = runs.filter((run) => run.commit?.sha === heads[5])
  assert.equal(newest.length, 1)
  assert.equal(newest[0]?.state, 'success')
  // a head that was built before a newer one was told of may have ended well
  for (const run of living) assert.equal(run.state, 'success')
  const events = await world.service.database.db.query.projectEvents.findMany()
  assert.deepEqual(new Set(events.map((e) => e.commitSha)), new Set(heads))
  assert.equal(events.filter((e) => e.supersededBy === null).length, 1)
})
