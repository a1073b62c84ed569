// Who is signed in to the pages, and what they may do: by token, by link, and as somebody whom a forge knows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Permission } from '../src/api/rights.ts'
import { insertOnceLink } from '../src/db/once-links.ts'
import { projects } from '../src/db/schema.ts'
import { removeOldSessions } from '../src/db/sessions.ts'
import { listTokens, revokeToken } from '../src/db/tokens.ts'
import { ForbiddenError, UnavailableError } from '../src/domain/errors.ts'
import { challengeOf, type ForgeSignIn, hashSecret } from '../src/domain/session.ts'
import type { Scope } from '../src/domain/token.ts'
import { addToken } from './add-token.ts'
import { type Api, createApi } from './api-world.ts'

const HOUR_MS = 3_600_000
const LINK = 'L'.repeat(43)

interface SignedIn {
  cookie: string
  csrf: string
}

/** A forge at which everybody signs in whose code is their name. */
class FakeSignIn implements ForgeSignIn {
  host = 'github.com'
  asked: { state: string; challenge: string; redirectUrl: string } | undefined
  isAway = false
  authorizeUrl(asked: { state: string; challenge: string; redirectUrl: string }) {
    this.asked = asked
    return `https://github.com/login/oauth/authorize?state=${asked.state}`
  }
  async findLogin({ code, verifier }: { code: string; verifier: string }) {
    if (this.isAway) throw new UnavailableError('it does not answer', 1000)
    if (challengeOf(verifier) !== this.asked?.challenge || code === 'wrong') throw new ForbiddenError('no')
    return code
  }
}

/** The server with the rows of the API's tests, a clock that a test moves, and a forge that answers what it is told to. */
async function createDesk(options: { readsNeedToken?: boolean; publicUrl?: string } = {}) {
  const clock = { now: new Date('2026-11-25T12:00:00Z') }
  const forge = new FakeSignIn()
  const permissions = new Map<string, Permission | Error>()
  let questions = 0
  const findPermission = async ({ namespace, name }: { namespace: string; name: string }, login: string) => {
    questions += 1
    const found = permissions.get(`${login} ${namespace}/${name}`) ?? 'none'
    if (found instanceof Error) throw found
    return found
  }
  const deps = { now: () => clock.now, findPermission, findSignIn: () => forge }
  const api = await createApi({ ...options, deps })
  return {
    api,
    clock,
    forge,
    permissions,
    questions: () => questions,
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  }
}

const post = (api: Api, url: string, payload: object | undefined, headers: Record<string, string> = {}) =>
  api.app.inject({ method: 'POST', url, headers, ...(payload ? { payload } : {}) } as InjectOptions)

async function signIn(api: Api, payload: object): Promise<SignedIn> {
  const answer = await post(api, '/api/session', payload)
  assert.equal(answer.statusCode, 200, answer.body)
  return { cookie: cookieOf(answer), csrf: answer.json().csrf }
}

async function signInByToken(api: Api, scopes: Scope[]): Promise<SignedIn> {
  return signIn(api, { token: await addToken(api.database.db, scopes) })
}

/** Goes to the forge and comes back, as a browser does. */
async function signInAs(desk: { api: Api; forge: FakeSignIn }, login: string): Promise<SignedIn> {
  const begun = await desk.api.get('/api/sign-in/github?back=/pipeline/1')
  const state = desk.forge.asked?.state ?? ''
  const answer = await desk.api.get(`/api/sign-in/github/callback?code=${login}&state=${state}`, {
    cookie: cookieOf(begun),
  })
  assert.equal(answer.statusCode, 302)
  const cookie = cookieOf(answer)
  return { cookie, csrf: (await desk.api.get('/api/session', { cookie })).json().csrf }
}

const cookieOf = (answer: LightMyRequestResponse) => String(answer.headers['set-cookie']).split(';')[0] ?? ''
const withCsrf = ({ cookie, csrf }: SignedIn) => ({ cookie, 'x-packit-csrf': csrf })

test('a token is turned into a cookie that no program in a page can read, and whose text is kept nowhere', async () => {
  await using desk = await createDesk({ publicUrl: 'https://packit.example/ci' })
  const token = await addToken(desk.api.database.db, ['runs:write'])
  const answer = await post(desk.api, '/ci/api/session', { token })
  assert.match(
    String(answer.headers['set-cookie']),
    /^packit_session=[\w-]{43}; Path=\/ci; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/,
  )
  assert.equal(answer.headers['cache-control'], 'no-store')
  const { name, by, scopes, expires_at } = answer.json()
  assert.deepEqual([name, by, scopes], ['token 1 (runs-write)', 'token', ['runs:write']])
  assert.equal(expires_at, desk.clock.now.getTime() / 1000 + 12 * 3600)
  const rows = await desk.api.database.db.query.sessions.findMany()
  assert.ok(!JSON.stringify(rows).includes(cookieOf(answer).slice('packit_session='.length)))
})

test('a write by a session needs the token that only our own pages know', async () => {
  await using desk = await createDesk()
  const me = await signInByToken(desk.api, ['admin'])
  const url = '/api/runs/1/cancel'
  for (const headers of [{ cookie: me.cookie }, { cookie: me.cookie, 'x-packit-csrf': 'A'.repeat(43) }]) {
    const refused = await post(desk.api, url, undefined, headers)
    assert.equal(refused.statusCode, 403)
    assert.match(refused.json().detail, /X-Packit-CSRF/)
  }
  assert.notEqual((await post(desk.api, url, undefined, withCsrf(me))).statusCode, 403)
  assert.equal((await desk.api.get('/api/audit', { cookie: me.cookie })).statusCode, 206)
})

test('a session may do what its token may, and ends with it', async () => {
  await using desk = await createDesk()
  const me = await signInByToken(desk.api, ['runs:write'])
  const refused = await desk.api.get('/api/audit', { cookie: me.cookie })
  assert.deepEqual(
    [refused.statusCode, refused.json().detail],
    [403, 'This needs the right admin, which you do not have here.'],
  )
  const [token] = await listTokens(desk.api.database.db)
  await revokeToken(desk.api.database.db, token?.id ?? 0, desk.clock.now)
  assert.equal((await desk.api.get('/api/session', { cookie: me.cookie })).json().name, null)
  assert.equal((await post(desk.api, '/api/runs/1/cancel', undefined, withCsrf(me))).statusCode, 401)
})

test('a session ends after 12 hours without use, after 7 days in any case, and when one signs out', async () => {
  await using desk = await createDesk()
  const { api, clock } = desk
  const name = async ({ cookie }: SignedIn) => (await api.get('/api/session', { cookie })).json().name
  const idle = await signInByToken(api, ['admin'])
  clock.now = new Date(clock.now.getTime() + 12 * HOUR_MS)
  assert.equal(await name(idle), null)

  const busy = await signInByToken(api, ['read'])
  for (let hours = 11; hours < 168; hours += 11) {
    clock.now = new Date(clock.now.getTime() + 11 * HOUR_MS)
    assert.equal(await name(busy), 'token 2 (read)', `${hours}`)
  }
  clock.now = new Date(clock.now.getTime() + 4 * HOUR_MS)
  assert.equal(await name(busy), null)
  await removeOldSessions(api.database.db, clock.now)
  assert.equal((await api.database.db.query.sessions.findMany()).length, 0)

  const out = await signInByToken(api, ['runs:write'])
  const remove = (headers: Record<string, string>) => api.app.inject({ method: 'DELETE', url: '/api/session', headers })
  assert.equal((await remove({ cookie: out.cookie })).statusCode, 403)
  const answer = await remove(withCsrf(out))
  assert.deepEqual(answer.json(), { signed_out: true })
  assert.match(String(answer.headers['set-cookie']), /^packit_session=; .*Max-Age=0/)
  assert.equal(await name(out), null)
  const audit = await api.database.db.query.auditLog.findMany({ orderBy: (row, { asc }) => asc(row.id) })
  assert.deepEqual(
    audit.map(({ actor, action }) => `${actor}: ${action}`),
    [
      'token 1 (admin): session.begin',
      'token 2 (read): session.begin',
      'token 3 (runs-write): session.begin',
      'token 3 (runs-write): session.end',
    ],
  )
})

test('a link signs in once, with all rights', async () => {
  await using desk = await createDesk()
  const expiresAt = new Date(desk.clock.now.getTime() + HOUR_MS)
  await insertOnceLink(desk.api.database.db, { hash: hashSecret(LINK), purpose: 'sign-in', data: {}, expiresAt })
  const me = await signIn(desk.api, { code: LINK })
  const { name, by, scopes } = (await desk.api.get('/api/session', { cookie: me.cookie })).json()
  assert.deepEqual([name, by, scopes], ['sign-in link', 'link', ['admin']])
  const again = await post(desk.api, '/api/session', { code: LINK })
  assert.equal(again.statusCode, 401)
  assert.match(again.json().detail, /sign-in-link/)
})

test('a link that was meant for something else, or is too old, signs nobody in', async () => {
  await using desk = await createDesk()
  const { db } = desk.api.database
  const expiresAt = new Date(desk.clock.now.getTime() + HOUR_MS)
  await insertOnceLink(db, { hash: hashSecret(LINK), purpose: 'setup', data: {}, expiresAt })
  await insertOnceLink(db, {
    hash: hashSecret('O'.repeat(43)),
    purpose: 'sign-in',
    data: {},
    expiresAt: desk.clock.now,
  })
  for (const code of [LINK, 'O'.repeat(43), '', 'x'])
    assert.equal((await post(desk.api, '/api/session', { code })).statusCode, 401, code)
})

test('after ten failed attempts within a minute an address has to wait', async () => {
  await using desk = await createDesk()
  const token = await addToken(desk.api.database.db, ['admin'])
  for (let i = 0; i < 10; i++)
    assert.equal((await post(desk.api, '/api/session', { token: `pkt_${'A'.repeat(43)}` })).statusCode, 401)
  const refused = await post(desk.api, '/api/session', { token })
  assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [429, '60'])
  desk.clock.now = new Date(desk.clock.now.getTime() + 60_000)
  assert.equal((await post(desk.api, '/api/session', { token })).statusCode, 200)
})

test('what another site sends signs nobody in', async () => {
  await using desk = await createDesk()
  const token = await addToken(desk.api.database.db, ['admin'])
  const refused = await post(desk.api, '/api/session', { token }, { 'sec-fetch-site': 'cross-site' })
  assert.deepEqual([refused.statusCode, refused.headers['set-cookie']], [403, undefined])
  const answer = await desk.api.get('/api/session', { origin: 'https://evil.example' })
  assert.equal(answer.headers['access-control-allow-origin'], '*')
  assert.equal(answer.headers['access-control-allow-credentials'], undefined)
})

test('people of a forge may do with runs what they may do in the repository', async () => {
  await using desk = await createDesk()
  const { api, permissions } = desk
  const allowed = ['write', 'admin']
  for (const permission of ['none', 'read', 'write', 'admin'] as const) {
    const login = `user-${permission}`
    permissions.set(`${login} acme/hello`, permission)
    const me = await signInAs(desk, login)
    const may = (await api.get('/api/session?run=1', { cookie: me.cookie })).json().may_write_runs
    assert.equal(may, allowed.includes(permission), permission)
    for (const url of ['/api/runs/1/retry', '/api/runs/1/cancel', '/api/projects/github.com/acme/hello/runs']) {
      const { statusCode, body } = await post(api, url, url.endsWith('/runs') ? { pr: 41 } : undefined, withCsrf(me))
      assert.equal(statusCode !== 403, allowed.includes(permission), `${permission} ${url}: ${body}`)
    }
    // an event that does not wait is refused by what it is, not by who asks
    const { statusCode } = await post(api, '/api/events/1/approve', undefined, withCsrf(me))
    assert.equal(statusCode !== 403, allowed.includes(permission), `${permission} approves`)
    // and nothing else
    assert.equal((await post(api, '/api/allowlist', {}, withCsrf(me))).statusCode, 403)
    assert.equal((await api.get('/api/audit', { cookie: me.cookie })).statusCode, 403)
    assert.equal((await post(api, '/api/deliveries/1/replay', undefined, withCsrf(me))).statusCode, 403)
  }
})

test('people of a forge have no rights in projects of another one', async () => {
  await using desk = await createDesk()
  desk.forge.host = 'github.example.org'
  desk.permissions.set('ann acme/hello', 'admin')
  const me = await signInAs(desk, 'ann')
  assert.equal((await post(desk.api, '/api/runs/1/cancel', undefined, withCsrf(me))).statusCode, 403)
  assert.equal(desk.questions(), 0)
})

test('what a person may do is asked of the forge once a minute', async () => {
  await using desk = await createDesk()
  desk.permissions.set('ann acme/hello', 'write')
  const me = await signInAs(desk, 'ann')
  const ask = () => post(desk.api, '/api/runs/1/cancel', undefined, withCsrf(me))
  await ask()
  desk.permissions.set('ann acme/hello', 'none')
  assert.notEqual((await ask()).statusCode, 403)
  assert.equal(desk.questions(), 1)
  desk.clock.now = new Date(desk.clock.now.getTime() + 60_000)
  assert.equal((await ask()).statusCode, 403)
})

test('while the forge is away nobody gets rights by it', async () => {
  await using desk = await createDesk()
  desk.permissions.set('ann acme/hello', new UnavailableError('no answer', 3000))
  const me = await signInAs(desk, 'ann')
  const refused = await post(desk.api, '/api/runs/1/cancel', undefined, withCsrf(me))
  assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [503, '3'])
})

test('one comes back from the forge to where one was, and only in the browser that went there', async () => {
  await using desk = await createDesk({ publicUrl: 'https://packit.example' })
  const begun = await desk.api.get('/api/sign-in/github?back=/pipeline/1%3Flog%3Dbuild-9')
  assert.match(String(begun.headers['set-cookie']), /^packit_sign_in=[\w-]{43}; .*HttpOnly; SameSite=Lax; Secure$/)
  const { state = '', redirectUrl } = desk.forge.asked ?? {}
  assert.equal(redirectUrl, 'https://packit.example/api/sign-in/github/callback')
  const url = `/api/sign-in/github/callback?code=ann&state=${state}`
  const stranger = await desk.api.get(url)
  assert.equal(stranger.headers.location, 'https://packit.example/sign-in?problem=expired')
  assert.equal(stranger.headers['set-cookie'], undefined)
  const back = await desk.api.get(url, { cookie: cookieOf(begun) })
  assert.equal(back.headers.location, 'https://packit.example/pipeline/1?log=build-9')
  assert.match(String(back.headers['set-cookie']), /^packit_session=.*SameSite=Strict/)
  // the state is good once
  const again = await desk.api.get(url, { cookie: cookieOf(begun) })
  assert.equal(again.headers.location, 'https://packit.example/sign-in?problem=expired')
  const rows = await desk.api.database.db.query.sessions.findMany()
  assert.deepEqual(
    rows.map(({ actor, forge, login, tokenId }) => [actor, forge, login, tokenId]),
    [['github.com/ann', 'github.com', 'ann', null]],
  )
})

test('each way that a sign-in at the forge fails has its word, and the way back leads nowhere else', async () => {
  await using desk = await createDesk({ publicUrl: 'https://packit.example' })
  const goes = async (query: string, back = '/pipelines') => {
    const begun = await desk.api.get(`/api/sign-in/github?back=${encodeURIComponent(back)}`)
    const url = `/api/sign-in/github/callback?state=${desk.forge.asked?.state}&${query}`
    return String((await desk.api.get(url, { cookie: cookieOf(begun) })).headers.location)
  }
  const page = 'https://packit.example/sign-in?problem='
  assert.equal(await goes('error=access_denied'), `${page}refused&back=%2Fpipelines`)
  assert.equal(await goes('code=wrong'), `${page}refused&back=%2Fpipelines`)
  desk.forge.isAway = true
  assert.equal(await goes('code=ann'), `${page}away&back=%2Fpipelines`)
  desk.forge.isAway = false
  assert.equal(await goes('code=ann', '//evil.example/x'), 'https://packit.example/')
})

test('where there are private repositories, who is signed in reads, and who may not read them all does not', async () => {
  await using desk = await createDesk({ readsNeedToken: true })
  const { api, permissions } = desk
  await api.database.db
    .insert(projects)
    .values({ id: 9001, forge: 'github.com', namespace: 'acme', name: 'secret', url: 'https://x', isPrivate: true })
  permissions.set('ann acme/secret', 'read')
  const reads = async (headers: Record<string, string>) => (await api.get('/api/runs', headers)).statusCode
  assert.equal(await reads({}), 401)
  assert.equal((await api.get('/api/session')).json().may_read, false)
  const byToken = await signInByToken(api, ['read'])
  assert.equal(await reads({ cookie: byToken.cookie }), 206)
  const ann = await signInAs(desk, 'ann')
  assert.equal(await reads({ cookie: ann.cookie }), 206)
  const bob = await signInAs(desk, 'bob')
  assert.equal(await reads({ cookie: bob.cookie }), 403)
  assert.equal((await api.get('/api/session', { cookie: bob.cookie })).json().may_read, false)
  assert.equal(await reads({ cookie: `packit_session=${'A'.repeat(43)}` }), 401)
})
