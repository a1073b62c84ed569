// What a fork's configuration can't do: publish for others, speak for the project, or reach a secret.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { addToken } from './add-token.ts'
import {
  AUTHORIZATION,
  allow,
  builtCommits,
  createTrustWorld,
  eventsOf,
  openFork,
  type TrustWorld,
  tellGithub,
} from './trust-world.ts'
import { SECRET } from './world.ts'

const config = (job: string) => `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: pull_request, targets: [fedora-45-x86_64]${job}}
`

async function approved(trust: TrustWorld, files: Record<string, string>) {
  await allow(trust, 'github.com/acme')
  const pull = await openFork(trust, { files })
  await trust.world.settle()
  const answer = await trust.world.post('/api/events/1/approve')
  assert.equal(answer.statusCode, 202, answer.body)
  await trust.world.finish().catch((error: Error) => {
    // where reading needs a token the runs are not to be listed without one
    if (!error.message.includes('401')) throw error
  })
  return pull
}

test('even an approved fork is built with the rights that the base branch gives, and the plan tells of it', async () => {
  await using trust = await createTrustWorld({ config: config(", owner: '@acme', project: nightly") })
  await approved(trust, {
    '.packit.yaml': config(
      ", owner: '@acme', project: stable, enable_net: true, notifications: {failure_comment: {message: x}}",
    ),
  })

  const [input] = trust.world.srpms.made
  const { owner, project, enable_net, notifications } = input?.options ?? {}
  assert.deepEqual([owner, project, enable_net], ['@acme', 'nightly', false])
  assert.equal(notifications?.failure_comment.message, null)
  const [event] = await eventsOf(trust)
  assert.deepEqual(event?.plan?.warnings, [
    'copr_build of "hello": a fork can\'t change project, enable_net, notifications; what the base branch says holds, and without it the default',
  ])
  assert.equal(event?.plan?.config?.jobs[0]?.packages.hello?.project, 'nightly')
})

test('who may push to the project itself changes its configuration as they like', async () => {
  await using trust = await createTrustWorld({ config: config(', project: nightly') })
  const { project } = trust
  await allow(trust, 'github.com/acme')
  const base = { ref: 'main', sha: project.git('rev-parse', 'main') }
  project.git('checkout', '--quiet', '-b', 'own')
  const sha = await project.commit({ '.packit.yaml': config(', project: stable') }, 'Own')
  await tellGithub(trust, { number: 9, author: 'ann', fork: project, head: { ref: 'own', sha }, base }, 'opened')
  await trust.world.settle()
  assert.equal(trust.world.srpms.made[0]?.options.project, 'stable')
})

test('a fork of a project without a readable configuration gets no rights from anywhere', async () => {
  for (const broken of ['jobs: [', 'jobs: 7\n']) {
    await using trust = await createTrustWorld({ config: broken })
    await approved(trust, { '.packit.yaml': config(', project: stable, enable_net: true') })
    const { project, enable_net } = trust.world.srpms.made[0]?.options ?? {}
    assert.deepEqual([project, enable_net], [null, false])
  }
})

test("a fork's identifier does not publish into the repository of another pull request or branch", async () => {
  await using trust = await createTrustWorld()
  const { world, forge } = trust
  forge.permissions.ann = 'write'
  await allow(trust, 'github.com/acme')
  const names = async () => {
    const rows = await world.service.database.db.query.pipelines.findMany({ orderBy: (row, { asc }) => asc(row.id) })
    return rows.map((row) => row.repositoryName)
  }
  // a branch "1-x", told by plain git for the same project as the forge has it
  const { events } = world.service
  const { headOfPush } = await import('../src/events/event-head.ts')
  const { runHead } = await import('../src/events/run-head.ts')
  trust.project.git('checkout', '--quiet', '-b', '1-x')
  const sha = await trust.project.commit({ '.packit.yaml': config('').replace('pull_request', 'commit, branch: 1-x') })
  const project = {
    forge: 'github.com',
    namespace: 'acme',
    name: 'hello',
    webUrl: '',
    cloneUrl: trust.project.path,
    isPrivate: false,
  }
  const head = headOfPush(
    { kind: 'push', project, ref: '1-x', refKind: 'branch', before: null, after: sha, author: '' },
    1,
  )
  assert.ok(typeof head === 'object')
  await runHead(undefined, head, events)
  await world.settle()
  await openFork(trust, { author: 'ann', files: { '.packit.yaml': config(', identifier: x') } })
  await world.settle()

  const [branch, fork] = await names()
  assert.equal(branch, 'acme-hello-1-x')
  assert.match(fork ?? '', /^acme-hello-1-x~\d+(\.\d+)?$/)
  // told again it stays where it was
  const pull = await openFork(trust, { author: 'ann', files: { '.packit.yaml': config(', identifier: x'), more: 'x' } })
  assert.equal(pull.number, 1)
  await world.settle()
  assert.equal((await names()).at(-1), fork)
})

const KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey
const SECRETS = {
  PACKIT_GITHUB_APP_ID: '4711',
  PACKIT_GITHUB_PRIVATE_KEY: KEY,
  PACKIT_GITHUB_CLIENT_SECRET: 'hunter2-of-the-client',
  PACKIT_GITHUB_WEBHOOK_SECRET: SECRET,
  PACKIT_PRIVATE_NAMESPACES: 'github.com/acme',
}

function assertNoSecret(text: string, more: readonly string[] = []): void {
  const secrets = [SECRET, 'hunter2', AUTHORIZATION, 'PRIVATE KEY', KEY.split('\n')[1] ?? KEY, ...more]
  for (const secret of secrets) assert.ok(!text.includes(secret), `${secret.slice(0, 20)}… is there`)
}

test('what an SRPM of a private fork is made of holds no setting, token, key or authorization', async () => {
  await using trust = await createTrustWorld({ env: SECRETS, isPrivate: true })
  const token = await addToken(trust.world.service.database.db, ['admin'], { name: 'other' })
  const hostile = 'actions: {post-upstream-clone: "bash -c env"}\n'
  const pull = await approved(trust, { '.packit.yaml': hostile + config('') })

  assert.deepEqual(builtCommits(trust), [pull.head.sha])
  const { srpmBuilds, projectEvents } = trust.world.service.database.db.query
  const stored = [await srpmBuilds.findMany(), await projectEvents.findMany(), trust.world.srpms.made]
  assertNoSecret(JSON.stringify(stored), [token, '4711'])
})

test('hostile actions of a fork find no secret in their environment, in other processes or in any file', async () => {
  const given = { ...process.env }
  Object.assign(process.env, SECRETS)
  try {
    await using trust = await createTrustWorld({ env: SECRETS, isPrivate: true, real: true })
    const script = [
      'env',
      'cat /proc/[0-9]*/environ | tr "\\0" "\\n"',
      'git config --list --show-origin; cat .git/config',
      // the words themselves would be in the log by the command
      "grep -rIhE 'hunter[2]|PRIVATE [K]EY|a secret of the [t]ests' /build /tmp /etc /packit/server/src /dev/shm 2>/dev/null",
      'echo looked everywhere',
    ]
    const files = { 'look.sh': `${script.join('\n')}\n` }
    const hostile = 'actions: {post-upstream-clone: [[bash, look.sh]]}\n'
    await approved(trust, { '.packit.yaml': hostile + config(''), ...files })
    const [srpm] = await trust.world.service.database.db.query.srpmBuilds.findMany()
    const log = await trust.world.service.storage.range(srpm?.logKey ?? '', 0, 10_000_000)
    const text = String(log?.data)
    assert.match(text, /looked everywhere/)
    assertNoSecret(text)
  } finally {
    process.env = given
  }
})

test('a private repository is refused unless its namespace is named, and then nobody reads without a token', async () => {
  for (const named of [undefined, 'github.com/other', 'github.com/acme']) {
    await using trust = await createTrustWorld({
      isPrivate: true,
      ...(named ? { env: { PACKIT_PRIVATE_NAMESPACES: named } } : {}),
    })
    const { world } = trust
    await allow(trust, 'github.com/acme')
    trust.forge.permissions.ann = 'write'
    const pull = await openFork(trust, { author: 'ann' })
    await world.settle()

    const isServed = named === 'github.com/acme'
    const [delivery] = await world.service.database.db.query.deliveries.findMany()
    assert.equal(delivery?.state, isServed ? 'decided' : 'refused')
    assert.deepEqual(builtCommits(trust), isServed ? [pull.head.sha] : [])
    if (isServed) {
      for (const url of ['/api/runs', '/api/projects', '/api/deliveries', '/api/events/1'])
        assert.equal((await world.http.inject({ url })).statusCode, url === '/api/events/1' ? 404 : 401, url)
    } else {
      assert.match(delivery?.reasons.join() ?? '', /^private repository: PACKIT_PRIVATE_NAMESPACES/)
      assert.deepEqual(await eventsOf(trust), [])
    }
  }
})
