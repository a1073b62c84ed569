import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findProject } from '../src/db/projects.ts'
import { addPost } from '../src/jobs/add-post.ts'
import { markOf, sendPost } from '../src/reports/send-post.ts'
import { createReportsWorld, type ReportsWorld } from './reports-world.ts'

const FEDORA = 'fedora-45-x86_64'
const FAILED = 'Executing(%check): /bin/sh\nFAIL: test_one\nerror: Bad exit status from /var/tmp/rpm-tmp.x (%check)\n'

const configWith = (notifications: string) => `specfile_path: hello.spec
notifications:
${notifications}
jobs:
- job: copr_build
  trigger: pull_request
  targets: [${FEDORA}]
`

const posts = ({ world }: ReportsWorld) => world.service.database.db.query.posts.findMany()

/** A comment that somebody wants, of which a project is known. */
async function want(it: ReportsWorld, key: string, kind: 'comment' | 'reaction' = 'comment'): Promise<boolean> {
  const { database, queue } = it.world.service
  const post = {
    key,
    kind,
    projectId: 1,
    place: 'pull_request' as const,
    number: 1,
    body: 'Hello <!-- packit:forged -->',
  }
  return database.transaction((tx) =>
    addPost(tx, queue, { ...post, ...(kind === 'reaction' ? { commentId: '9' } : {}) }),
  )
}

test('a comment is written once, also when two workers try and the answer gets lost', async () => {
  await using it = await createReportsWorld()
  await it.world.openPullRequest()
  await it.shown()
  assert.ok(await findProject(it.world.service.database.db, 1))
  it.forge.fail('addComment', { kind: 'lost' })
  assert.deepEqual([await want(it, 'a'), await want(it, 'a')], [true, false])
  await it.shown()
  const [post] = await posts(it)
  await Promise.all([1, 2, 3].map(() => sendPost({ postId: post?.id ?? 0 }, it.deps)))
  await it.shown()
  assert.equal(it.forge.comments.length, 1)
  assert.equal(it.forge.comments[0]?.body, `Hello <!-- forged -->\n\n${markOf('a')}`)
  assert.deepEqual(
    (await posts(it)).map(({ state, forgeId }) => [state, forgeId]),
    [['written', '1']],
  )

  await want(it, 'b', 'reaction')
  await it.shown()
  assert.deepEqual([...it.forge.reactions], ['9'])

  it.forge.fail('addComment', { kind: 'refused' })
  await want(it, 'c')
  await it.shown()
  const refused = (await posts(it)).find(({ key }) => key === 'c')
  assert.deepEqual([refused?.state, refused?.reason], ['refused', 'the App may not addComment here'])
})

test('a failure is told by the configured comment, once for each attempt and never twice in a row', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  world.builder.endsAlone = false
  const config = configWith(
    "  failure_comment:\n    message: 'Look at {packit_dashboard_url}, {logs_url} and {nothing}, @ann'",
  )
  const pr = await world.openPullRequest({ config })
  const fail = async () => {
    await world.settle()
    for (const id of world.builder.builds.keys()) await world.builder.end(id, FEDORA, 'failure', FAILED)
    await it.shown()
  }
  await fail()
  const url = it.world.service.events.settings.publicUrl
  assert.deepEqual(
    forge.comments.map(({ place, body }) => [place, body.split('\n')[0]]),
    [
      [
        { on: 'pull_request', number: pr.number },
        `Look at ${url}/jobs/copr/1, ${url}/api/copr-builds/1/log and no entry, @ann`,
      ],
    ],
  )
  const [run] = await world.runs()
  await world.post(`/api/runs/${run?.merged_run_id}/retry`)
  await fail()
  assert.equal(forge.comments.length, 2, 'another build, another address')

  const same = configWith("  failure_comment:\n    message: 'It failed.'")
  await world.openPullRequest({ config: same, number: 2 })
  await fail()
  const [, again] = await world.runs()
  await world.post(`/api/runs/${again?.merged_run_id ?? 0}/retry`)
  const third = (await world.runs()).at(-1)
  await world.post(`/api/runs/${third?.merged_run_id}/retry`)
  await fail()
  assert.equal(forge.comments.filter(({ body }) => body.startsWith('It failed.')).length, 1)
})

test('what was built is told in a comment where the configuration wants it', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  await world.openPullRequest()
  await it.shown()
  assert.equal(forge.comments.length, 0)
  await world.openPullRequest({ config: configWith('  pull_request:\n    successful_build: true'), number: 2 })
  await it.shown()
  assert.equal(forge.comments.length, 1)
  assert.match(forge.comments[0]?.body ?? '', /```text\nsudo curl .*\nsudo dnf install hello\n```/)
})

test('in shadow mode comments are kept, and not posted', async () => {
  await using it = await createReportsWorld({ env: { PACKIT_SHADOW: '1' } })
  await it.world.openPullRequest({ config: configWith('  pull_request:\n    successful_build: true') })
  await it.world.settle()
  assert.equal(it.forge.calls.length, 0)
  assert.deepEqual(
    (await posts(it)).map(({ state }) => state),
    ['shadow'],
  )
})
