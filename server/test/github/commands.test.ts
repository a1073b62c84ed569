// Commands in comments, as those who write them see what comes of it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PullRequest, Repository } from '../../src/forges/github/fake/things.ts'
import { CHROOTS } from '../world.ts'
import { createGithubWorld, type GithubWorld } from './github-world.ts'

const [FEDORA = '', EPEL = ''] = CHROOTS
const CONFIG = `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: pull_request, targets: [${FEDORA}, ${EPEL}]}
- {job: copr_build, trigger: commit, targets: [${FEDORA}]}
`

let story: GithubWorld
let repository: Repository
let pull: PullRequest
before(async () => {
  story = await createGithubWorld()
  repository = await story.createRepository(CONFIG)
  story.github.setPermission(repository, 'walter', 'write')
  pull = await story.openPull(repository)
})
after(() => story[Symbol.asyncDispose]())

/** Writes a comment: the reactions to it, and what was answered. */
async function say(author: string, body: string, where: Parameters<typeof story.github.comment>[0] = pull) {
  const { github } = story
  const place = 'sha' in where ? where.sha : where
  const before = github.comments(place).length
  const comment = await github.comment(where, author, body)
  await story.shown()
  const answers = github.comments(place).slice(before + 1)
  return { comment, reactions: github.reactions(comment), answers: answers.map((answer) => answer.body) }
}

const runs = async () => (await story.world.runs()).length

test('what is accepted gets a reaction alone, and runs; several lines are several commands', async () => {
  const before = await runs()
  const one = await say('walter', 'Once more, please.\n\n/packit build\n')
  assert.deepEqual([one.reactions, one.answers], [['eyes'], []])
  assert.equal(await runs(), before + 1)
  assert.equal(story.checks(pull).packit, 'success')
  const two = await say('walter', `/packit build --targets ${FEDORA}\n/packit help`)
  assert.deepEqual(two.reactions, ['eyes'])
  assert.match(two.answers.join(), /What can be asked for here/)
  assert.equal(await runs(), before + 2)
})

test('a refusal says why and what to do, an unknown word what may have been meant; help is for anybody', async () => {
  const before = await runs()
  const refused = await say('mallory', '/packit build')
  assert.deepEqual(refused.reactions, [])
  assert.match(refused.answers.join(), /needs write access.*Ask somebody who has it/s)
  const unknown = await say('walter', '/packit biuld')
  assert.match(unknown.answers.join(), /Line 1.*build/s)
  const help = await say('mallory', '/packit help')
  assert.match(help.answers.join(), new RegExp(`/packit rebuild-failed.*${FEDORA}`, 's'))
  assert.equal(await runs(), before)
  assert.deepEqual(story.github.violations, [])
})

test('a comment counts once: edited, sent again, replayed', async () => {
  const { github, world } = story
  const { comment } = await say('walter', '/packit build')
  const before = await runs()
  await github.editComment(comment, '/packit build\n\nPlease.')
  const told = github.deliveries.log.findLast(({ event }) => event === 'issue_comment')
  assert.ok(told)
  await github.redeliver(told)
  const { delivery_id } = (await story.deliveries()).findLast(({ event }) => event === 'issue_comment') ?? {}
  const stored = (await world.service.database.db.query.deliveries.findMany()).find((d) => d.deliveryId === delivery_id)
  assert.equal((await world.post(`/api/deliveries/${stored?.id}/replay`)).statusCode, 202)
  await story.shown()
  assert.equal(await runs(), before)
})

test('cancel ends what runs, and rebuild-failed takes it up again', async () => {
  const { world } = story
  world.builder.endsAlone = false
  await say('walter', '/packit build')
  await story.end(EPEL, 'success')
  const canceled = await say('walter', '/packit cancel')
  assert.deepEqual(canceled.reactions, ['eyes'])
  assert.equal(story.checks(pull).packit, 'cancelled')
  assert.equal(story.checks(pull)[`rpm-build:${FEDORA}`], 'cancelled')
  world.builder.endsAlone = true
  await say('walter', '/packit rebuild-failed')
  assert.equal(story.checks(pull).packit, 'success')
  assert.deepEqual(
    (await world.runs()).at(-1)?.copr.map(({ target }) => target),
    [FEDORA],
  )
})

test('a comment on a commit is answered in words: GitHub lets us react there only with leave that we do not ask for', async () => {
  const { github } = story
  const before = await runs()
  const sha = await github.pushBranch({ repository })
  await story.shown()
  const { reactions, answers } = await say('walter', '/packit build', { repository, sha })
  assert.deepEqual(reactions, [])
  assert.match(answers.join(), /^Accepted: build/)
  assert.equal(await runs(), before + 2)
})
