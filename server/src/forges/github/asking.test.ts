import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UnavailableError } from '../../domain/errors.ts'
import { checkOf, openGithubWorld } from './test-world.ts'

test('a write whose answer is lost is not repeated: the caller finds out what came of it', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  const pr = await github.openPullRequest({ repository: hello })
  const check = checkOf(pr.pull.head.sha)
  for (const kind of ['drop-after', 'drop-before', 'bad-gateway', 'wrong-type'] as const) {
    github.failNext({ kind, method: 'POST', path: '/check-runs' })
    await assert.rejects(forge.createCheck(repository, check), UnavailableError, kind)
  }
  assert.equal(github.allCheckRuns(pr).length, 1)
  assert.equal(await forge.findCheck(repository, check), String(github.allCheckRuns(pr)[0]?.id))

  const place = { on: 'pull_request', number: pr.number } as const
  github.failNext({ kind: 'drop-after', method: 'POST', path: '/comments' })
  await assert.rejects(forge.addComment(repository, place, 'Hello <!-- 7 -->'), UnavailableError)
  assert.equal(github.comments(pr).length, 1)
  assert.ok(await forge.findComment(repository, place, '<!-- 7 -->'))
})

test('a read is tried once more, and no more often', async () => {
  await using world = await openGithubWorld()
  const { github, forge, repository } = world
  for (const kind of ['bad-gateway', 'drop-before', 'unavailable', 'gateway-timeout'] as const) {
    github.failNext({ kind, method: 'GET' })
    assert.equal((await forge.findRepository(repository)).name, 'hello', kind)
    github.failNext({ kind, method: 'GET', times: 2 })
    await assert.rejects(
      forge.findRepository(repository),
      { name: 'UnavailableError', message: /^GitHub can't be asked for the repository acme\/hello now: / },
      kind,
    )
  }
  assert.ok(world.counts.list().some(({ operation, status }) => operation === 'findRepository' && status === 'none'))
})

test('what does not answer in time ends, in words', async () => {
  await using world = await openGithubWorld({ timeoutMs: 300 })
  const { github, forge, repository } = world
  await forge.findRepository(repository)
  github.failNext({ kind: 'hang', times: 2 })
  const startedAt = performance.now()
  await assert.rejects(forge.findRepository(repository), {
    name: 'UnavailableError',
    message: /did not answer in time$/,
  })
  assert.ok(performance.now() - startedAt < 3_000)
})

test('a page of a proxy is no answer, whatever its status', async () => {
  await using world = await openGithubWorld()
  const { github, forge, repository } = world
  github.failNext({ kind: 'wrong-type', method: 'GET' })
  await assert.rejects(forge.findRepository(repository), /GitHub's answer about .* is none of its API/)
})

test('an unchanged answer is asked for by its ETag, and does not count', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  const pr = await github.openPullRequest({ repository: hello })
  const ask = async () => ({
    permission: await forge.findPermission(repository, 'acme'),
    pull: await forge.findPullRequest(repository, pr.number),
    repository: await forge.findRepository(repository),
    all: await Array.fromAsync(forge.listRepositories()),
  })
  // the first look at a pull request has GitHub find out whether it can be merged
  await ask()
  const first = await ask()
  const { counted } = github.calls
  assert.deepEqual(await ask(), first)
  assert.equal(github.calls.counted, counted)
  github.setPermission(hello, 'ann', 'write')
  assert.equal(await forge.findPermission(repository, 'ann'), 'write')
  github.setPermission(hello, 'ann', 'read')
  assert.equal(await forge.findPermission(repository, 'ann'), 'read')
})

test('a secondary limit is obeyed for the whole installation until it is over', async () => {
  await using world = await openGithubWorld()
  const { github, forge, repository, later } = world
  await forge.findRepository(repository)
  github.failNext({ kind: 'secondary-limit' })
  await assert.rejects(forge.findRepository(repository), (error: unknown) => {
    assert.ok(error instanceof UnavailableError)
    return error.retryAfterMs === 60_000 && !error.hasDeadline
  })
  const asked = github.requests.length
  await assert.rejects(forge.findPermission(repository, 'ann'), {
    message: 'GitHub is left alone until 2026-11-24 12:01:00 UTC for acme: GitHub asked for it (too much at a time)',
  })
  assert.equal(github.requests.length, asked)
  const [limit] = forge.limits().filter(({ whose }) => whose === 'acme')
  assert.deepEqual(limit?.blockedUntil, new Date('2026-11-24T12:01:00Z'))
  later(60_000)
  assert.equal((await forge.findRepository(repository)).name, 'hello')
})

test('a short wait is waited for, and what was refused for it is done once', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  const pr = await github.openPullRequest({ repository: hello })
  github.limit({ retryAfterS: 2, status: 429 })
  github.failNext({ kind: 'secondary-limit', path: '/check-runs' })
  await forge.createCheck(repository, checkOf(pr.pull.head.sha))
  assert.equal(github.allCheckRuns(pr).length, 1)
})

test('when few requests are left, checks are made and ended, and nothing between', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  const pr = await github.openPullRequest({ repository: hello })
  github.limit({ remaining: 150 })
  const check = checkOf(pr.pull.head.sha)
  const id = await forge.createCheck(repository, check)
  const running = { ...check, phase: { status: 'in_progress' } as const }
  await assert.rejects(forge.updateCheck(repository, id, running), (error: unknown) => {
    assert.ok(error instanceof UnavailableError)
    assert.match(error.message, /fewer than 200 requests are left/)
    return error.retryAfterMs === 3_600_000 + 1_000
  })
  await forge.updateCheck(repository, id, { ...running, isUrgent: true })
  await assert.rejects(forge.createCheck(repository, { ...check, isUrgent: false }), UnavailableError)
  await forge.updateCheck(repository, id, { ...check, phase: { status: 'completed', conclusion: 'success' } })
  assert.match(forge.limits().find(({ whose }) => whose === 'acme')?.reason ?? '', /fewer than 200/)
})

test('without requests left nothing is asked until the reset', async () => {
  await using world = await openGithubWorld()
  const { github, forge, repository, later } = world
  await forge.findRepository(repository)
  github.limit({ remaining: 0 })
  await assert.rejects(forge.findPermission(repository, 'ann'), UnavailableError)
  const asked = github.requests.length
  await assert.rejects(forge.findPermission(repository, 'ann'), /all requests of this hour are used/)
  assert.equal(github.requests.length, asked)
  later(3_600_000 + 1_000)
  assert.equal(await forge.findPermission(repository, 'acme'), 'admin')
})

test('at most so many requests are on their way at a time', async () => {
  await using world = await openGithubWorld({ mostAtATime: 3 })
  const { github, forge, repository } = world
  await forge.findRepository(repository)
  github.limit({ concurrent: 3, pointsPerMinute: 10_000 })
  await Promise.all(Array.from({ length: 40 }, (_, i) => forge.findPermission(repository, `user-${i}`)))
})
