// An outsider's pull request, from a fork: what its author sees, and who may have it built.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Repository } from '../../src/forges/github/fake/things.ts'
import { CHROOTS, CONFIG } from '../world.ts'
import { createGithubWorld, type GithubWorld } from './github-world.ts'

const targets = (state: string) => Object.fromEntries(CHROOTS.map((chroot) => [`rpm-build:${chroot}`, state]))
const WAITS = { packit: 'action_required', ...targets('neutral') }
const BUILT = { packit: 'success', ...targets('success') }

let story: GithubWorld
before(async () => {
  story = await createGithubWorld({
    cloneUrls: 'http',
    env: { PACKIT_PRIVATE_NAMESPACES: '127.0.0.1/acme' },
  })
})
after(() => story[Symbol.asyncDispose]())

const openFork = (repository: Repository, files?: Record<string, string>) =>
  story.openPull(repository, { author: 'mallory', fromFork: true, ...(files && { files }) })

async function createRepository(name: string, isPrivate = false): Promise<Repository> {
  const repository = await story.createRepository(CONFIG, { name, isPrivate })
  story.github.setPermission(repository, 'walter', 'write')
  return repository
}

test('an outsider’s pull request waits, with a button, until somebody who may gives leave; a new push waits again', async () => {
  const { github, world } = story
  const pull = await openFork(await createRepository('asked'))
  assert.deepEqual(story.checks(pull), WAITS)
  const check = github.findCheck(pull, 'packit')
  assert.deepEqual(
    check.actions.map(({ label }) => label),
    ['Approve'],
  )
  assert.match(check.output.summary ?? '', /mallory has no write access.*packit approve/s)
  assert.equal(world.srpms.made.length, 0)

  await github.clickButton(check, 'approve', 'mallory')
  await github.comment(pull, 'mallory', '/packit approve')
  await github.comment(pull, 'mallory', '/packit build')
  await story.shown()
  assert.deepEqual(story.checks(pull), WAITS)
  assert.match(github.comments(pull).at(-1)?.body ?? '', /waits for approval/)

  await github.clickButton(github.findCheck(pull, 'packit'), 'approve', 'walter')
  await story.shown()
  assert.deepEqual(story.checks(pull), BUILT)
  await github.push(pull)
  await story.shown()
  assert.deepEqual(story.checks(pull), WAITS, 'leave is for one commit')
  const said = await github.comment(pull, 'walter', '/packit approve')
  await story.shown()
  assert.deepEqual([story.checks(pull), github.reactions(said)], [BUILT, ['eyes']])

  await github.push(pull)
  await story.shown()
  const { id } = await story.eventOf(pull.pull.head.sha)
  assert.equal((await world.post(`/api/events/${id}/approve`)).statusCode, 202)
  await story.shown()
  assert.deepEqual(story.checks(pull), BUILT)
  const audit = (await world.audit()).filter((line) => line.includes('approve'))
  assert.ok(
    audit.some((line) => line.startsWith('127.0.0.1/walter: command.approve')),
    audit.join('\n'),
  )
  assert.ok(
    audit.some((line) => line.includes('event.approve')),
    audit.join('\n'),
  )
})

test('a fork’s configuration redirects nothing: what publishes or gives rights is what the base branch says', async () => {
  const { github } = story
  const repository = await createRepository('redirected')
  const theirs = CONFIG.replace('  targets:', '  owner: somebody-else\n  project: their-project\n  targets:')
  const pull = await openFork(repository, { '.packit.yaml': theirs })
  await github.comment(pull, 'walter', '/packit approve')
  await story.shown()
  assert.deepEqual(story.checks(pull), BUILT)
  const { plan } = await story.eventOf(pull.pull.head.sha)
  assert.doesNotMatch(JSON.stringify([plan?.config, plan?.builds]), /somebody-else|their-project/)
  assert.match(plan?.warnings.join('\n') ?? '', /owner/)
})

test('a private repository’s fork waits too, and nothing of it is read without signing in', async () => {
  const { github, world } = story
  const pull = await openFork(await createRepository('hidden', true))
  assert.equal(story.checks(pull).packit, 'action_required')
  await github.comment(pull, 'walter', '/packit approve')
  await story.shown()
  assert.deepEqual(story.checks(pull), BUILT)
  const input = JSON.stringify(world.srpms.made.at(-1))
  assert.doesNotMatch(input, /ghs_|basic /i, 'no token is part of what is built')
  const pages = [
    '/api/projects/127.0.0.1/acme/hidden',
    '/api/runs?per_page=100',
    '/api/badge/127.0.0.1/acme/hidden.svg',
  ]
  for (const url of pages) assert.doesNotMatch((await world.http.inject({ url })).body, /hidden|Passed/, url)
})

test('a project that nobody allowed is told so on its pull request, and is built as soon as it is allowed', async () => {
  const { github, world } = story
  const repository = await github.createRepository({
    owner: 'stranger',
    name: 'new',
    files: { '.packit.yaml': CONFIG, 'hello.spec': 'Name: hello\n' },
  })
  await github.install(repository)
  const pull = await story.openPull(repository)
  assert.deepEqual(story.checks(pull), { packit: 'action_required' })
  assert.match(github.findCheck(pull, 'packit').output.summary ?? '', /allow/)
  const body = { path: '127.0.0.1/stranger', status: 'approved' }
  assert.equal((await world.post('/api/allowlist', { body })).statusCode, 202)
  await story.shown()
  assert.deepEqual(story.checks(pull), BUILT)
})
