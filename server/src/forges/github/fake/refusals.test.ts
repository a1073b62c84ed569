import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, createFakeWorld, makeJwt, makeToken } from './test-caller.ts'

const CHECKS = 'POST /repos/acme/hello/check-runs'
const output = (more: object) => ({ title: 't', summary: 's', ...more })
const annotation = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' }

test('a check that GitHub would not take is refused with 422', async () => {
  await using world = await createFakeWorld()
  const base = { name: 'packit', head_sha: world.sha }
  const refused: Record<string, object> = {
    'unknown commit': { head_sha: 'a'.repeat(40) },
    'part of a commit id': { head_sha: world.sha.slice(0, 10) },
    'no name': { name: '' },
    'summary of 65,536 characters': { output: output({ summary: 'x'.repeat(65_536) }) },
    'text of 65,536 characters': { output: output({ text: 'x'.repeat(65_536) }) },
    '51 annotations': { output: output({ annotations: Array(51).fill(annotation) }) },
    'columns over several lines': {
      output: output({ annotations: [{ ...annotation, end_line: 2, start_column: 1, end_column: 2 }] }),
    },
    'long title of an annotation': { output: output({ annotations: [{ ...annotation, title: 'x'.repeat(256) }] }) },
    'no title': { output: { summary: 's' } },
    'completed without conclusion': { status: 'completed' },
    'conclusion of a running check': { status: 'in_progress', conclusion: 'success' },
    'conclusion of GitHub': { conclusion: 'stale' },
    'unknown conclusion': { conclusion: 'good' },
    'address without scheme': { details_url: 'packit.example.org' },
    'empty address': { details_url: '' },
    'four buttons': { actions: Array(4).fill({ label: 'l', description: 'd', identifier: 'i' }) },
    'label of 21 characters': { actions: [{ label: 'x'.repeat(21), description: 'd', identifier: 'i' }] },
    'unknown field': { detail_url: 'https://packit.example.org' },
  }
  for (const [name, change] of Object.entries(refused))
    assert.equal((await world.ask(CHECKS, { ...base, ...change })).status, 422, name)
  assert.deepEqual(world.github.checkRuns(world.pr), {})
  assert.equal((await world.ask(CHECKS, { ...base, output: output({ summary: 'x'.repeat(65_535) }) })).status, 201)
})

test('a status, a comment and a reaction that GitHub would not take are refused with 422', async () => {
  await using world = await createFakeWorld()
  const status = `POST /repos/acme/hello/statuses/${world.sha}`
  const comments = 'POST /repos/acme/hello/issues/1/comments'
  assert.equal((await world.ask(status, { state: 'pending', description: 'x'.repeat(141) })).status, 422)
  assert.equal((await world.ask(status, { state: 'pending', description: 'ä'.repeat(140) })).status, 201)
  assert.equal((await world.ask(status, { state: 'good' })).status, 422)
  assert.equal((await world.ask(status, { state: 'success', target_url: 'ftp://x' })).status, 422)
  assert.equal((await world.ask(`POST /repos/acme/hello/statuses/${'a'.repeat(40)}`, { state: 'error' })).status, 422)
  assert.equal((await world.ask(comments, { body: 'x'.repeat(65_537) })).status, 422)
  assert.equal((await world.ask(comments, { body: ' ' })).status, 422)
  const { body } = await world.ask(comments, { body: 'x'.repeat(65_536) })
  const reactions = `POST /repos/acme/hello/issues/comments/${body.id}/reactions`
  assert.equal((await world.ask(reactions, { content: 'party' })).status, 422)
})

test('what GitHub does not describe is refused loudly', async () => {
  await using world = await createFakeWorld()
  const { github } = world
  const missing = await world.ask('GET /repos/acme/hello/secrets')
  assert.equal(missing.status, 404)
  assert.match(missing.body.message ?? '', /GitHub describes no such operation/)
  assert.equal((await world.ask('DELETE /repos/acme/hello')).status, 404)
  assert.equal((await world.ask('GET /repos/acme/hello/pulls?states=open')).status, 422)
  assert.equal((await world.ask('GET /repos/acme/hello/pulls/one')).status, 422)
  assert.equal((await world.ask(CHECKS, { name: 'x' })).status, 422)
  assert.deepEqual(
    github.violations.map(({ path, faults }) => `${path}: ${faults[0]?.message}`),
    [
      '/repos/acme/hello/secrets: GitHub describes no such operation',
      '/repos/acme/hello: GitHub describes no such operation',
      '/repos/acme/hello/pulls?states=open: must NOT have additional properties: states',
      '/repos/acme/hello/pulls/one: must be integer',
      "/repos/acme/hello/check-runs: must have required property 'head_sha'",
    ],
  )
})

test('only the App that made a check changes it, and only where it is', async () => {
  await using world = await createFakeWorld()
  const { github, repository } = world
  const other = await github.createApp('Other')
  const theirs = await github.install(repository, { app: other })
  const jwt = makeJwt(github, { iss: other.id }, other.privateKey)
  const { body } = await ask(github, `POST /app/installations/${theirs.id}/access_tokens`, { token: jwt })
  const token = String(body.token)
  const made = await ask(github, CHECKS, { token, body: { name: 'other', head_sha: world.sha } })
  const change = { status: 'in_progress' }
  const path = `/repos/acme/hello/check-runs/${made.body.id}`
  assert.equal((await world.ask(`PATCH ${path}`, change)).status, 403)
  assert.equal((await world.ask('PATCH /repos/acme/hello/check-runs/7', change)).status, 404)
  const elsewhere = await github.createRepository({ owner: 'acme', name: 'more' })
  await github.changeRepositories(world.installation, { add: [elsewhere] })
  assert.equal((await world.ask(`PATCH /repos/acme/more/check-runs/${made.body.id}`, change)).status, 404)
  assert.equal((await ask(github, `PATCH ${path}`, { token, body: change })).status, 200)
})

test('an installation does what it was permitted, in its own repositories', async () => {
  await using world = await createFakeWorld()
  const { github, sha } = world
  const check = { name: 'packit', head_sha: sha }
  const poor = await makeToken(github, world.installation, { permissions: { checks: 'read' } })
  const refused = await ask(github, CHECKS, { token: poor, body: check })
  assert.deepEqual([refused.status, refused.body.message], [403, 'Resource not accessible by integration'])
  assert.equal((await ask(github, 'GET /repos/acme/hello/pulls/1', { token: poor })).status, 403)

  const asked = { permissions: { administration: 'write' } }
  const path = `POST /app/installations/${world.installation.id}/access_tokens`
  assert.equal((await ask(github, path, { token: makeJwt(github), body: asked })).status, 422)
  assert.equal((await ask(github, path, { token: makeJwt(github), body: { repositories: ['none'] } })).status, 422)

  await github.createRepository({ owner: 'acme', name: 'public' })
  await github.createRepository({ owner: 'acme', name: 'secret', isPrivate: true })
  assert.equal((await world.ask('GET /repos/acme/public')).status, 200)
  assert.equal((await world.ask('POST /repos/acme/public/issues/1/comments', { body: 'x' })).status, 403)
  assert.equal((await world.ask('GET /repos/acme/secret')).status, 404)
  assert.equal((await world.ask('GET /repos/acme/never')).status, 404)
  assert.equal((await ask(github, 'GET /repos/acme/secret')).status, 404)
})

test('a suspended installation is refused with 403, a deleted one with 401', async () => {
  await using world = await createFakeWorld()
  const { github, installation } = world
  const path = `POST /app/installations/${installation.id}/access_tokens`
  await github.suspend(installation)
  assert.equal((await world.ask('GET /repos/acme/hello')).status, 403)
  assert.equal((await ask(github, path, { token: makeJwt(github) })).status, 403)
  await github.unsuspend(installation)
  assert.equal((await world.ask('GET /repos/acme/hello')).status, 200)
  await github.uninstall(installation)
  assert.equal((await world.ask('GET /repos/acme/hello')).status, 401)
  assert.equal((await ask(github, path, { token: makeJwt(github) })).status, 404)
  assert.equal((await ask(github, 'GET /repos/acme/hello/installation', { token: makeJwt(github) })).status, 404)
})
