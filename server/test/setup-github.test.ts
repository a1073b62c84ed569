// From the one-time link to an App that works, and a sign-in by it: our pages and those of the fake GitHub, as a browser sees them.
import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { runDoctor } from '../src/cli/doctor.ts'
import { sign } from '../src/forges/signature.ts'
import { createSetup } from './setup-desk.ts'

/** Follows links and sends forms, with cookies by host, and stays where a redirect leads. */
class Browser {
  readonly #cookies = new Map<string, string>()
  url = ''
  text = ''
  status = 0
  headers = new Headers()

  async go(url: string, form?: Record<string, string>): Promise<this> {
    const { host } = new URL(url)
    const init = form ? { method: 'POST', body: new URLSearchParams(form) } : {}
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { cookie: this.#cookies.get(host) ?? '' },
    })
    const set = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '')
    if (set.length > 0) this.#cookies.set(host, set.join('; '))
    const to = response.headers.get('location')
    if (response.status >= 300 && to) return this.go(new URL(to, url).href)
    Object.assign(this, { url, status: response.status, headers: response.headers, text: await response.text() })
    return this
  }

  /** Sends the form of the page whose action fits, as it stands. */
  async send(action: RegExp, change: Record<string, string> = {}): Promise<this> {
    const form = [...this.text.matchAll(/<form method="post"(?: action="([^"]*)")?[^>]*>(.*?)<\/form>/gs)].find(
      ([, to = '']) => action.test(to),
    )
    assert.ok(form, `${action} is no form of ${this.url}: ${this.text}`)
    const fields = [
      ...(form[2] ?? '').matchAll(/<input type="(?:hidden|text)"[^>]*?name="(\w+)"[^>]*?value="([^"]*)"/gs),
    ]
    const values = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, plain(value)]))
    return this.go(new URL(plain(form[1] ?? ''), this.url).href, { ...values, ...change })
  }
}

const plain = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

test('two clicks make an App, which works at once and by which people sign in', async () => {
  await using desk = await createSetup()
  const { github, world, base } = desk
  const browser = await new Browser().go(await desk.makeLink('setup-link'))
  assert.equal(browser.url, `${base}/setup`)
  assert.match(browser.headers.get('content-security-policy') ?? '', new RegExp(`form-action 'self' ${github.url}$`))
  assert.ok(!/<script|style="|onclick/i.test(browser.text))

  await browser.send(/settings\/apps\/new/)
  assert.match(browser.text, /It will hear of: .*merge_group.*, at http.*\/api\/webhooks\/github/)
  await browser.send(/settings\/apps\/create/)
  assert.match(browser.text, /packit-[0-9a-f]{4} is made/)
  assert.match(browser.text, /apps\/packit-[0-9a-f]{4}\/installations\/new/)

  // no restart: a delivery is taken that this App's secret has signed
  const app = world.service.apps.current()
  const payload = JSON.stringify({ zen: 'x' })
  const headers = { 'content-type': 'application/json', 'x-github-event': 'ping', 'x-github-delivery': 'a' }
  const signed = { ...headers, 'x-hub-signature-256': sign(app?.webhookSecret ?? '', payload) }
  assert.equal(
    (await fetch(`${base}/api/webhooks/github`, { method: 'POST', headers: signed, body: payload })).status,
    200,
  )
  assert.match((await world.audit()).join(), /setup link: github-app\.create GitHub App packit-/)

  // the second visit says what there is; nobody can make another
  await browser.go(`${base}/setup?installation_id=1&setup_action=install`)
  assert.match(browser.text, /The App is installed/)
  await assert.rejects(desk.makeLink('setup-link'), /is set up already/)

  github.createUser('ann')
  await browser.go(`${base}/api/sign-in/github?back=/pipelines`)
  assert.match(browser.text, /Sign in as ann/)
  const authorize = browser.url
  await browser.go(authorize, { login: 'ann' })
  assert.equal(browser.url, `${base}/pipelines`)
  await browser.go(`${base}/api/session`)
  assert.equal(JSON.parse(browser.text).name, `${new URL(github.url).hostname}/ann`)
  assert.deepEqual(github.violations, [])
})

test('a link is good once, and without one there is nothing but the way to get one', async () => {
  await using desk = await createSetup()
  for (const path of ['/setup', '/setup?code=x', '/setup/github?code=x&state=y']) {
    const { status, text } = await new Browser().go(desk.base + path)
    assert.deepEqual([status, /packit-service setup-link/.test(text), /manifest/.test(text)], [404, true, false], path)
  }
  const link = await desk.makeLink('setup-link')
  assert.equal((await new Browser().go(link)).status, 200)
  assert.equal((await new Browser().go(link)).status, 404)
  // a link to sign in is none to set up
  const code = new URL(await desk.makeLink('sign-in-link')).searchParams.get('code')
  assert.equal((await new Browser().go(`${desk.base}/setup?code=${code}`)).status, 404)
})

test('what is chosen is what GitHub is asked for; what is wrong is named beside its field', async () => {
  await using desk = await createSetup()
  const browser = await new Browser().go(await desk.makeLink('setup-link'))
  await browser.send(/\/setup$/, { name: '-', owner: 'organization', organization: 'a b', apiUrl: 'x y' })
  assert.equal(browser.status, 400)
  for (const field of ['name', 'organization', 'apiUrl'])
    assert.match(browser.text, new RegExp(`id="${field}"[^>]*aria-invalid="true"`))

  desk.github.createUser('acme', 'Organization')
  const own = desk.github.url.replace(/^http:\/\//, '')
  const choice = {
    name: 'packit-acme',
    owner: 'organization',
    organization: 'acme',
    visibility: 'public',
    keep: 'show',
  }
  await browser.send(/\/setup$/, { ...choice, apiUrl: desk.github.apiUrl })
  await browser.send(/organizations\/acme\/settings\/apps\/new/)
  await browser.send(/create$/)
  assert.match(browser.text, /PACKIT_GITHUB_PRIVATE_KEY=&quot;-----BEGIN RSA PRIVATE KEY-----\\n/)
  assert.ok(browser.text.includes(own))
  // and it is kept nowhere
  assert.equal(desk.world.service.apps.current(), undefined)
  assert.equal((await browser.go(`${desk.base}/setup`)).status, 404)
})

test('each refusal says what to do: a state of others, no code, a code that is used up, a GitHub that is away', async () => {
  await using desk = await createSetup()
  const { base, github } = desk
  const browser = await new Browser().go(await desk.makeLink('setup-link'))
  const state = /settings\/apps\/new\?state=([\w-]+)/.exec(browser.text)?.[1] ?? ''
  const comes = async (query: string) => {
    const { status, text } = await browser.go(`${base}/setup/github?${query}`)
    return `${status} ${/<h1>(.*?)<\/h1>/.exec(text)?.[1]} ${/Begin again<\/a>/.test(text)}`
  }
  assert.equal(await comes(`code=x&state=${'A'.repeat(43)}`), '400 This is not the set-up that was begun here true')
  assert.equal(await comes(`state=${state}`), '400 GitHub has sent no code true')
  assert.equal(await comes(`code=x&state=${state}`), '400 GitHub does not give the App away any more true')
  const other = await new Browser().go(await desk.makeLink('setup-link'))
  await other.go(`${base}/setup/github?code=x&state=${state}`)
  assert.match(other.text, /not the set-up that was begun here/)
  await github[Symbol.asyncDispose]()
  assert.equal(await comes(`code=x&state=${state}`), '400 GitHub does not answer true')
})

test('a key that can not be kept is shown, since GitHub gives it away once', async () => {
  await using desk = await createSetup()
  const browser = await new Browser().go(await desk.makeLink('setup-link'))
  await browser.send(/settings\/apps\/new/)
  await rm(desk.world.service.config.dataDir, { recursive: true })
  await browser.send(/create$/)
  assert.match(browser.text, /its key could not be kept/)
  assert.match(browser.text, /PACKIT_GITHUB_PRIVATE_KEY/)
})

test('doctor looks at the App that was made, and says that it is installed nowhere', async () => {
  await using desk = await createSetup()
  const browser = await new Browser().go(await desk.makeLink('setup-link'))
  await browser.send(/settings\/apps\/new/)
  await browser.send(/create$/)
  const { dataDir } = desk.world.service.config
  assert.equal(JSON.parse(await readFile(join(dataDir, 'github-app.json'), 'utf8')).apiUrl, desk.github.apiUrl)
  const findings = async (env: Record<string, string>, title: string) => {
    let text = ''
    const write = (part: string) => {
      text += part
    }
    await runDoctor({ json: true, env }, { write, isTerminal: false, hasColor: false, columns: 100 })
    const { sections } = JSON.parse(text) as {
      sections: { title: string; findings: { state: string; what: string }[] }[]
    }
    const found = sections.find((section) => section.title === title)?.findings
    return found?.map(({ state, what }) => `${state}: ${what}`).join('\n') ?? ''
  }
  const all = await findings({ PACKIT_DATA_DIR: dataDir, PACKIT_PUBLIC_URL: desk.base }, 'GitHub App')
  for (const line of [
    'ok: GitHub knows the App by its key',
    'ok: it has all permissions',
    'ok: it hears of all events',
    'ok: the clock',
    `ok: GitHub delivers to ${desk.base}`,
    'warning: it is installed nowhere',
  ])
    assert.ok(all.includes(line), `${line} in ${all}`)
  // a GitHub on this machine reaches the service without a public address
  assert.match(await findings({ PACKIT_DATA_DIR: dataDir }, 'Public address'), /^ok: none is needed/)
  assert.deepEqual(desk.github.violations, [])
})
