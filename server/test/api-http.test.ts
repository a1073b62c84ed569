import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { type Api, createApi } from './api-world.ts'

let api: Api
before(async () => {
  api = await createApi({ publicUrl: 'https://ci.example/packit/' })
  const dashboard = join(api.folder, 'dashboard')
  await mkdir(join(dashboard, 'assets'), { recursive: true })
  await writeFile(join(dashboard, 'index.html'), '<!doctype html><base href="/"><title>Packit</title>')
})
after(() => api[Symbol.asyncDispose]())

type Method = 'GET' | 'HEAD' | 'POST' | 'OPTIONS' | 'DELETE'
const ask = (method: Method, url: string, headers: Record<string, string> = {}) =>
  api.app.inject({ method, url, headers })

test('a method that is not for an address is told from an address that is not there', async () => {
  const wrong = await ask('POST', '/api/runs')
  assert.deepEqual([wrong.statusCode, wrong.headers.allow], [405, 'GET, HEAD, OPTIONS'])
  assert.equal(wrong.json().message, 'The method is not allowed for the requested URL.')
  assert.equal((await ask('DELETE', '/api/projects/gitlab.com/group/sub/tool/prs')).statusCode, 405)
  assert.equal((await ask('POST', '/api/nothing')).statusCode, 404)
})

test('every GET has its HEAD and OPTIONS', async () => {
  for (const url of [
    '/api/runs',
    '/api/srpm-builds/1',
    '/api/stream',
    '/api/healthz',
    '/api/openapi.json',
    '/metrics',
  ]) {
    const [get, head, options] = [
      url === '/api/stream' ? undefined : await ask('GET', url),
      await ask('HEAD', url),
      await ask('OPTIONS', url),
    ]
    assert.deepEqual([head.statusCode, head.body], [get?.statusCode ?? 200, ''], url)
    assert.deepEqual([options.statusCode, options.headers.allow], [200, 'GET, HEAD, OPTIONS'], url)
  }
  assert.equal((await ask('OPTIONS', '/api/nothing')).statusCode, 404)
})

test('what is not there is told as JSON, and well-formed addresses are asked for', async () => {
  for (const url of [
    '/api/nothing',
    '/api/runs/abc',
    '/api/runs/-1',
    '/api/runs/99999999999999999999',
    '/api/runs/%00',
    '/repos/x/y',
  ]) {
    const answer = await ask('GET', url)
    assert.equal(answer.statusCode, 404, url)
    assert.deepEqual([answer.json().status, typeof answer.json().error], [404, 'string'])
  }
  assert.deepEqual(
    [(await ask('GET', '/api/%zz')).statusCode, (await ask('GET', '/api/%zz')).json().status],
    [400, 400],
  )
})

test('addresses of the API are made regular by a redirect that never leaves the service', async () => {
  const to = async (url: string) => {
    const { statusCode, headers } = await ask('GET', url)
    return [statusCode, headers.location]
  }
  assert.deepEqual(await to('/api'), [308, '/packit/api/'])
  assert.deepEqual(await to('/api//runs?page=2'), [308, '/packit/api/runs?page=2'])
  assert.deepEqual(await to('/packit/api/runs/'), [308, '/packit/api/runs'])
  assert.deepEqual(await to('/api/projects/github.com/acme/'), [308, '/packit/api/projects/github.com/acme'])
  for (const url of ['//evil.example/', '/\\evil.example/', '//api/runs']) {
    assert.ok(!/^(\/\/|\/\\)/.test(String((await to(url))[1] ?? '')), url)
  }
})

test('programs of every origin may read the API, and the headers that tell of pages', async () => {
  const { headers } = await ask('GET', '/api/runs', { origin: 'https://other.example' })
  assert.equal(headers['access-control-allow-origin'], '*')
  for (const name of ['Content-Range', 'Link', 'ETag', 'X-Log-State']) {
    assert.ok(String(headers['access-control-expose-headers']).includes(name), name)
  }
  const preflight = await ask('OPTIONS', '/api/runs', {
    origin: 'https://other.example',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'last-event-id',
  })
  assert.deepEqual([preflight.statusCode, preflight.headers['access-control-allow-headers']], [200, 'last-event-id'])
})

test('pages get nothing from elsewhere, and are framed nowhere', async () => {
  const { headers } = await ask('GET', '/', { accept: 'text/html' })
  assert.equal(
    headers['content-security-policy'],
    "default-src 'none';script-src 'self';style-src 'self';font-src 'self' data:;img-src 'self' data:;connect-src 'self';" +
      "frame-ancestors 'none';base-uri 'self';form-action 'self'",
  )
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.match(String(headers['strict-transport-security']), /max-age=31556926/)
})

test('the same answer is not sent twice', async () => {
  const { headers } = await ask('GET', '/api/runs')
  const again = await ask('GET', '/api/runs', { 'if-none-match': String(headers.etag) })
  assert.deepEqual([again.statusCode, again.body], [304, ''])
  assert.equal((await ask('GET', '/api/runs?page=2', { 'if-none-match': String(headers.etag) })).statusCode, 206)
})

test('answers are compressed for whoever can read that', async () => {
  const plain = await ask('GET', '/api/runs')
  const gzip = await ask('GET', '/api/runs', { 'accept-encoding': 'gzip' })
  assert.equal(gzip.headers['content-encoding'], 'gzip')
  assert.equal(gunzipSync(gzip.rawPayload).toString(), plain.body)
  const brotli = await ask('GET', '/api/runs', { 'accept-encoding': 'br, gzip' })
  assert.equal(brotliDecompressSync(brotli.rawPayload).toString(), plain.body)
  assert.equal(
    (await ask('GET', '/api/healthz', { 'accept-encoding': 'gzip' })).headers['content-encoding'],
    undefined,
    'too small',
  )
})

test('pages know where the service begins, on every address that is none of the API', async () => {
  for (const url of ['/', '/pipeline/7', '/packit/projects/gitlab.com/group/sub/tool', '/jobs/copr/1?x=1']) {
    const page = await ask('GET', url, { accept: 'text/html,*/*' })
    assert.equal(page.statusCode, 200, url)
    assert.match(page.body, /<base href="\/packit\/">/)
    assert.equal(page.headers['cache-control'], 'no-cache')
  }
  assert.equal((await ask('GET', '/assets/gone.js')).statusCode, 404)
  assert.equal((await ask('POST', '/pipeline/7')).statusCode, 404)
  assert.equal((await ask('GET', '/pipeline/7', { accept: 'application/json' })).statusCode, 404)
})

test('files whose names hold their content are kept for ever', async () => {
  const dashboard = join(api.folder, 'built')
  await mkdir(join(dashboard, 'assets'), { recursive: true })
  await writeFile(join(dashboard, 'assets', 'main-1a2b.js'), 'x')
  await writeFile(join(dashboard, 'favicon.svg'), '<svg/>')
  await using built = await createApi({ empty: true, dashboardDir: dashboard })
  assert.match(String((await built.get('/assets/main-1a2b.js')).headers['cache-control']), /immutable/)
  assert.equal((await built.get('/favicon.svg')).headers['cache-control'], 'no-cache')
})

test('links carry the public address, lists the prefix', async () => {
  assert.equal((await api.json('/api/srpm-builds'))[0].log_url, 'https://ci.example/packit/jobs/srpm/5')
  assert.match(
    String((await ask('GET', '/packit/api/runs?per_page=2')).headers.link),
    /<\/packit\/api\/runs\?per_page=2&page=2>; rel="next"/,
  )
})

test('the contract and a page to read it are served', async () => {
  const contract = (await ask('GET', '/api/openapi.json')).json()
  assert.deepEqual([contract.openapi, contract.servers], ['3.1.0', [{ url: '/packit' }]])
  const page = await ask('GET', '/api/')
  assert.match(page.body, /<h2 id="listRuns">GET \/api\/runs<\/h2>/)
  assert.match(page.body, /<form action="\/packit\/api\/runs">/)
  assert.match(String((await ask('GET', '/api/reference.css')).headers['content-type']), /^text\/css/)
})

test('what the service says of itself', async () => {
  assert.deepEqual(await api.json('/api/healthz'), { status: 'We are healthy!' })
  assert.deepEqual((await api.json('/api/system')).packit_service, { version: '1.2.3', commit: '0a1b2c3' })
  assert.equal((await api.json('/api/status')).queue.waiting, 1)
  assert.match(
    (await ask('GET', '/metrics')).body,
    /http_request_duration_seconds_count\{method="GET",route="\/api\/healthz",status="200"\} [1-9]/,
  )
})

test('requests are sent here only when everything holds', async () => {
  assert.deepEqual(await api.json('/api/readyz'), {
    ready: true,
    checks: { database: { ok: true, message: null }, schema: { ok: true, message: null } },
  })
  const checkReadiness = async () => ({ queue: { ok: false, message: 'the queue stands still' } })
  await using broken = await createApi({ empty: true, deps: { checkReadiness } })
  const answer = await broken.get('/api/readyz')
  assert.deepEqual([answer.statusCode, answer.json().ready, answer.json().checks.queue.ok], [503, false, false])
  await broken.database.close()
  assert.deepEqual((await broken.get('/api/readyz')).json().checks.database, {
    ok: false,
    message: 'the database does not answer',
  })
  const failed = await broken.get('/api/runs')
  assert.deepEqual(
    [failed.statusCode, failed.json().message],
    [500, 'Internal Server Error'],
    'nothing of the inside is told',
  )
})

test('an address that asks too much has to wait, this machine by default not', async () => {
  await using limited = await createApi({ empty: true, rateLimit: 3 })
  for (let i = 0; i < 3; i += 1) assert.equal((await limited.get('/api/system')).statusCode, 200)
  const refused = await limited.get('/api/system')
  assert.deepEqual([refused.statusCode, refused.json().status], [429, 429])
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.equal((await limited.get('/api/healthz')).statusCode, 200, 'who looks after the service is not limited')
})

test('who asks is told by a proxy only where that is trusted', async () => {
  const from = (other: Api, address: string) =>
    other.app.inject({ url: '/api/system', remoteAddress: '192.0.2.1', headers: { 'x-forwarded-for': address } })
  await using open = await createApi({ empty: true, rateLimit: 1 })
  assert.deepEqual(
    [(await from(open, '198.51.100.1')).statusCode, (await from(open, '198.51.100.2')).statusCode],
    [200, 429],
  )
  await using behind = await createApi({ empty: true, rateLimit: 1, trustedProxies: ['192.0.2.1'] })
  assert.deepEqual(
    [(await from(behind, '198.51.100.1')).statusCode, (await from(behind, '198.51.100.2')).statusCode],
    [200, 200],
  )
})
