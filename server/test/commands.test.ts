// Commands in comments: from the delivery of the comment to the runs, and to what is answered.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UnavailableError } from '../src/domain/errors.ts'
import { giveUpCommand, runCommand } from '../src/events/run-command.ts'
import { replayDelivery } from '../src/jobs/replay-delivery.ts'
import { type CommentsWorld, createCommentsWorld } from './comments-world.ts'
import { databaseKinds } from './database.ts'

const MANUAL = `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: pull_request, identifier: a, targets: [fedora-45-x86_64]}
- {job: copr_build, trigger: pull_request, identifier: m, manual_trigger: true, targets: [epel-10-x86_64]}
`

const TWO = `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: pull_request, identifier: a, targets: [fedora-45-x86_64]}
- {job: copr_build, trigger: pull_request, identifier: b, targets: [epel-10-x86_64]}
`

const CHROOTS = ['fedora-45-x86_64', 'epel-10-x86_64']

/** A pull request whose builds have ended well. */
async function opened(w: CommentsWorld, config?: string) {
  const pr = await w.world.openPullRequest(config === undefined ? {} : { config })
  await w.world.settle()
  return pr
}

/** The only comment that is posted. */
async function answer(w: CommentsWorld): Promise<string> {
  const posts = await w.posts()
  assert.equal(posts.length, 1, posts.join('\n---\n'))
  return posts[0] ?? ''
}

test('build gives a further attempt of all jobs, those that run only when asked for too, and is acknowledged', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w, MANUAL)
  assert.deepEqual(await w.pipelines(), ['1 delivery a success: fedora'])
  await w.comment(pr, 'Thanks!\n\n/packit build', { id: '77' })
  assert.deepEqual(await w.pipelines(), [
    '1 delivery a success: fedora',
    '2 command a success: fedora',
    '2 command m success: epel',
  ])
  assert.deepEqual(await w.posts(), ['👀 77'])
  assert.deepEqual(await w.verdicts(), ['accepted build: attempt 2'])
  assert.equal(await w.decision(), 'command accepted: build: attempt 2')
  const name = pr.repository.path.split('/').at(-1)
  assert.deepEqual(await w.world.audit(), [`localhost/walter: command.build localhost/acme/${name}#1`])
})

test('the author of a pull request may have it built, whatever the letters of the login', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  w.forge.permissions.Ann = 'read'
  await w.comment(pr, '/packit build', { author: 'Ann' })
  assert.deepEqual(await w.pipelines(), ['1 delivery success: fedora epel', '2 command success: fedora epel'])
})

test('who is neither author nor may write is refused with the reason, and nothing runs', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  for (const author of ['mallory', 'somebody-unknown']) await w.comment(pr, '/packit build', { author })
  assert.equal((await w.pipelines()).length, 1)
  const posts = await w.posts()
  assert.equal(posts.length, 2)
  for (const post of posts)
    assert.equal(
      post,
      '"build" needs write access to the repository, or to be the author of the pull request. Ask somebody who has it.',
    )
  assert.match((await w.world.audit())[0] ?? '', /^localhost\/mallory: command\.build\.refused /)
})

test('a part is built again by itself: the rest keeps its runs, and names that are not there are told', async () => {
  await using w = await createCommentsWorld()
  w.world.builder.endsAlone = false
  const pr = await opened(w, TWO)
  await w.comment(pr, '/packit build --identifier b')
  // what a was built for is not touched
  assert.deepEqual(await w.pipelines(), [
    '1 delivery a running: fedora',
    '1 delivery b running: epel',
    '2 command b running: epel',
  ])
  await w.world.builder.end('1', CHROOTS[0] ?? '', 'success')
  await w.world.settle()
  const { plan } = (await w.world.service.database.db.query.projectEvents.findFirst()) ?? {}
  assert.deepEqual(
    plan?.builds.map(({ identifier, targets }) => `${identifier} ${targets}`),
    [`a ${CHROOTS[0]}`, `b ${CHROOTS[1]}`],
  )
  await w.comment(pr, '/packit build --identifier c')
  await w.comment(pr, '/packit build --targets fedora-44-x86_64')
  await w.comment(pr, '/packit build --package helo')
  const [, ...told] = await w.posts()
  const name = pr.repository.path.split('/').at(-1)
  assert.deepEqual(told, [
    'No build job of this commit has the identifier `c`. Did you mean `a`?',
    'No build job of this commit has the target `fedora-44-x86_64`. Did you mean `fedora-45-x86_64`?',
    `No build job of this commit has the package \`helo\`. There is \`${name}\`.`,
  ])
  assert.equal((await w.pipelines()).length, 3)
})

test('several lines are several commands: each gets its own attempt', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w, TWO)
  await w.comment(pr, '/packit build --identifier a\n/packit build --identifier b\n/packit test')
  assert.deepEqual((await w.pipelines()).slice(2).sort(), ['2 command a success: fedora', '3 command b success: epel'])
  const posts = await w.posts()
  assert.deepEqual(posts, ['👀 1', 'Not available on this installation: no test runner is set up.'])
})

test('two who ask at the same time both get what they asked for', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w, TWO)
  const where = { on: 'pull_request' as const, number: 1, sha: null }
  await Promise.all(['a', 'b'].map((id) => w.send(pr.repository, where, `/packit build --identifier ${id}`, { id })))
  await w.world.settle()
  assert.deepEqual(
    (await w.pipelines())
      .slice(2)
      .map((one) => one.slice(2))
      .sort(),
    ['command a success: fedora', 'command b success: epel'],
  )
})

test('rebuild-failed builds the targets again that failed, and nothing else', async () => {
  await using w = await createCommentsWorld()
  w.world.builder.endsAlone = false
  const pr = await opened(w)
  await w.world.builder.end('1', CHROOTS[0] ?? '', 'success')
  await w.world.builder.end('1', CHROOTS[1] ?? '', 'failure')
  await w.world.settle()
  await w.comment(pr, '/packit rebuild-failed', { id: '5' })
  assert.deepEqual(await w.pipelines(), ['1 delivery failure: fedora epel', '2 command running: epel'])
  assert.deepEqual(await w.posts(), ['👀 5'])
  // while it runs nothing has failed that was not run again
  await w.comment(pr, '/packit retry')
  assert.match((await w.posts())[1] ?? '', /^Nothing has failed so far, and something still runs/)
  await w.world.builder.end('2', CHROOTS[1] ?? '', 'success')
  await w.world.settle()
  assert.deepEqual(await w.pipelines(), ['1 delivery failure: fedora epel', '2 command success: epel'])
})

test('rebuild-failed of nothing that failed says so, and runs nothing', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  await w.comment(pr, '/packit rebuild-failed')
  assert.match(await answer(w), /^Nothing has failed here, so nothing was built again/)
  assert.equal((await w.pipelines()).length, 1)
  assert.deepEqual(await w.world.audit(), [])
})

test('rebuild-failed takes up what was cancelled and what broke, in every package, as one attempt', async () => {
  await using w = await createCommentsWorld()
  w.world.builder.endsAlone = false
  const pr = await opened(w, TWO)
  await w.world.builder.end('1', CHROOTS[0] ?? '', 'failure')
  await w.world.settle()
  await w.comment(pr, '/packit cancel')
  await w.comment(pr, '/packit rebuild-failed')
  assert.deepEqual((await w.pipelines()).slice(2), ['2 command a running: fedora', '2 command b running: epel'])
})

test('cancel ends what runs for the pull request, and says when nothing does', async () => {
  await using w = await createCommentsWorld()
  w.world.builder.endsAlone = false
  const pr = await opened(w)
  await w.comment(pr, '/packit cancel', { author: 'mallory' })
  assert.deepEqual(await w.pipelines(), ['1 delivery running: fedora epel'])
  await w.comment(pr, '/packit cancel', { author: 'ann', id: '9' })
  assert.deepEqual(await w.pipelines(), ['1 delivery canceled: fedora epel'])
  const [run] = await w.world.runs()
  assert.equal(run?.reason, 'cancelled by ann')
  await w.comment(pr, '/packit cancel')
  assert.deepEqual((await w.posts()).slice(1), ['👀 9', 'Nothing runs here, so there is nothing to cancel.'])
})

test('what waits for approval is not built by a command; who may write approves it, and nobody else', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  w.trust.waiting.add(1)
  await w.comment(pr, '/packit build', { author: 'ann' })
  await w.comment(pr, '/packit approve', { author: 'ann' })
  assert.equal((await w.pipelines()).length, 1)
  w.trust.refusal = "commit 1 can't be approved: the author is denied"
  await w.comment(pr, '/packit approve')
  assert.match((await w.posts())[2] ?? '', /^commit 1 can't be approved\\: the author is denied\.$/)
  w.trust.refusal = undefined
  await w.comment(pr, '/packit approve\n/packit build', { id: '8' })
  assert.deepEqual(w.trust.approved, ['1 by localhost/walter'])
  assert.deepEqual(
    (await w.pipelines()).map((one) => one[0]),
    ['1', '2', '3'],
  )
  await w.comment(pr, '/packit approve')
  assert.deepEqual(await w.posts(), [
    'This commit waits for approval. Somebody with write access looks at the change and approves it first. That is done by `/packit approve`, for this commit alone.',
    '"approve" needs write access to the repository. Ask somebody who has it.',
    "commit 1 can't be approved\\: the author is denied.",
    '👀 8',
    'The newest commit does not wait for approval.',
  ])
})

test('a project that is not allowed is told so, a denied one gets not even help', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  w.trust.project = 'waiting'
  await w.comment(pr, '/packit build')
  w.trust.project = 'denied'
  await w.comment(pr, '/packit help')
  const [first, second] = await w.posts()
  assert.match(first ?? '', /^This project is not allowed on this service\. Ask its operator/)
  assert.match(second ?? '', /denied on this service/)
  assert.equal((await w.pipelines()).length, 1)
})

const UNAVAILABLE = ['test', 'retest-failed', 'upstream-koji-build', 'vm-image-build', 'pull-from-upstream', 'koji-tag']

test('what this installation does not do is understood and answered', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  for (const word of UNAVAILABLE) await w.comment(pr, `/packit ${word}`)
  const issue = { on: 'issue' as const, number: 5, sha: null }
  for (const word of ['propose-downstream', 'koji-build', 'create-update', 'verify-fas ann'])
    await w.send(pr.repository, issue, `/packit ${word}`)
  await w.world.settle()
  const posts = await w.posts()
  assert.equal(posts.length, 10)
  assert.ok(
    posts.every((post) => /^Not available on this installation: /.test(post)),
    posts.join('\n'),
  )
  assert.ok((await w.verdicts()).every((verdict) => verdict.startsWith('answered')))
  assert.equal((await w.pipelines()).length, 1)
  // nothing was asked of the forge for it
  assert.deepEqual(w.forge.asked, [])
})

test('a command at the wrong place is refused with the right one', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  await w.send(pr.repository, { on: 'issue', number: 5, sha: null }, '/packit build')
  await w.world.settle()
  await w.comment(pr, '/packit build --commit main')
  assert.deepEqual(await w.posts(), [
    '`build` works on pull requests and commits, not on issues. Write it there.',
    '`--commit` and `--release` are for comments on commits. Write the command without them.',
  ])
})

test('a wrong line is answered with what is wrong, harmless, and nothing of the comment is run', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  await w.comment(pr, '/packit build\n/packit @team<b>#12')
  const post = await answer(w)
  assert.match(post, /^I did not understand that, so nothing of this comment was run:\n\n- Line 2: there is no command/)
  assert.match(post, /Please write a new comment: each is read once\. `\/packit help` tells/)
  assert.doesNotMatch(post, /@team|(?<!\\)<b>|[^\\]#12/)
  assert.equal((await w.pipelines()).length, 1)
})

test('a comment counts once: edited, replayed, redelivered, its job sent again', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  await w.comment(pr, '/packit build', { id: '3', delivery: 'd' })
  await w.comment(pr, '/packit build', { id: '3', delivery: 'd' })
  await w.comment(pr, '/packit build\n/packit cancel', { id: '3', action: 'edited' })
  assert.equal(await w.decision(), 'nothing to do: the commands of this comment counted before')
  const { database, queue } = w.world.service
  await database.transaction((tx) => replayDelivery(tx, queue, 2))
  await queue.add(database.db, 'run-command', { deliveryId: 2 })
  await w.world.settle()
  assert.deepEqual((await w.pipelines()).length, 2)
  assert.deepEqual(await w.posts(), ['👀 3'])
  assert.equal((await w.world.audit()).length, 1)
})

test('an edited comment whose command is new runs it, once', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  await w.comment(pr, 'looks good', { id: '3' })
  assert.equal(await w.decision(), 'nothing to do: no command: no line of the comment begins with /packit')
  await w.comment(pr, 'looks good\n/packit build', { id: '3', action: 'edited' })
  await w.comment(pr, 'looks good\n/packit build !', { id: '3', action: 'edited' })
  assert.equal((await w.pipelines()).length, 2)
  assert.deepEqual(await w.posts(), ['👀 3'])
})

for (const database of databaseKinds) {
  test(`two deliveries of one comment at once count once (${database})`, async () => {
    await using w = await createCommentsWorld({ database })
    const pr = await opened(w)
    const where = { on: 'pull_request' as const, number: 1, sha: null }
    const ids = await Promise.all([1, 2, 3].map(() => w.send(pr.repository, where, '/packit build', { id: '3' })))
    // beside the queue, which runs one at a time
    await Promise.allSettled(ids.map((id) => runCommand({ deliveryId: id ?? 0 }, w.world.service.events)))
    await w.world.settle()
    assert.equal((await w.pipelines()).length, 2)
    assert.deepEqual(await w.posts(), ['👀 3'])
    assert.deepEqual(await w.verdicts(), ['accepted build: attempt 2'])
  })
}

test('comments of bots, and of forges that nothing is set up for, are not answered', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  w.forge.permissions['packit[bot]'] = 'admin'
  await w.comment(pr, '/packit build', { author: 'packit[bot]' })
  assert.equal(await w.decision(), 'nothing to do: comments of bots are not read')
  assert.deepEqual(await w.posts(), [])
  assert.deepEqual(await w.verdicts(), [])
})

test('a closed pull request is refused', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  await w.world.tell(pr, 'closed')
  await w.world.settle()
  await w.comment(pr, '/packit build')
  assert.equal(await answer(w), 'This pull request is closed. Open it again, then write the command.')
})

test('a command that could not be done for long is answered too, and to nobody twice', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  w.forge.failure = new UnavailableError('the forge is away', 3_600_000)
  await w.comment(pr, '/packit build', { id: '3' })
  assert.deepEqual(await w.posts(), [])
  for (const _ of [1, 2]) await giveUpCommand({ deliveryId: 2 }, 'the forge is away', w.world.service.events)
  assert.match(await answer(w), /^This could not be done: the forge is away\. Nothing was run; please write it again/)
  assert.equal((await w.verdicts())[0], 'refused the forge is away')
})

test('the button of a check that waits for approval counts like the command, by the same rights', async () => {
  await using w = await createCommentsWorld()
  const pr = await opened(w)
  await w.press(pr, 1, 'walter')
  assert.equal(await w.decision(), 'nothing to do: nothing waits for approval')
  w.trust.waiting.add(1)
  await w.press(pr, 1, 'ann')
  assert.match(await w.decision(), /^refused: "approve" needs write access/)
  await w.press({ ...pr, head: { ...pr.head, sha: 'f'.repeat(40) } }, 1, 'walter')
  assert.match(await w.decision(), /^nothing to do: the check is none of a commit/)
  await w.press(pr, 1, 'walter', 'launch')
  assert.match(await w.decision(), /^nothing to do: no check of ours has the button "launch"/)
  assert.deepEqual(w.trust.approved, [])
  await w.press(pr, 1, 'walter')
  assert.deepEqual(w.trust.approved, ['1 by localhost/walter'])
  assert.equal((await w.pipelines()).length, 2)
  assert.deepEqual(
    (await w.world.audit()).map((line) => line.split(' ').slice(0, 2).join(' ')),
    ['localhost/ann: command.approve.refused', 'localhost/walter: command.approve'],
  )
})
