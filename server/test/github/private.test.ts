import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemStatus } from '../../src/cli/status.ts'
import { FakeGithub } from '../../src/forges/github/fake/fake-github.ts'
import { createWorld } from '../world.ts'

const FILES = {
  '.packit.yaml':
    'upstream_package_name: hello\njobs:\n- {job: copr_build, trigger: pull_request, targets: [fedora-43]}\n',
  'hello.spec': 'Name: hello\nVersion: 1.0\nRelease: 1\nSummary: x\nLicense: MIT\n%description\nx\n',
}

test('pull requests of a private repository, from forks too, are fetched, to be decided and to be built, with the token of the App', async () => {
  await using github = await FakeGithub.start({ deliver: async () => 202 })
  const { appId, privateKey, webhookSecret, apiUrl } = github.app
  await using world = await createWorld({
    allowed: ['127.0.0.1'],
    env: {
      PACKIT_GIT_ALLOW: 'http://127.0.0.1',
      PACKIT_PRIVATE_NAMESPACES: '127.0.0.1/acme',
      PACKIT_GITHUB_APP_ID: String(appId),
      PACKIT_GITHUB_PRIVATE_KEY: privateKey,
      PACKIT_GITHUB_WEBHOOK_SECRET: webhookSecret,
      PACKIT_GITHUB_API_URL: apiUrl,
    },
  })
  github.deliverTo(async (headers, payload) => {
    const sent = { method: 'POST', url: '/api/webhooks/github', headers, payload } as const
    return (await world.http.inject(sent)).statusCode
  })
  const hello = await github.createRepository({ owner: 'acme', name: 'hello', isPrivate: true, files: FILES })
  await github.install(hello)
  github.createUser('zoe')
  github.setPermission(hello, 'zoe', 'write')

  await github.openPullRequest({ repository: hello })
  await github.openPullRequest({ repository: hello, author: 'zoe', fromFork: true })
  await github.deliveries.settle()
  await world.settle()

  assert.equal(world.srpms.made.length, 2)
  assert.ok(world.service.forges.requests().some(({ operation, status }) => operation === 'token' && status === '201'))
  const metrics = (await world.http.inject({ url: '/metrics' })).body
  assert.match(metrics, /packit_forge_requests_total\{operation="token",status="201"\} [1-9]/)
  assert.match(metrics, /packit_forge_requests_remaining\{forge="127\.0\.0\.1",whose="the App itself"\} 49\d\d/)
  assert.ok(!metrics.includes('ghs_'))
  const { forges } = await systemStatus(world.service)
  const found = forges.find(({ whose }) => whose === 'the App itself')
  const { reset_at, remaining, ...limit } = { reset_at: 0, remaining: 0, ...found }
  assert.deepEqual(limit, {
    forge: '127.0.0.1',
    whose: 'the App itself',
    limit: 5000,
    blocked_until: null,
    reason: null,
  })
  assert.ok(remaining < 5000 && reset_at > Date.now() / 1000)
})
