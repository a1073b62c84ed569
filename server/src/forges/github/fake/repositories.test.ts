import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeWorld } from './test-caller.ts'

test('mergeable is null at first and known at the next look', async () => {
  await using world = await createFakeWorld()
  const look = async () => (await world.ask('GET /repos/acme/hello/pulls/1')).body
  assert.equal((await look()).mergeable, null)
  const { mergeable, merge_commit_sha } = await look()
  assert.deepEqual([mergeable, merge_commit_sha], [true, world.pr.pull.merge.sha])
})

test('the head of a pull request has no repository once its fork is gone', async () => {
  await using world = await createFakeWorld()
  const { github, pr } = world
  const fork = pr.pull.head.repository
  assert.ok(fork)
  await github.deleteRepository(fork)
  const { body } = await world.ask('GET /repos/acme/hello/pulls/1')
  assert.equal((body.head as { repo: unknown }).repo, null)
  assert.deepEqual(github.violations, [])
})

test('a former name leads to the new one, also for a write, and is free for another repository', async () => {
  await using world = await createFakeWorld()
  const { github, repository } = world
  await github.rename(repository, 'hullo')
  const moved = await world.ask('GET /repos/acme/hello')
  assert.equal(moved.status, 301)
  assert.equal(moved.headers.get('location'), `${github.apiUrl}/repositories/${repository.id}`)
  assert.equal((await world.ask(`GET /repositories/${repository.id}`)).body.full_name, 'acme/hullo')
  const write = await world.ask('POST /repos/acme/hello/issues/1/comments', { body: 'x' })
  assert.equal(write.status, 307)
  await github.createRepository({ owner: 'acme', name: 'hello' })
  assert.equal((await world.ask('GET /repos/acme/hello')).status, 200)
})

test('a list is told page by page, with links to the others', async () => {
  await using world = await createFakeWorld()
  const { github, pr } = world
  for (let count = 1; count <= 5; count += 1) await github.comment(pr, 'zoe', `${count}`)
  const path = '/repos/acme/hello/issues/1/comments?per_page=2'
  const first = await world.ask(`GET ${path}`)
  const link = first.headers.get('link') ?? ''
  assert.match(link, /page=2>; rel="next"/)
  assert.match(link, /page=3>; rel="last"/)
  const last = await world.ask(`GET ${path}&page=3`)
  assert.equal((last.body as unknown as unknown[]).length, 1)
  assert.doesNotMatch(last.headers.get('link') ?? '', /next/)
})

test('permissions are those that were set; everybody reads what is public', async () => {
  await using world = await createFakeWorld()
  const { github, repository } = world
  github.setPermission(repository, 'ann', 'write')
  const of = async (login: string) =>
    (await world.ask(`GET /repos/acme/hello/collaborators/${login}/permission`)).body.permission
  assert.deepEqual([await of('acme'), await of('ann'), await of('zoe')], ['admin', 'write', 'read'])
  await github.setVisibility(repository, true)
  assert.equal(await of('zoe'), 'none')
  assert.equal((await world.ask('GET /repos/acme/hello/collaborators/nobody/permission')).status, 404)
})

test('the newest check of a name is shown; all are listed when asked for', async () => {
  await using world = await createFakeWorld()
  const { github, pr, sha } = world
  const create = (conclusion: string) =>
    world.ask('POST /repos/acme/hello/check-runs', { name: 'packit', head_sha: sha, conclusion })
  await create('failure')
  await create('success')
  assert.equal(github.checkRuns(pr).packit?.conclusion, 'success')
  const list = async (query: string) =>
    (await world.ask(`GET /repos/acme/hello/commits/${sha}/check-runs?check_name=packit${query}`)).body.total_count
  assert.deepEqual([await list(''), await list('&filter=all'), await list('&app_id=1')], [1, 2, 0])
})
