// What a pull request shows on GitHub, from its opening to the end.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGithubWorld, type GithubWorld } from './github-world.ts'

const CHROOTS = ['fedora-45-x86_64', 'fedora-44-x86_64', 'epel-10-x86_64'] as const
const [F45, F44, EPEL] = CHROOTS
const job = (kind: string) => `- {job: ${kind}, trigger: pull_request, targets: [${CHROOTS.join(', ')}]}\n`
const CONFIG = `specfile_path: hello.spec
notifications:
  pull_request: {successful_build: true}
jobs:
${job('copr_build')}`
const FAILED = 'Executing(%check): /bin/sh\nFAIL: test_one\nerror: Bad exit status from /var/tmp/rpm-tmp.x (%check)\n'
const all = (state: string) => Object.fromEntries(CHROOTS.map((chroot) => [`rpm-build:${chroot}`, state]))

let story: GithubWorld
before(async () => {
  story = await createGithubWorld({ chroots: [...CHROOTS], cloneUrls: 'http' })
})
after(() => story[Symbol.asyncDispose]())

/** A pull request whose targets end one by one. */
async function buildSlowly(name: string, config: string) {
  const { github, world } = story
  const repository = await story.createRepository(config, { name })
  world.builder.endsAlone = false
  world.srpms.hold()
  const from = github.requests.length
  const pull = await story.openPull(repository)
  const begun = story.checks(pull)
  world.srpms.release()
  await story.shown()
  for (const chroot of CHROOTS) {
    await story.end(chroot, 'success')
    await world.settle()
    await sleep(100)
  }
  await story.shown()
  world.builder.endsAlone = true
  // the token included
  return { pull, begun, made: github.requests.slice(from).map(({ operation }) => operation) }
}

test('a pull request with three targets makes at most 20 calls of GitHub, however slowly it is built and however often it is told', async () => {
  const { github } = story
  github.setDeliveryMode('double')
  const { pull, begun, made } = await buildSlowly('slow', CONFIG)
  github.setDeliveryMode('send')
  assert.deepEqual(Object.keys(begun).sort(), ['packit', ...Object.keys(all(''))].sort())
  assert.deepEqual(story.checks(pull), { packit: 'success', ...all('success') })
  assert.equal(github.allCheckRuns(pull).length, 4, 'none is made twice')
  assert.equal(github.comments(pull).length, 1)
  assert.ok(made.length <= 20, `${made.length} calls: ${made.join(', ')}`)
  const { summary } = github.findCheck(pull, `rpm-build:${F45}`).output
  assert.match(summary ?? '', /Took: SRPM.*sudo dnf install hello/s)
  assert.deepEqual(github.violations, [])
})

test('with tests it is at most 35, and each test target has its check', async () => {
  const { pull, made } = await buildSlowly('tested', CONFIG + job('tests'))
  const shown = story.checks(pull)
  for (const chroot of CHROOTS) assert.ok(`testing-farm:${chroot}` in shown || chroot === EPEL, JSON.stringify(shown))
  assert.equal(Object.keys(shown).length, 7)
  assert.equal(shown.packit, 'success')
  assert.ok(made.length <= 35, `${made.length} calls: ${made.join(', ')}`)
})

test('GitHub shows the cause of a failure, and what is wrong with a configuration at its line', async () => {
  const { github, world } = story
  const repository = await story.createRepository(CONFIG, { name: 'failing' })
  world.builder.endsAlone = false
  const pull = await story.openPull(repository)
  for (const chroot of CHROOTS) await story.end(chroot, 'failure', FAILED)
  await story.shown()
  world.builder.endsAlone = true
  const failed = github.findCheck(pull, 'packit')
  assert.equal(failed.conclusion, 'failure')
  assert.match(failed.output.summary ?? '', /%check.*```text\n.*FAIL: test_one/s)

  const files = { '.packit.yaml': 'specfile_path: hello.spec\njobs:\n- job: copr_bild\n  trigger: pull_request\n' }
  const wrong = github.findCheck(await story.openPull(repository, { files }), 'packit')
  assert.equal(wrong.conclusion, 'failure')
  const places = wrong.output.annotations.map(({ path, start_line }) => [path, start_line])
  assert.deepEqual(places, [['.packit.yaml', 3]])
  assert.deepEqual(github.violations, [])
})

test('what is run again alone makes nothing green while another target of an older attempt failed', async () => {
  const { github, world } = story
  const repository = await story.createRepository(CONFIG, { name: 'partly' })
  world.builder.endsAlone = false
  const pull = await story.openPull(repository)
  await story.end(F45, 'failure', FAILED)
  await story.end(F44, 'failure', FAILED)
  await story.end(EPEL, 'success')
  await story.shown()

  const badge = async () =>
    /<title>(.*)<\/title>/.exec((await world.http.inject('/api/badge/127.0.0.1/acme/partly.svg')).body)?.[1]
  world.builder.endsAlone = true
  await github.rerun(github.findCheck(pull, `rpm-build:${F44}`))
  await story.shown()
  const partly = { packit: 'failure', ...all('success'), [`rpm-build:${F45}`]: 'failure' }
  assert.deepEqual(story.checks(pull), partly)
  assert.match(github.findCheck(pull, 'packit').output.title ?? '', /1 of 3 targets failed: .*45/)
  assert.equal(await badge(), 'packit: Failed')
  const grid = await world.get<{ state: string }[]>('/api/projects/127.0.0.1/acme/partly/grid')
  assert.equal(grid[0]?.state, 'failure')

  await github.comment(pull, 'acme', '/packit rebuild-failed')
  await story.shown()
  assert.deepEqual(story.checks(pull), { packit: 'success', ...all('success') })
  assert.equal(await badge(), 'packit: Passed')
  const times = (name: string) => github.allCheckRuns(pull).filter((check) => check.name === name).length
  assert.deepEqual(
    [F45, F44, EPEL].map((chroot) => times(`rpm-build:${chroot}`)),
    [2, 2, 1],
  )

  await github.comment(pull, 'acme', `/packit build --targets ${EPEL}`)
  await story.shown()
  assert.deepEqual(story.checks(pull), { packit: 'success', ...all('success') })
})

test('what waits for its decision is shown at once, and ends: closed, replaced, without a configuration, left by the merge queue', async () => {
  const { github } = story
  const repository = await story.createRepository(CONFIG, { name: 'early' })
  const first = await story.openPull(repository)
  const release = story.holdGit()
  const queued = (where: Parameters<typeof github.checkRuns>[0]) =>
    story.until('queued', () => story.checks(where).packit === 'queued', 60_000)

  const closed = await github.openPullRequest({ repository })
  const replaced = await github.openPullRequest({ repository })
  const bare = await github.openPullRequest({ repository, files: { '.packit.yaml': null } })
  const group = { repository, ...(await github.queueMerge(first)) }
  for (const where of [closed, replaced, bare, group]) await queued(where)
  const old = { repository, sha: replaced.pull.head.sha }
  await github.close(closed)
  await github.push(replaced)
  await github.leaveQueue(group, 'dequeued')
  release()
  await story.shown()

  assert.deepEqual(story.checks(closed), { packit: 'skipped' })
  assert.equal(github.findCheck(closed, 'packit').output.title, 'Closed meanwhile')
  assert.deepEqual(story.checks(old), { packit: 'cancelled' })
  assert.deepEqual(story.checks(replaced), { packit: 'success', ...all('success') })
  assert.deepEqual(story.checks(bare), { packit: 'skipped' })
  assert.deepEqual(story.checks(group), { packit: 'skipped' })
  await github.reopen(closed)
  await story.shown()
  assert.deepEqual(story.checks(closed), { packit: 'success', ...all('success') })
})
