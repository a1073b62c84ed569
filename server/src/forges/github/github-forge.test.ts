import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { ConfigError, ForbiddenError, NotFoundError } from '../../domain/errors.ts'
import { checkOf, openGithubWorld } from './test-world.ts'

test('what is asked is as GitHub describes it, and by the fewest requests', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  const pr = await github.openPullRequest({ repository: hello })
  const id = await forge.createCheck(repository, checkOf(pr.pull.head.sha))
  await forge.updateCheck(repository, id, checkOf(pr.pull.head.sha, { phase: { status: 'in_progress' } }))
  await forge.findPermission(repository, 'zoe')
  assert.deepEqual(github.calls.byOperation, {
    'apps/create-installation-access-token': 1,
    'checks/create': 1,
    'checks/update': 1,
    'repos/get-collaborator-permission-level': 1,
  })
  assert.deepEqual(github.violations, [])
})

test('a check shows all that it holds: link, times, buttons, and annotations by fifty a request', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  const pr = await github.openPullRequest({ repository: hello })
  const annotations = Array.from({ length: 120 }, (_, i) => ({
    path: 'hello.spec',
    startLine: i + 1,
    endLine: i + 1,
    level: 'failure' as const,
    title: 'wrong',
    message: `line ${i + 1}`,
  }))
  const buttons = [{ label: 'Retry', description: 'Build it again', word: 'retry' }]
  const output = { title: 'Failed', summary: 'x\n'.repeat(50_000), annotations, buttons }
  const at = { startedAt: new Date('2026-11-24T11:00:00Z'), endedAt: new Date('2026-11-24T11:05:00Z') }
  const check = checkOf(pr.pull.head.sha, { ...at, output, phase: { status: 'completed', conclusion: 'failure' } })
  const id = await forge.createCheck(repository, check)
  assert.deepEqual([world.calls('checks/create'), world.calls('checks/update')], [1, 2])

  // the answer may have got lost: a repeat shows nothing twice
  await forge.updateCheck(repository, id, check)

  const shown = github.findCheck(pr, check.name)
  assert.deepEqual(
    shown.output.annotations.map(({ message }) => message),
    annotations.map(({ message }) => message),
  )
  assert.ok(Buffer.byteLength(shown.output.summary ?? '') <= 65_535)
  assert.deepEqual(
    [shown.externalId, shown.detailsUrl, shown.startedAt, shown.completedAt],
    ['7', 'https://packit.example.org/jobs/copr/1', at.startedAt, at.endedAt],
  )
  assert.deepEqual(shown.actions, [{ label: 'Retry', description: 'Build it again', identifier: 'retry' }])
  assert.deepEqual(github.violations, [])
})

test('a token is asked for once by many, renewed before it ends, and once when it is refused', async () => {
  await using world = await openGithubWorld()
  const { github, forge, repository, later } = world
  const TOKENS = 'apps/create-installation-access-token'
  await Promise.all([1, 2, 3].map(() => forge.findRepository(repository)))
  assert.equal(world.calls(TOKENS), 1)
  later(56 * 60_000)
  await forge.findRepository(repository)
  assert.equal(world.calls(TOKENS), 2)
  // revoked
  github.state.tokens.clear()
  await Promise.all([forge.findRepository(repository), forge.findPermission(repository, 'acme')])
  assert.equal(world.calls(TOKENS), 3)
})

test('the App signs in though its clock is wrong, and a wrong key is told to the operator', async () => {
  let isAhead = true
  await using world = await openGithubWorld({
    now: () => new Date(Date.parse('2026-11-24T12:00:00Z') + (isAhead ? 20 * 60_000 : 0)),
  })
  const { github, forge } = world
  assert.equal((await Array.fromAsync(forge.listRepositories())).length, 1)
  isAhead = false
  const other = await github.createApp('other')
  world.setApp({ ...github.app, privateKey: other.privateKey })
  await assert.rejects(Array.fromAsync(forge.listRepositories()), {
    name: 'UnavailableError',
    message: /^GitHub does not accept the App's key \(.*\); see PACKIT_GITHUB_APP_ID, PACKIT_GITHUB_PRIVATE_KEY/,
  })
})

test('an installation is looked up where nobody names it, and anew when it is gone', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, installation, repository } = world
  const unnamed = { ...repository, installationId: null }
  assert.equal((await forge.findRepository(unnamed)).installationId, installation.id)
  await forge.findRepository(unnamed)
  assert.equal(world.calls('apps/get-repo-installation'), 1)
  await github.uninstall(installation)
  const again = await github.install(hello)
  assert.equal((await forge.findRepository(repository)).installationId, again.id)
  assert.equal((await forge.findRepository(unnamed)).installationId, again.id)
  await github.uninstall(again)
  await assert.rejects(forge.findRepository(repository), NotFoundError)
})

test('a suspended installation, and a permission that is missing, are refusals that waiting does not mend', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, installation, repository } = world
  const pr = await github.openPullRequest({ repository: hello })
  installation.permissions = { ...installation.permissions, checks: 'read' }
  await assert.rejects(forge.createCheck(repository, checkOf(pr.pull.head.sha)), (error: unknown) => {
    assert.ok(error instanceof ForbiddenError)
    return /does not let the App at the check rpm-build.*: Resource not accessible/.test(error.message)
  })
  await github.suspend(installation)
  await assert.rejects(forge.findRepository(repository), ForbiddenError)
  assert.deepEqual(await Array.fromAsync(forge.listRepositories()), [])
})

test('a repository that was renamed is reached by its former name, to read and to write', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  const pr = await github.openPullRequest({ repository: hello })
  await github.rename(hello, 'greeting')
  const found = await forge.findRepository({ ...repository, installationId: null })
  assert.equal(found.name, 'greeting')
  await forge.createCheck(repository, checkOf(pr.pull.head.sha))
  assert.equal(github.allCheckRuns(pr).length, 1)
  assert.equal((await Array.fromAsync(forge.listOpenPullRequests(repository))).length, 1)
})

test('a pull request tells whether it comes from a fork, and whether it is closed; one whose fork is gone is read', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  const own = await github.openPullRequest({ repository: hello })
  const forked = await github.openPullRequest({ repository: hello, author: 'zoe', fromFork: true })
  await github.close(own)
  const [a, b] = [
    await forge.findPullRequest(repository, own.number),
    await forge.findPullRequest(repository, forked.number),
  ]
  assert.deepEqual([a.action, a.head.isFork, b.action, b.head.isFork], ['closed', false, 'opened', true])
  assert.match(b.head.cloneUrl, /\/zoe\/hello/)
  forked.pull.head.repository = null
  const gone = await forge.findPullRequest(repository, forked.number)
  assert.deepEqual([gone.head.isFork, gone.head.cloneUrl], [true, gone.project.cloneUrl])
})

test('long lists are read page by page: repositories, pull requests, deliveries', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, installation, repository } = world
  for (let i = 0; i < 120; i++) {
    const copy = { ...hello, id: github.state.nextId(), name: `r${i}` }
    github.state.repositories.push(copy)
    if (installation.repositories !== 'all') installation.repositories.add(copy)
    const pr = await (i === 0 ? github.openPullRequest({ repository: hello }) : undefined)
    const [known] = github.state.pullsOf(hello)
    if (!pr && known) github.state.issues.push({ ...known, id: github.state.nextId(), number: 1000 + i })
    await github.ping()
  }
  assert.equal((await Array.fromAsync(forge.listRepositories())).length, 121)
  const numbers = (await Array.fromAsync(forge.listOpenPullRequests(repository))).map(({ number }) => number)
  assert.equal(new Set(numbers).size, 120)
  const deliveries = await Array.fromAsync(forge.listDeliveries(new Date(0)))
  assert.equal(deliveries.filter(({ event }) => event === 'ping').length, 120)
})

test('deliveries are listed back to an instant, with how they ended, and are sent again', async () => {
  await using world = await openGithubWorld()
  const { github, forge, later, now } = world
  await github.ping()
  later(60_000)
  const since = now()
  github.setDeliveryMode('drop')
  await github.ping()
  const listed = await Array.fromAsync(forge.listDeliveries(since))
  assert.deepEqual(
    listed.map(({ event, ok, deliveredAt }) => ({ event, ok, deliveredAt })),
    [{ event: 'ping', ok: false, deliveredAt: since }],
  )
  github.setDeliveryMode('send')
  await forge.redeliver(listed[0]?.id ?? '')
  await github.deliveries.settle()
  const [newest] = await Array.fromAsync(forge.listDeliveries(since))
  assert.deepEqual([newest?.ok, newest?.deliveryId], [true, listed[0]?.deliveryId])
})

test('git fetches a private repository with what the forge gives, good for this repository alone', async () => {
  await using world = await openGithubWorld({ isPrivate: true })
  const { github, forge, installation, repository } = world
  const other = await github.createRepository({ owner: 'acme', name: 'other', isPrivate: true })
  await github.changeRepositories(installation, { add: [other] })
  const authorization = await forge.fetchAuthorization(repository)
  const list = (name: string, header = 'X-None: 1') =>
    promisify(execFile)('git', ['ls-remote', `${github.url}/acme/${name}.git`], {
      env: {
        PATH: process.env.PATH,
        GIT_TERMINAL_PROMPT: '0',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'http.extraHeader',
        GIT_CONFIG_VALUE_0: header,
      },
    }).then(
      () => true,
      () => false,
    )
  assert.deepEqual([await list('hello', `Authorization: ${authorization}`), await list('hello')], [true, false])
  assert.equal(await list('other', `Authorization: ${authorization}`), false)
  const [, credentials = ''] = authorization.split(' ')
  assert.match(Buffer.from(credentials, 'base64').toString(), /^x-access-token:ghs_/)
})

test('a name that GitHub does not take is for the packager to mend, and is named', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  const pr = await github.openPullRequest({ repository: hello })
  const error = await forge.createCheck(repository, checkOf(pr.pull.head.sha, { name: '' })).then(
    () => undefined,
    (e: unknown) => e,
  )
  assert.ok(error instanceof ConfigError, String(error))
  assert.match(error.message, /name/)
})

test('another App forgets what was known of the first; without one everything waits', async () => {
  await using world = await openGithubWorld()
  const { github, forge, hello, repository } = world
  await forge.findRepository(repository)
  const other = await github.createApp('other')
  await github.install(hello, { app: other })
  world.setApp({ ...github.app, appId: other.id, privateKey: other.privateKey })
  await forge.findRepository({ ...repository, installationId: null })
  assert.equal(world.calls('apps/create-installation-access-token'), 2)
  world.setApp(undefined)
  await assert.rejects(forge.findRepository(repository), /no GitHub App is set up/)
  assert.deepEqual(forge.limits(), [])
})

test('the host is that of the API, of GitHub Enterprise too', async () => {
  await using world = await openGithubWorld()
  assert.equal(world.forge.host, '127.0.0.1')
  world.setApp({ ...world.github.app, apiUrl: 'https://github.example.org/api/v3' })
  assert.equal(world.forge.host, 'github.example.org')
  world.setApp(undefined)
  assert.equal(world.forge.host, 'github.com')
})
