import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { App, Octokit } from 'octokit'
import { FakeGithub } from './fake-github.ts'
import { ask, createFakeWorld, makeJwt } from './test-caller.ts'

test('a token of an installation ends after an hour, also in the middle of a run', async () => {
  await using world = await createFakeWorld()
  world.wait(3599)
  assert.equal((await world.ask('GET /repos/acme/hello')).status, 200)
  world.wait(1)
  const { status, body } = await world.ask('GET /repos/acme/hello')
  assert.deepEqual([status, body.message], [401, 'Bad credentials'])
})

test('a token of an App must be signed by its key, be valid now, and not for more than ten minutes', async () => {
  await using world = await createFakeWorld()
  const { github } = world
  const now = Math.floor(github.state.now().getTime() / 1000)
  const statusOf = async (token: string) => (await ask(github, 'GET /app', { token })).status
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  assert.equal(await statusOf(makeJwt(github)), 200)
  assert.equal(await statusOf(makeJwt(github, { iss: github.app.oauth?.clientId })), 200)
  assert.equal(await statusOf(makeJwt(github, { exp: now + 600 })), 200)
  assert.equal(await statusOf(makeJwt(github, { exp: now + 601 })), 401)
  assert.equal(await statusOf(makeJwt(github, { exp: now })), 401)
  assert.equal(await statusOf(makeJwt(github, { iat: now + 1 })), 401)
  assert.equal(await statusOf(makeJwt(github, { exp: undefined })), 401)
  assert.equal(await statusOf(makeJwt(github, {}, pem)), 401)
  assert.equal(await statusOf(makeJwt(github, { iss: 1 })), 404)
  assert.equal(await statusOf('a.b.c'), 401)
  assert.equal(await statusOf(world.token), 401)
  assert.equal(await statusOf('ghs_wrong'), 401)
  assert.equal((await ask(github, 'GET /repos/acme/hello', { token: makeJwt(github) })).status, 401)
})

test('Octokit, whose clock differs from that of GitHub, corrects itself by the header Date', async () => {
  await using github = await FakeGithub.start({ now: () => new Date(Date.now() + 3_600_000) })
  const { appId, privateKey, apiUrl } = github.app
  const app = new App({ appId, privateKey, Octokit: Octokit.defaults({ baseUrl: apiUrl }), log: silent })
  assert.equal((await app.octokit.rest.apps.getAuthenticated()).data?.id, appId)
})

const silent = { debug() {}, info() {}, warn() {}, error() {} }

test('a request needs a User-Agent and a known version of the API', async () => {
  await using world = await createFakeWorld()
  assert.equal((await world.ask('GET /repos/acme/hello', undefined, { 'user-agent': '' })).status, 403)
  assert.equal(
    (await world.ask('GET /repos/acme/hello', undefined, { 'x-github-api-version': '1999-01-01' })).status,
    400,
  )
})
