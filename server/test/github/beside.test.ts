// Beside another Packit, on a real project: its own commands, and nothing posted where that is wanted.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONFIG } from '../world.ts'
import { createGithubWorld } from './github-world.ts'

test('in shadow mode everything is done and shown on our pages, and GitHub is written to by nobody', async () => {
  await using story = await createGithubWorld({ env: { PACKIT_SHADOW: '1' } })
  const { github, world } = story
  const repository = await story.createRepository(CONFIG)
  const pull = await story.openPull(repository)
  const comment = await github.comment(pull, 'acme', '/packit build\n/packit help')
  await story.shown()
  assert.deepEqual(
    (await world.runs()).map(({ state }) => state),
    ['success', 'success'],
  )
  assert.deepEqual([github.allCheckRuns(), github.comments(pull).length, github.reactions(comment)], [[], 1, []])
  const run = (await world.runs()).at(-1)
  const { checks } = await world.get<{ checks: { state: string; waits_for: string }[] }>(
    `/api/runs/merged/${run?.merged_run_id}`,
  )
  assert.equal(checks.length, 3)
  for (const { state, waits_for } of checks) assert.deepEqual([state, /shadow mode/.test(waits_for)], ['success', true])
})

test('another instance has jobs, and obeys a command word, of its own', async () => {
  await using story = await createGithubWorld({ env: { PACKIT_INSTANCE: 'stg', PACKIT_COMMAND_PREFIX: '/packit-stg' } })
  const { github, world } = story
  const repository = await story.createRepository(`${CONFIG}packit_instances: [stg]\n`)
  const pull = await story.openPull(repository)
  assert.equal(story.checks(pull).packit, 'success')
  await github.comment(pull, 'acme', '/packit build')
  await story.shown()
  assert.equal((await world.runs()).length, 1, 'that is for the other one')
  await github.comment(pull, 'acme', '/packit-stg build')
  await story.shown()
  assert.equal((await world.runs()).length, 2)

  const theirs = await story.openPull(repository, { files: { '.packit.yaml': `${CONFIG}packit_instances: [prod]\n` } })
  assert.equal((await world.runs()).length, 3)
  assert.equal(story.checks(theirs).packit, 'skipped')
  const help = await github.comment(pull, 'acme', '/packit-stg help')
  await story.shown()
  assert.match(github.comments(pull).at(-1)?.body ?? '', /\/packit-stg rebuild-failed/)
  assert.ok(help)
})
