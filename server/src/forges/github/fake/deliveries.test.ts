import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { isSignedWith } from '../../signature.ts'
import { FakeGithub } from './fake-github.ts'
import { ask, makeJwt, makeToken } from './test-caller.ts'

interface Heard {
  guid: string
  event: string
  body: Record<string, unknown>
}

/** A fake whose deliveries are answered with `status` and remembered. */
async function createWorld(status = { code: 202 }) {
  const heard: Heard[] = []
  const github = await FakeGithub.start({
    deliver: async (headers, text) => {
      assert.ok(isSignedWith(github.app.webhookSecret, Buffer.from(text), headers['x-hub-signature-256'] ?? ''))
      const { 'x-github-delivery': guid = '', 'x-github-event': event = '' } = headers
      heard.push({ guid, event, body: JSON.parse(text) })
      return status.code
    },
  })
  const repository = await github.createRepository({ owner: 'acme', name: 'hello' })
  const installation = await github.install(repository)
  const words = () => heard.splice(0).map(({ event, body }) => [event, body.action].filter(Boolean).join(' '))
  words()
  return {
    github,
    repository,
    installation,
    heard,
    words,
    status,
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  }
}

test('each deed with a pull request sends what GitHub sends for it, signed', async () => {
  await using world = await createWorld()
  const { github, repository, words } = world
  const pr = await github.openPullRequest({ repository, author: 'zoe', fromFork: true, isDraft: true })
  assert.deepEqual(words(), ['pull_request opened'])
  const { sha: before } = pr.pull.head
  await github.push(pr)
  const { body } = world.heard[0] ?? {}
  assert.deepEqual([body?.before, body?.after], [before, pr.pull.head.sha])
  await github.markReady(pr)
  await github.label(pr, 'x')
  await github.unlabel(pr, 'x')
  await github.pushBranch({ repository, branch: 'next' })
  await github.retarget(pr, 'next')
  await github.retitle(pr, 'Better')
  await github.close(pr)
  await github.reopen(pr)
  assert.deepEqual(words(), [
    'pull_request synchronize',
    'pull_request ready_for_review',
    'pull_request labeled',
    'pull_request unlabeled',
    'push',
    'check_suite requested',
    'pull_request edited',
    'pull_request edited',
    'pull_request closed',
    'pull_request reopened',
  ])
})

test('pushes, releases, comments and the merge queue send what GitHub sends for them', async () => {
  await using world = await createWorld()
  const { github, repository, words } = world
  const sha = await github.release({ repository, tag: 'v1' })
  assert.deepEqual(words(), ['push', 'release created', 'release published', 'release released'])
  await github.deleteBranch(repository, (await github.pushBranch({ repository, branch: 'b' })) && 'b')
  assert.deepEqual(words(), ['push', 'check_suite requested', 'push'])
  const pr = await github.openPullRequest({ repository, author: 'zoe', fromFork: true })
  const comment = await github.comment(pr, 'zoe', '/packit build')
  await github.editComment(comment, '/packit test')
  await github.comment(github.openIssue(repository, 'zoe'), 'zoe', 'hi')
  await github.comment({ repository, sha }, 'zoe', '/packit build')
  assert.deepEqual(words(), [
    'pull_request opened',
    'issue_comment created',
    'issue_comment edited',
    'issue_comment created',
    'commit_comment created',
  ])
  const group = await github.queueMerge(pr)
  await github.leaveQueue(group, 'merged')
  assert.deepEqual(
    words().filter((word) => !word.startsWith('check_suite')),
    ['push', 'merge_group checks_requested', 'merge_group destroyed', 'push', 'push', 'pull_request closed'],
  )
  await github.ping()
  assert.deepEqual(words(), ['ping'])
})

test('installations and repositories that change send what GitHub sends for them', async () => {
  await using world = await createWorld()
  const { github, repository, installation, words, heard } = world
  const more = await github.createRepository({ owner: 'acme', name: 'more' })
  await github.changeRepositories(installation, { add: [more] })
  await github.changeRepositories(installation, { remove: [more] })
  await github.suspend(installation)
  await github.unsuspend(installation)
  await github.rename(repository, 'hullo')
  await github.setVisibility(repository, true)
  await github.renameAccount(repository.owner, 'acme2')
  const { changes, account } = heard.at(-1)?.body ?? {}
  assert.deepEqual(changes, { login: { from: 'acme' } })
  assert.equal((account as { login: string }).login, 'acme2')
  await github.deleteRepository(repository)
  await github.uninstall(installation)
  assert.deepEqual(words(), [
    'installation_repositories added',
    'installation_repositories removed',
    'installation suspend',
    'installation unsuspend',
    'repository renamed',
    'repository privatized',
    'installation_target renamed',
    'repository deleted',
    'installation deleted',
  ])
})

test('a check that is asked for again comes back with the id that we gave it', async () => {
  await using world = await createWorld()
  const { github, repository, installation, heard, words } = world
  const pr = await github.openPullRequest({ repository, author: 'zoe', fromFork: true })

  const token = await makeToken(github, installation)
  const actions = [{ label: 'Approve', description: 'Build it', identifier: 'approve' }]
  const body = { name: 'packit', head_sha: pr.pull.head.sha, external_id: '42', conclusion: 'action_required', actions }
  await ask(github, 'POST /repos/acme/hello/check-runs', { token, body })
  await github.deliveries.settle()
  assert.deepEqual(words(), ['pull_request opened', 'check_run created', 'check_run completed'])
  const check = github.findCheck(pr, 'packit')
  await github.rerun(check, 'zoe')
  await github.clickButton(check, 'approve', 'zoe')
  await github.rerunAll(check, 'zoe')
  await assert.rejects(github.clickButton(check, 'deny'), /no button deny/)
  const [rerun, click] = heard
  assert.equal((rerun?.body.check_run as { external_id: string } | undefined)?.external_id, '42')
  assert.deepEqual(click?.body.requested_action, { identifier: 'approve' })
  assert.deepEqual(words(), ['check_run rerequested', 'check_run requested_action', 'check_suite rerequested'])
})

test('a delivery that failed stays listed as failed and is sent again only when asked, with the same GUID', async () => {
  await using world = await createWorld({ code: 500 })
  const { github, repository, heard, status } = world
  await github.openPullRequest({ repository, author: 'zoe', fromFork: true })
  const token = makeJwt(github)
  const list = async (query: string) =>
    (await ask(github, `GET /app/hook/deliveries?${query}`, { token })).body as unknown as Record<string, unknown>[]
  const [failed] = await list('status=failure&per_page=1')
  assert.deepEqual([failed?.event, failed?.status_code, failed?.redelivery], ['pull_request', 500, false])
  assert.equal(heard.length, 1)
  status.code = 202
  const answer = await ask(github, `POST /app/hook/deliveries/${failed?.id}/attempts`, { token })
  assert.equal(answer.status, 202)
  await github.deliveries.settle()
  assert.equal(heard[0]?.guid, heard[1]?.guid)
  const [again] = await list('per_page=1')
  assert.deepEqual([again?.guid, again?.redelivery, again?.status], [failed?.guid, true, 'OK'])
  assert.notEqual(again?.id, failed?.id)
  assert.deepEqual(github.violations, [])
})

test('the list of deliveries goes on by the cursor of its link, newest first', async () => {
  await using world = await createWorld()
  const { github } = world
  for (let count = 0; count < 5; count += 1) await github.ping()
  const token = makeJwt(github)
  const ids: number[] = []
  let path: string | undefined = '/app/hook/deliveries?per_page=2'
  while (path) {
    const answer = await ask(github, `GET ${path}`, { token })
    ids.push(...(answer.body as unknown as { id: number }[]).map(({ id }) => id))
    path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]?.slice(github.apiUrl.length)
  }
  assert.deepEqual(ids, github.deliveries.log.map(({ id }) => id).toReversed())
})

test('deliveries can be held and shuffled, dropped or doubled', async () => {
  await using world = await createWorld()
  const { github, heard } = world
  github.setDeliveryMode('hold')
  await github.ping()
  await github.ping()
  assert.equal(heard.length, 0)
  const [first, second] = github.deliveries.held
  await github.releaseDeliveries((held) => held.toReversed())
  assert.deepEqual(
    heard.splice(0).map(({ guid }) => guid),
    [second?.guid, first?.guid],
  )
  github.setDeliveryMode('drop')
  await github.ping()
  assert.equal(heard.length, 0)
  assert.equal(github.deliveries.log.at(-1)?.status, 'failed to connect to host')
  github.setDeliveryMode('double')
  await github.ping()
  assert.equal(new Set(heard.map(({ guid }) => guid)).size, 1)
  assert.equal(heard.length, 2)
})

test('a delivery to an address is over after the time limit, and fails where nobody listens', async () => {
  const server = http.createServer((request, answer) => {
    if (request.url === '/now') answer.writeHead(202).end('thanks')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await using github = await FakeGithub.start()
  github.deliveries.timeLimitMs = 200
  const send = async (target: string) => {
    github.deliverTo(target)
    await github.ping()
    return github.deliveries.log.at(-1)?.status
  }
  assert.equal(await send(`http://127.0.0.1:${port}/now`), 'OK')
  assert.equal(github.deliveries.log.at(-1)?.answer.payload, 'thanks')
  assert.equal(await send(`http://127.0.0.1:${port}/never`), 'timed out')
  server.closeAllConnections()
  server.close()
  assert.equal(await send(`http://127.0.0.1:${port}/now`), 'failed to connect to host')
})
