import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeGithub } from './fake-github.ts'

const post = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
const readJson = async (response: Response) => (await response.json()) as Record<string, string>
const locationOf = (response: Response) => new URL(response.headers.get('location') ?? '', response.url)

const MANIFEST = {
  name: 'Packit of Acme',
  url: 'https://packit.example.org',
  redirect_url: 'https://packit.example.org/setup/made',
  callback_urls: ['https://packit.example.org/api/sign-in'],
  setup_url: 'https://packit.example.org/setup/installed',
  hook_attributes: { url: 'https://packit.example.org/api/webhooks/github' },
  default_permissions: { checks: 'write' },
  default_events: ['pull_request'],
}

test('a posted manifest makes an App, whose secrets its code gives once', async () => {
  await using github = await FakeGithub.start()
  github.createUser('acme', 'Organization')
  const form = { manifest: JSON.stringify(MANIFEST) }
  const shown = await (await post(`${github.url}/organizations/acme/settings/apps/new?state=s%22`, form)).text()
  assert.match(shown, /checks: write/)
  assert.match(shown, /name="state" value="s&quot;"/)

  const made = await post(`${github.url}/organizations/acme/settings/apps/create`, { ...form, state: 's"' })
  const to = locationOf(made)
  assert.equal(to.origin + to.pathname, MANIFEST.redirect_url)
  assert.equal(to.searchParams.get('state'), 's"')
  const convert = () =>
    fetch(`${github.apiUrl}/app-manifests/${to.searchParams.get('code')}/conversions`, { method: 'POST' })
  const app = await readJson(await convert())
  assert.equal(app.slug, 'packit-of-acme')
  assert.match(app.pem ?? '', /^-----BEGIN RSA PRIVATE KEY-----/)
  assert.equal((await convert()).status, 404)
  assert.deepEqual(github.violations, [])

  const again = await post(`${github.url}/settings/apps/create`, form)
  assert.equal(again.status, 422)
  assert.match(await again.text(), /is taken already/)
})

test('a manifest that lacks what it needs is refused with the reason', async () => {
  await using github = await FakeGithub.start()
  const refuse = async (manifest: string) => (await post(`${github.url}/settings/apps/new`, { manifest })).text()
  assert.match(await refuse('{'), /not JSON/)
  assert.match(await refuse(JSON.stringify({ ...MANIFEST, name: 'x'.repeat(35) })), /1 to 34 characters/)
  assert.match(await refuse(JSON.stringify({ ...MANIFEST, redirect_url: undefined })), /redirect_url/)
})

test('installing an App leads to its set-up address and tells it of the repositories that were chosen', async () => {
  const heard: string[] = []
  await using github = await FakeGithub.start({
    manifest: { setup_url: MANIFEST.setup_url },
    deliver: async (headers, body) => {
      heard.push(
        `${headers['x-github-event']} ${JSON.parse(body).repositories.map((one: { name: string }) => one.name)}`,
      )
      return 202
    },
  })
  const { id } = await github.createRepository({ owner: 'acme', name: 'hello' })
  await github.createRepository({ owner: 'acme', name: 'other' })
  const at = `${github.url}/apps/packit-fake/installations/new`
  assert.match(await (await fetch(at)).text(), /Install on acme/)
  const done = await post(at, { account: 'acme', which: 'selected', repository: String(id), state: 'abc' })
  const to = locationOf(done)
  assert.equal(to.origin + to.pathname, MANIFEST.setup_url)
  assert.equal(to.searchParams.get('setup_action'), 'install')
  assert.deepEqual(heard, ['installation hello'])
})

test('signing in gives a token for the person who clicked, by a code that is good once and in time', async () => {
  let at = Date.now()
  const callback = 'https://packit.example.org/back'
  await using github = await FakeGithub.start({ manifest: { callback_urls: [callback] }, now: () => new Date(at) })
  github.createUser('zoe')
  const { clientId = '', clientSecret = '' } = github.app.oauth ?? {}
  const page = `${github.url}/login/oauth/authorize?client_id=${clientId}&state=x&redirect_uri=${callback}`
  assert.match(await (await fetch(page)).text(), /Sign in as zoe/)
  const elsewhere = await fetch(
    `${github.url}/login/oauth/authorize?client_id=${clientId}&redirect_uri=https://evil.example`,
  )
  assert.equal(elsewhere.status, 404)

  const exchange = async (code: string) => {
    const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, code })
    const headers = { accept: 'application/json' }
    return await readJson(await fetch(`${github.url}/login/oauth/access_token`, { method: 'POST', body, headers }))
  }
  const signIn = async () => locationOf(await post(page, { login: 'zoe' })).searchParams.get('code') ?? ''
  const code = await signIn()
  const { access_token } = await exchange(code)
  const me = await fetch(`${github.apiUrl}/user`, { headers: { authorization: `Bearer ${access_token}` } })
  assert.equal((await readJson(me)).login, 'zoe')
  assert.equal((await exchange(code)).error, 'bad_verification_code')
  const late = await signIn()
  at += 600_001
  assert.equal((await exchange(late)).error, 'bad_verification_code')
  assert.deepEqual(github.violations, [])
})

test('a page shows checks and comments, escapes what people wrote, and its buttons send deliveries', async () => {
  const heard: string[] = []
  await using github = await FakeGithub.start({
    deliver: async (headers, body) => {
      heard.push(`${headers['x-github-event']} ${JSON.parse(body).action}`)
      return 202
    },
  })
  const repository = await github.createRepository({ owner: 'acme', name: 'hello' })
  await github.install(repository)
  const pr = await github.openPullRequest({ repository, author: 'zoe', title: '<script>alert(1)</script>' })
  const at = `${github.url}/acme/hello/pull/1`
  await post(`${at}/comment`, { as: 'zoe', body: '/packit <b>build</b>' })
  const text = await (await fetch(at)).text()
  assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/)
  assert.match(text, /\/packit &lt;b&gt;build&lt;\/b&gt;/)
  assert.doesNotMatch(text, /<script>|<b>build/)
  for (const path of ['/', '/acme/hello', '/acme/hello/pulls', `/acme/hello/commit/${pr.pull.head.sha}`])
    assert.equal((await fetch(github.url + path)).status, 200)
  assert.equal((await fetch(`${github.url}/acme/nothing`)).status, 404)
  heard.length = 0
  assert.equal((await post(`${at}/close`, { as: 'zoe' })).status, 303)
  await post(`${at}/reopen`, { as: 'zoe' })
  await post(`${at}/merge`, { as: 'acme' })
  assert.deepEqual(
    heard.filter((one) => one.startsWith('pull')),
    ['pull_request closed', 'pull_request reopened', 'pull_request closed'],
  )
  assert.match(await (await fetch(at)).text(), /merged/)
})
