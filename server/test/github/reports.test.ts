import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { FakeGithub } from '../../src/forges/github/fake/fake-github.ts'
import { createWorld } from '../world.ts'

const CHROOTS = ['fedora-45-x86_64', 'fedora-44-x86_64', 'epel-10-x86_64']
const CONFIG = `specfile_path: hello.spec
notifications:
  pull_request: {successful_build: true}
jobs:
- job: copr_build
  trigger: pull_request
  targets: [${CHROOTS.join(', ')}]
`
const FAILED = 'Executing(%check): /bin/sh\nFAIL: test_one\nerror: Bad exit status from /var/tmp/rpm-tmp.x (%check)\n'

/** A service beside a GitHub of our own, with one repository. */
async function createGithub(config = CONFIG) {
  const github = await FakeGithub.start({ deliver: async () => 202 })
  const { appId, privateKey, webhookSecret, apiUrl } = github.app
  const world = await createWorld({
    chroots: CHROOTS,
    reportTiming: { spacingMs: 1 },
    env: {
      PACKIT_GIT_ALLOW: 'http://127.0.0.1',
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
  const files = { '.packit.yaml': config, 'hello.spec': 'Name: hello\nVersion: 1.0\nRelease: 1\n' }
  const repository = await github.createRepository({ owner: 'acme', name: 'hello', files })
  await github.install(repository)
  /** Until GitHub shows all that is wanted. */
  const shown = async () => {
    for (;;) {
      await github.deliveries.settle()
      await world.settle()
      const { db } = world.service.database
      const rows = await db.query.checks.findMany()
      const posts = await db.query.posts.findMany()
      if (rows.every((row) => row.shownVersion >= row.version) && posts.every((p) => p.state !== 'waiting')) return
      await sleep(30)
    }
  }
  return {
    github,
    world,
    repository,
    shown,
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await github[Symbol.asyncDispose]()
    },
  }
}

test('a pull request with three targets makes at most 20 calls of GitHub, however slowly it is built', async () => {
  await using it = await createGithub()
  const { github, world } = it
  world.builder.endsAlone = false
  world.srpms.hold()
  const before = github.requests.length
  const pr = await github.openPullRequest({ repository: it.repository })
  await it.shown()
  world.srpms.release()
  await it.shown()
  const [buildId = ''] = [...world.builder.builds.keys()]
  for (const chroot of CHROOTS) {
    await world.builder.end(buildId, chroot, 'success')
    await world.settle()
    await sleep(100)
  }
  await it.shown()

  const checks = github.checkRuns(pr)
  assert.deepEqual(Object.fromEntries(Object.entries(checks).map(([name, { conclusion }]) => [name, conclusion])), {
    packit: 'success',
    ...Object.fromEntries(CHROOTS.map((chroot) => [`rpm-build:${chroot}`, 'success'])),
  })
  assert.equal(github.allCheckRuns(pr).length, 4, 'none is made twice')
  assert.equal(github.comments(pr).length, 1)
  // the token included
  const made = github.requests.slice(before).map(({ operation }) => operation)
  assert.ok(made.length <= 20, `${made.length} calls: ${made.join(', ')}`)
  assert.deepEqual(github.violations, [])
})

test('GitHub shows the cause of a failure, and what is wrong with a configuration at its line', async () => {
  await using it = await createGithub()
  const { github, world } = it
  world.builder.endsAlone = false
  const pr = await github.openPullRequest({ repository: it.repository })
  await it.shown()
  const [buildId = ''] = [...world.builder.builds.keys()]
  for (const chroot of CHROOTS) await world.builder.end(buildId, chroot, 'failure', FAILED)
  await it.shown()
  const failed = github.findCheck(pr, 'packit')
  assert.equal(failed.conclusion, 'failure')
  assert.match(failed.output.summary ?? '', /%check.*```text\n.*FAIL: test_one/s)

  const files = { '.packit.yaml': 'specfile_path: hello.spec\njobs:\n- job: copr_bild\n  trigger: pull_request\n' }
  const wrong = await github.openPullRequest({ repository: it.repository, files })
  await it.shown()
  const { conclusion, output } = github.findCheck(wrong, 'packit')
  assert.equal(conclusion, 'failure')
  assert.deepEqual(
    output.annotations.map(({ path, start_line }) => [path, start_line]),
    [['.packit.yaml', 3]],
  )
  assert.deepEqual(github.violations, [])
})
