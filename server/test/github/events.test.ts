// What people do on GitHub, and what it sets off here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { giveUpDelivery } from '../../src/events/give-up.ts'
import { CHROOTS, type RunEntry } from '../world.ts'
import { createGithubWorld } from './github-world.ts'

const [FEDORA = '', EPEL = ''] = CHROOTS

const onEach = (...jobs: string[]) =>
  `specfile_path: hello.spec\njobs:\n${jobs.map((job) => `- {job: copr_build, targets: [${FEDORA}], ${job}}\n`).join('')}`

const states = (runs: readonly RunEntry[]) => runs.map(({ state }) => state)

test('a project that was built before has the event of a new head before git is touched', async () => {
  await using story = await createGithubWorld()
  const { github, world } = story
  const { db } = world.service.database
  const repository = await story.createRepository()
  const release = story.holdGit()
  const first = await github.openPullRequest({ repository })
  await sleep(300)
  assert.equal((await db.query.projectEvents.findMany()).length, 0, 'nothing is known of the project yet')
  release()
  await world.settle()

  const releaseSecond = story.holdGit()
  await github.push(first)
  let event: { commitSha: string | null; plan: unknown } | undefined
  while (!event) {
    const events = await db.query.projectEvents.findMany()
    event = events.find(({ commitSha }) => commitSha === first.pull.head.sha)
    await sleep(20)
  }
  assert.equal(event.plan, null)
  releaseSecond()
  await world.settle()
  assert.deepEqual(states(await world.runs()), ['success', 'success'])
  const events = (await db.query.projectEvents.findMany()).sort((a, b) => a.id - b.id)
  assert.deepEqual(
    events.map(({ supersededBy, plan }) => [supersededBy === null, plan !== null]),
    [
      [false, true],
      [true, true],
    ],
  )
})

test('heads that are told shuffled and doubled end as one living run, and none waits for its plan', async () => {
  let ahead = 0
  await using story = await createGithubWorld({ now: () => new Date(Date.now() + ahead) })
  const { github, world } = story
  const repository = await story.createRepository()
  const pull = await github.openPullRequest({ repository })
  await world.settle()
  github.setDeliveryMode('hold')
  for (let i = 0; i < 5; i += 1) {
    // GitHub tells the order by whole seconds
    ahead += 1000
    await github.push(pull)
  }
  await github.releaseDeliveries((held) => [...held, ...held].sort(() => Math.random() - 0.5))
  await world.settle()

  const events = await world.service.database.db.query.projectEvents.findMany()
  const current = events.filter(({ supersededBy }) => supersededBy === null)
  assert.deepEqual(
    current.map(({ commitSha }) => commitSha),
    [pull.pull.head.sha],
  )
  const newest = (await world.runs()).filter(({ commit }) => commit?.sha === pull.pull.head.sha)
  assert.deepEqual(states(newest), ['success'])
  assert.ok(current[0]?.plan)
})

test('a label starts a further attempt only where other jobs run with it; a draft that is ready has its run', async () => {
  await using story = await createGithubWorld()
  const { github, world } = story
  const repository = await story.createRepository(
    onEach('trigger: pull_request, require: {label: {present: [build-me]}}'),
  )
  const pull = await github.openPullRequest({ repository, isDraft: true })
  await world.settle()
  assert.deepEqual(states(await world.runs()), ['skipped'])

  await github.label(pull, 'documentation')
  await world.settle()
  assert.deepEqual(await story.lastDecision(), ['nothing to do', 'this commit has a run already'])
  await github.markReady(pull)
  await world.settle()
  assert.deepEqual(await story.lastDecision(), ['nothing to do', 'this commit has a run already'])

  await github.label(pull, 'build-me')
  await world.settle()
  assert.match((await story.lastDecision())[1] ?? '', /other jobs run with its labels now/)
  assert.deepEqual(states(await world.runs()), ['skipped', 'success'])
  const [trigger] = await world.service.database.db.query.triggers.findMany()
  assert.deepEqual(trigger?.labels, ['documentation', 'build-me'])
})

test('pushes, releases and groups of the merge queue run their own jobs, each once', async () => {
  await using story = await createGithubWorld()
  const { github, world } = story
  const repository = await story.createRepository(
    onEach('trigger: pull_request', 'trigger: commit', 'trigger: release, identifier: rel'),
  )
  await github.pushBranch({ repository })
  await world.settle()
  const [push] = await world.runs()
  assert.equal(push?.state, 'success')

  await github.pushTag({ repository, tag: 'v1', isAnnotated: true })
  await github.release({ repository, tag: 'v1', by: repository.owner })
  await world.settle()
  const release = (await world.runs())[1]
  assert.deepEqual([release?.state, release?.commit?.sha], ['success', push?.commit?.sha])

  const pull = await github.openPullRequest({ repository })
  await world.settle()
  const group = await github.queueMerge(pull)
  await world.settle()
  const runs = await world.runs()
  assert.deepEqual([runs.length, runs[3]?.state, runs[3]?.commit?.sha], [4, 'success', group.sha])
  const event = (await world.service.database.db.query.projectEvents.findMany()).find((e) => e.commitSha === group.sha)
  // the same names as for pull requests: one rule of branch protection is for both
  assert.deepEqual(await world.checks(event?.id ?? 0), { [`rpm-build:${FEDORA}`]: 'success', packit: 'success' })

  await github.leaveQueue(group, 'dequeued')
  await world.settle()
  const ended = (await story.deliveries()).find(({ decision }) => decision === 'merge group ended')
  assert.deepEqual(ended?.reasons, ['0 runs cancelled'])
})

test('a check that is run again has a new attempt of its own target alone; the whole, of what failed', async () => {
  await using story = await createGithubWorld()
  const { github, world } = story
  const repository = await story.createRepository()
  world.builder.endsAlone = false
  const pull = await github.openPullRequest({ repository })
  const { sha } = pull.pull.head
  await world.settle()
  const [buildId = ''] = [...world.builder.builds.keys()]
  await world.builder.end(buildId, FEDORA, 'failure', 'error: Bad exit status\n')
  await world.settle()
  const epel = github.findCheck({ repository, sha }, `rpm-build:${EPEL}`)
  await github.rerun(epel)
  await world.settle()
  assert.match((await story.lastDecision())[1] ?? '', /has not ended, it is running/)
  await world.builder.end(buildId, EPEL, 'failure', 'error: Bad exit status\n')
  await world.settle()

  world.builder.endsAlone = true
  await github.rerun(epel)
  await world.settle()
  assert.equal((await story.lastDecision())[0], 'run again')
  const [first, second] = await world.runs()
  assert.deepEqual([first?.state, second?.state], ['failure', 'success'])
  assert.deepEqual(
    second?.copr.map(({ target }) => target),
    [EPEL],
  )

  await github.rerun(github.findCheck({ repository, sha }, 'packit'))
  await world.settle()
  const third = (await world.runs())[2]
  assert.deepEqual(
    third?.copr.map(({ target }) => target),
    [FEDORA],
    'what failed in its newest attempt',
  )
  await github.rerunAll(epel)
  await world.settle()
  const all = (await world.runs()).slice(3).flatMap(({ copr }) => copr.map(({ target }) => target))
  assert.deepEqual(all.sort(), [...CHROOTS].sort(), 'everything, since nothing failed')

  await github.rerun({ ...epel, name: 'rpm-build:fedora-1-x86_64' })
  await world.settle()
  assert.match((await story.lastDecision())[1] ?? '', /the check rpm-build:fedora-1-x86_64 is none of this commit/)
  await github.push(pull)
  await world.settle()
  await github.rerun(epel)
  await world.settle()
  assert.match((await story.lastDecision())[1] ?? '', /replaced by a newer one/)
})

test('a check with a name of the configuration is found by it', async () => {
  await using story = await createGithubWorld()
  const { github, world } = story
  const repository = await story.createRepository(
    `specfile_path: hello.spec\njobs:\n- job: copr_build\n  trigger: pull_request\n  targets: [${FEDORA}]\n  status_name_template: "our build on {chroot}"\n`,
  )
  const { pull } = await github.openPullRequest({ repository })
  await world.settle()
  await github.rerun(github.findCheck({ repository, sha: pull.head.sha }, `our build on ${FEDORA}`))
  await world.settle()
  assert.equal((await story.lastDecision())[0], 'run again')
  assert.equal((await world.runs()).length, 2)
})

test('comments: one with a command waits for who runs it, others mean nothing here', async () => {
  await using story = await createGithubWorld()
  const { github, world } = story
  const repository = await story.createRepository()
  const pull = await github.openPullRequest({ repository })
  await world.settle()
  await github.comment(pull, 'ann', 'I like /packit build\n/packit-stg build')
  await world.settle()
  assert.deepEqual(await story.lastDecision(), [
    'nothing to do',
    'no command: no line of the comment begins with /packit',
  ])
})

test('a repository that gets another name or owner stays the same project; its former name leads to it', async () => {
  await using story = await createGithubWorld()
  const { github, world } = story
  const repository = await story.createRepository()
  const pull = await github.openPullRequest({ repository })
  await world.settle()
  const before = await world.get<{ namespace: string }>('/api/projects/127.0.0.1/acme/hello')
  assert.equal(before.namespace, 'acme')

  await github.rename(repository, 'greetings')
  await github.push(pull)
  await world.settle()
  const owner = github.createUser('other', 'Organization')
  await github.install(owner)
  await github.transfer(repository, owner)
  await world.settle()
  await github.renameAccount(owner, 'another')
  await world.settle()
  const { db } = world.service.database
  const projects = (await db.query.projects.findMany()).filter(({ sameAs }) => sameAs === null)
  assert.deepEqual(
    projects.map(({ path }) => path),
    ['another/greetings'],
  )
  assert.equal((await db.query.triggers.findMany()).length, 1)
  assert.equal((await world.runs()).length, 2)
  for (const path of ['acme/hello', 'acme/greetings', 'other/greetings', 'another/greetings']) {
    const { repo_name } = await world.get<{ repo_name: string }>(`/api/projects/127.0.0.1/${path}`)
    assert.equal(repo_name, 'greetings', path)
  }
})

test('what the App may not see any more is cancelled, and its history stays', async () => {
  await using story = await createGithubWorld()
  const { github, world } = story
  const repository = await story.createRepository()
  const { db } = world.service.database
  world.builder.endsAlone = false
  await github.openPullRequest({ repository })
  await world.settle()
  const [installation] = github.state.installations
  assert.ok(installation)
  await github.uninstall(installation)
  await world.settle()
  assert.deepEqual(states(await world.runs()), ['canceled'])
  assert.deepEqual((await story.lastDecision()).slice(0, 3), [
    'installation removed',
    '1 repository gave up its installation',
    '1 run cancelled',
  ])
  const [row] = await db.query.installations.findMany()
  assert.ok(row?.deletedAt)
  assert.equal((await db.query.projects.findMany())[0]?.installationId, null)
})

test('a delivery that got lost is asked for again, once it is known to be lost, and at most three times', async () => {
  let ahead = 0
  await using story = await createGithubWorld({ now: () => new Date(Date.now() + ahead) })
  const { github, world } = story
  const repository = await story.createRepository()
  github.setDeliveryMode('drop')
  await github.openPullRequest({ repository })
  await github.ping()
  github.setDeliveryMode('send')
  await story.sweep('sweep-deliveries')
  assert.equal((await world.runs()).length, 0, 'it may be on its way')
  ahead = 10 * 60_000
  await story.sweep('sweep-deliveries')
  await story.sweep('sweep-deliveries')
  assert.deepEqual(states(await world.runs()), ['success'])

  // what can't be taken is not asked for without end
  github.deliverTo(async () => 500)
  await github.openPullRequest({ repository })
  const sent = () => github.deliveries.log.filter(({ event }) => event === 'pull_request').length
  const once = sent()
  for (let i = 0; i < 5; i += 1) {
    ahead += 10 * 60_000
    await story.sweep('sweep-deliveries')
  }
  assert.equal(sent(), once + 3)
  const { body } = await world.http.inject('/metrics')
  const again = github.deliveries.log.filter(({ isRedelivery }) => isRedelivery).length
  assert.equal(body.match(/^packit_swept_total\{what="deliveries"\} (\d+)$/m)?.[1], String(again))
})

test('pull requests that no delivery told of are found, once, and look like any other', async () => {
  let ahead = 0
  await using story = await createGithubWorld({ now: () => new Date(Date.now() + ahead) })
  const { github, world } = story
  github.setDeliveryMode('drop')
  const repository = await story.createRepository()
  github.setPermission(repository, 'ann', 'write')
  const pull = await github.openPullRequest({ repository, labels: ['a'], fromFork: true, author: 'ann' })
  ahead = 10 * 60_000
  await story.sweep('sweep-pull-requests')
  await story.sweep('sweep-pull-requests')

  const found = await story.deliveries()
  assert.deepEqual(
    found.map(({ event, delivery_id }) => [event, delivery_id]),
    [['pull_request', `sweep:127.0.0.1/acme/hello#${pull.number}@${pull.pull.head.sha}`]],
  )
  assert.deepEqual(states(await world.runs()), ['success'])
  const { db } = world.service.database
  const [trigger] = await db.query.triggers.findMany()
  assert.deepEqual([trigger?.labels, trigger?.isFork, trigger?.author], [['a'], true, 'ann'])
  const [project] = await db.query.projects.findMany()
  assert.equal(project?.installationId, github.state.installations[0]?.id)
  assert.equal((await db.query.installations.findMany())[0]?.accountLogin, 'acme')
})

test('a decision that is given up ends what the pull request shows as queued, and can be retried', async () => {
  await using story = await createGithubWorld()
  const { github, world } = story
  const { db } = world.service.database
  const repository = await story.createRepository()
  const pull = await github.openPullRequest({ repository })
  await world.settle()
  const release = story.holdGit()
  await github.push(pull)
  await story.until('queued', () => story.checks(pull).packit === 'queued', 60_000)
  const told = (await db.query.deliveries.findMany()).find(({ action }) => action === 'synchronize')
  await giveUpDelivery({ deliveryId: told?.id ?? 0 }, 'git was away for an hour', world.service.events)
  release()
  await story.shown()
  assert.equal(story.checks(pull).packit, 'action_required', 'nobody waits for it any more')
  assert.match(github.findCheck(pull, 'packit').output.title ?? '', /could not be decided/)
  const run = (await world.runs()).at(-1)
  assert.equal((await world.post(`/api/runs/${run?.merged_run_id}/retry`)).statusCode, 202)
  await world.settle()
  assert.equal((await world.runs()).at(-1)?.state, 'success')
})
