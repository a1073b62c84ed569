import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { UnavailableError } from '../../domain/errors.ts'
import { createAsk } from './http.ts'

/** A web server that redirects where its test says, and tells of what it was asked with. */
async function serve(redirects: Record<string, string>) {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    const location = redirects[request.url ?? '']
    if (location) return void response.writeHead(308, { location }).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { url, asked, [Symbol.asyncDispose]: close }
}

test('a redirect is followed on the same host only: another one is not given our token', async () => {
  await using other = await serve({})
  await using copr = await serve({
    '/api_3/project': '/api_3/project/',
    '/api_3/elsewhere': `${other.url}/api_3/`,
    '/api_3/round': '/api_3/round',
  })
  const ask = createAsk({ url: copr.url, login: 'login', token: 'token' })
  assert.deepEqual(await ask({ path: '/project', what: 'for it' }), { ok: true })
  assert.equal(copr.asked.at(-1)?.url, '/api_3/project/')
  assert.equal(copr.asked.at(-1)?.headers.authorization, `Basic ${Buffer.from('login:token').toString('base64')}`)

  for (const path of ['/elsewhere', '/round'])
    await assert.rejects(ask({ method: 'PUT', path, what: 'for it' }), (error) => {
      assert.ok(error instanceof UnavailableError)
      assert.match(error.message, /which is not followed/)
      return true
    })
  assert.equal(other.asked.length, 0)
})
