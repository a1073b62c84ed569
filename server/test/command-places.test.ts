// Commands on what no delivery told of, on commits, and the answer of `help`.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PullRequestEvent } from '../src/domain/forge-event.ts'
import type { TestRepository } from '../src/git/test-repository.ts'
import { type CommentsWorld, createCommentsWorld } from './comments-world.ts'
import type { PullRequest } from './world.ts'

const PUSHES = {
  '.packit.yaml': `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: commit, branch: main, targets: [fedora-45-x86_64]}
- {job: copr_build, trigger: release, targets: [epel-10-x86_64]}
`,
  'hello.spec': 'Name: hello\n',
}

/** A pull request that the forge has, and that no delivery told of. */
async function untold(w: CommentsWorld, set: Partial<PullRequestEvent> = {}): Promise<PullRequest> {
  const repository = await w.world.createRepository()
  const base = { ref: 'main', sha: repository.git('rev-parse', 'main') }
  repository.git('checkout', '--quiet', '-b', 'change', 'main')
  const sha = await repository.commit({ NEWS: 'change\n' }, 'Change')
  const name = repository.path.split('/').at(-1) ?? ''
  const project = {
    forge: 'localhost',
    namespace: 'acme',
    name,
    webUrl: '',
    cloneUrl: repository.path,
    isPrivate: false,
  }
  w.forge.pullRequests.set(7, {
    kind: 'pull_request',
    action: 'opened',
    project: { ...project, webUrl: `file://${repository.path}` },
    number: 7,
    title: 'Change',
    author: 'ann',
    url: null,
    base,
    head: { cloneUrl: repository.path, ref: 'change', sha },
    labels: [],
    order: 1,
    ...set,
  })
  return { number: 7, repository, base, head: { ref: 'change', sha } }
}

test('a pull request that no delivery told of is accepted first, and its first attempt is what was asked for', async () => {
  await using w = await createCommentsWorld()
  const pr = await untold(w)
  await w.comment(pr, '/packit build', { author: 'ann' })
  assert.deepEqual(await w.pipelines(), ['1 delivery success: fedora epel'])
  assert.deepEqual(await w.posts(), ['👀 1'])
  assert.deepEqual(await w.verdicts(), ['accepted build: its first attempt has begun'])
  // known now: it is not asked for again
  await w.comment(pr, '/packit build', { author: 'ann' })
  assert.deepEqual((await w.pipelines())[1], '2 command success: fedora epel')
  assert.equal(w.forge.asked.filter((one) => one === 'pull request 7').length, 1)
})

test('nothing is begun for a stranger, not even the first attempt of what no delivery told of', async () => {
  await using w = await createCommentsWorld()
  const pr = await untold(w)
  await w.comment(pr, '/packit build', { author: 'mallory' })
  assert.deepEqual(await w.pipelines(), [])
  assert.match((await w.posts())[0] ?? '', /^"build" needs write access to the repository, or to be the author/)
})

test('an unknown pull request that is closed, or that the forge does not know either, is refused', async () => {
  await using w = await createCommentsWorld()
  const pr = await untold(w, { action: 'closed' })
  await w.comment(pr, '/packit build')
  w.forge.pullRequests.clear()
  await w.comment(pr, '/packit build')
  assert.deepEqual(await w.pipelines(), [])
  assert.deepEqual(await w.posts(), [
    'This pull request is closed. Open it again, then write the command.',
    'The forge knows no such pull request. Write the command on an open one.',
  ])
})

/** A repository whose `main` was pushed, and its commits, oldest first. */
async function pushed(w: CommentsWorld): Promise<{ repository: TestRepository; shas: string[] }> {
  const repository = await w.world.createRepository('hello', PUSHES)
  const first = repository.git('rev-parse', 'main')
  const second = await repository.commit({ NEWS: 'more\n' }, 'More')
  const push = (before: string | null, after: string) =>
    w.world.deliver({
      kind: 'push',
      repository: { url: repository.path, forge: 'localhost', namespace: 'acme' },
      ref: 'refs/heads/main',
      before,
      after,
    })
  await push(null, first)
  await w.world.settle()
  await push(first, second)
  await w.world.settle()
  w.forge.branches.set('main', [first, second])
  return { repository, shas: [first, second] }
}

test('a commented commit is built as the newest one of the default branch, by who may write', async () => {
  await using w = await createCommentsWorld()
  const { repository, shas } = await pushed(w)
  const [old = '', newest = ''] = shas
  const known = await w.pipelines()
  await w.commentCommit(repository, newest, '/packit build', { author: 'mallory' })
  await w.commentCommit(repository, old, '/packit build')
  assert.deepEqual(await w.pipelines(), known)
  await w.commentCommit(repository, newest, '/packit build', { id: '4' })
  assert.deepEqual((await w.pipelines()).slice(known.length), ['2 command success: fedora'])
  assert.deepEqual(await w.posts(), [
    '"build" needs write access to the repository, or to be the author of the pull request. Ask somebody who has it.',
    `This is not the newest commit of the branch \`main\` that is known here. Write the command on \`${newest.slice(0, 8)}\`.`,
    '👀 4',
  ])
})

test('the branch or the release that a commit is looked at as has to be there, and to hold it', async () => {
  await using w = await createCommentsWorld()
  const { repository, shas } = await pushed(w)
  const [, newest = ''] = shas
  w.forge.branches.set('other', [])
  w.forge.tags.set('1.0', 'f'.repeat(40))
  const known = await w.pipelines()
  for (const option of ['--commit gone', '--commit other', '--release 0.9', '--release 1.0'])
    await w.commentCommit(repository, newest, `/packit build ${option}`)
  w.forge.defaultBranch = 'other'
  await w.commentCommit(repository, newest, '/packit build')
  assert.deepEqual(await w.posts(), [
    'There is no branch `gone`. Name one that is there: `--commit <branch>`.',
    'This commit is not on the branch `other`. Name the branch it is on: `--commit <branch>`, or its release: `--release <tag>`.',
    'There is no tag `0.9`. Name one that is there.',
    'The tag `1.0` points at another commit, `ffffffff`. Write the command on that one.',
    'This commit is not on the branch `other`, the default branch. Name the branch it is on: `--commit <branch>`, or its release: `--release <tag>`.',
  ])
  assert.deepEqual(await w.pipelines(), known)
})

test('a release that no delivery told of is accepted by its tag', async () => {
  await using w = await createCommentsWorld()
  const { repository, shas } = await pushed(w)
  const [, newest = ''] = shas
  repository.git('tag', 'v1', newest)
  w.forge.tags.set('v1', newest)
  const known = await w.pipelines()
  await w.commentCommit(repository, newest, '/packit build --release v1', { author: 'mallory' })
  assert.deepEqual(await w.pipelines(), known)
  await w.commentCommit(repository, newest, '/packit build --release v1')
  assert.deepEqual((await w.pipelines()).slice(known.length), ['1 delivery success: epel'])
  await w.commentCommit(repository, newest, '/packit build --release v1')
  assert.deepEqual((await w.pipelines()).slice(known.length + 1), ['2 command success: epel'])
})

const CONFIG = `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: pull_request, targets: [fedora-45-x86_64, epel-10-x86_64]}
- {job: copr_build, trigger: pull_request, identifier: "m\`_", manual_trigger: true, targets: [fedora-45-x86_64]}
- {job: tests, trigger: pull_request, identifier: t, labels: [smoke], targets: [fedora-45-x86_64]}
- {job: copr_build, trigger: commit, branch: main, targets: [fedora-45-x86_64]}
`

const HELP = `**What can be asked for here**, each in a line of its own:

- \`/packit build [--package <name>]… [--identifier <identifier>] [--labels <a,b>] [--targets <chroot,…>]\`: builds again; also jobs with \`manual_trigger\`. For who may write to the repository, and the author of the pull request.
- \`/packit rebuild-failed [--package <name>]…\`: builds the targets again that failed, broke or were cancelled. For who may write to the repository, and the author of the pull request.
- \`/packit cancel\`: cancels what runs. For who may write to the repository, and the author of the pull request.
- \`/packit approve\`: lets an outsider's pull request be built, at its newest commit only. For who may write to the repository.
- \`/packit help\`: tells what can be asked for here. For anybody.

**Jobs at \`SHA\`**, as \`.packit.yaml\` says on pull requests:

- \`copr_build\`, package \`hello\`, targets \`fedora-45-x86_64\` \`epel-10-x86_64\`
- \`copr_build\`, package \`hello\`, identifier \`\` m\`_ \`\`, targets \`fedora-45-x86_64\`, only when it is asked for
- \`tests\`, package \`hello\`, identifier \`t\`, labels \`smoke\`, targets \`fedora-45-x86_64\`: no test runner is set up on this installation

<details><summary>Understood, but not available on this installation</summary>

- \`/packit test\`: no test runner is set up
- \`/packit retest-failed\`: no test runner is set up
- \`/packit upstream-koji-build\`: it is not connected to Koji
- \`/packit vm-image-build\`: it makes no images
- \`/packit pull-from-upstream\`: it carries no releases to distributions yet
- \`/packit koji-build\`: it is not connected to Koji
- \`/packit koji-tag\`: it is not connected to Koji
- \`/packit create-update\`: it is not connected to Bodhi

</details>`

test('help tells what can be asked for here, by whom, and which jobs there are', async () => {
  await using w = await createCommentsWorld()
  const repository = await w.world.createRepository('hello', { '.packit.yaml': CONFIG, 'hello.spec': 'Name: hello\n' })
  const pr = await w.world.openPullRequest({ repository })
  await w.world.settle()
  await w.comment(pr, '/packit help', { author: 'mallory' })
  const [text = ''] = await w.posts()
  assert.equal(text.replace(pr.head.sha.slice(0, 8), 'SHA'), HELP)
  assert.deepEqual(w.forge.asked, [])
  assert.deepEqual(await w.world.audit(), [])
})

test('help on an issue, on a commit that is not known, and at an invalid configuration tells what it can', async () => {
  await using w = await createCommentsWorld()
  const pr = await w.world.openPullRequest({ files: { '.packit.yaml': 'jobs: 7\n' } })
  await w.world.settle()
  await w.comment(pr, '/packit help')
  await w.send(pr.repository, { on: 'issue', number: 3, sha: null }, '/packit help')
  await w.world.settle()
  await w.commentCommit(pr.repository, 'a'.repeat(40), '/packit help')
  const [ofPull = '', ofIssue = '', ofCommit = ''] = await w.posts()
  assert.match(ofPull, /\*\*Jobs at `[0-9a-f]{8}`\*\*: none\. \\\.packit\\\.yaml/)
  assert.match(ofIssue, /`\/packit propose-downstream`: it carries no releases/)
  assert.doesNotMatch(ofIssue, /packit build/)
  assert.match(ofCommit, /No commit of this is known here yet/)
  assert.match(ofCommit, /`\/packit build .* For who may write to the repository\.\n/)
})
