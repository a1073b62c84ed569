import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { UnavailableError } from '../../domain/errors.ts'
import { createGithubForge } from './github-forge.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PEM = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const REPOSITORY = { namespace: 'acme', name: 'hello', installationId: 7 }

type Serve = (request: IncomingMessage, response: ServerResponse) => void

async function listen(serve: Serve) {
  const requests: IncomingMessage[] = []
  const server = http.createServer((request, response) => {
    requests.push(request)
    serve(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function sendJson(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

/** A server that gives tokens, and answers all else as told. */
async function openWorld(serve: Serve) {
  const server = await listen((request, response) => {
    if (request.url?.endsWith('/access_tokens'))
      sendJson(response, JSON.stringify({ token: 'ghs_secret', expires_at: '2100-01-01T00:00:00Z' }), 201)
    else serve(request, response)
  })
  const app = { appId: 1, slug: 'x', privateKey: PEM, webhookSecret: 's', oauth: null, apiUrl: server.url }
  const warnings: string[] = []
  const forge = createGithubForge({
    app: () => app,
    now: () => new Date(),
    warn: (line) => warnings.push(line),
    secondMs: 1,
  })
  return { ...server, server, forge, warnings }
}

test('a redirect to another host is not followed: it would be given the token', async () => {
  await using other = await listen((_request, response) => sendJson(response, '{}'))
  await using world = await openWorld((_request, response) => {
    response.writeHead(301, { location: `${other.url}/repos/acme/hello` }).end()
  })
  await assert.rejects(world.forge.findRepository(REPOSITORY), /it redirects to http:.*, which is not followed/)
  assert.deepEqual(other.requests, [])
})

test('each request says who asks, by which token, and which version of the API is meant', async () => {
  await using world = await openWorld((_request, response) => sendJson(response, '{}', 403))
  await assert.rejects(world.forge.findRepository(REPOSITORY))
  const [token, asked] = world.requests.map(({ headers }) => headers)
  assert.match(token?.authorization ?? '', /^bearer [\w-]+\.[\w-]+\.[\w-]+$/)
  assert.equal(asked?.authorization, 'token ghs_secret')
  for (const headers of [token, asked]) {
    assert.equal(headers?.['x-github-api-version'], '2022-11-28')
    assert.match(String(headers?.['user-agent']), /^packit-service/)
    assert.match(String(headers?.accept), /^application\/vnd\.github\./)
  }
})

test('a circle of redirects ends', async () => {
  await using world = await openWorld((request, response) => {
    response.writeHead(302, { location: request.url }).end()
  })
  await assert.rejects(world.forge.findRepository(REPOSITORY), UnavailableError)
  assert.ok(world.requests.length <= 10)
})

test('an answer that breaks off in the middle is none', async () => {
  await using world = await openWorld((_request, response) => {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"id": 1, "per')
    setTimeout(() => response.destroy(), 20)
  })
  const place = { on: 'issue', number: 1 } as const
  await assert.rejects(world.forge.addComment(REPOSITORY, place, 'x'), UnavailableError)
  assert.equal(world.requests.filter(({ url }) => url?.endsWith('/comments')).length, 1)
})

test('a server that is not there is told in words, without the key or a token', async () => {
  const gone = await openWorld(() => {})
  await gone[Symbol.asyncDispose]()
  const error = await gone.forge.findRepository(REPOSITORY).then(
    () => undefined,
    (e: unknown) => e,
  )
  assert.ok(error instanceof UnavailableError)
  assert.match(error.message, /^GitHub can't be asked for the installation 7 now: connect ECONNREFUSED/)
  assert.ok(!`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`.includes('PRIVATE KEY'))
})

test('ids of deliveries that are too large for a number keep all their digits', async () => {
  const id = '175480217600000123'
  await using world = await openWorld((request, response) => {
    const page = `[{"id": ${id}, "guid": "g", "event": "push", "delivered_at": "2026-11-24T12:00:00Z", "status_code": 500}]`
    sendJson(response, request.method === 'GET' ? page : '{}', request.method === 'GET' ? 200 : 202)
  })
  const [delivery] = await Array.fromAsync(world.forge.listDeliveries(new Date(0)))
  assert.deepEqual([delivery?.id, delivery?.ok], [id, false])
  await world.forge.redeliver(delivery?.id ?? '')
  assert.equal(world.requests.at(-1)?.url, `/app/hook/deliveries/${id}/attempts`)
})

test('an answer that lacks what GitHub documents is told by the field; one odd entry of a list hides no other', async () => {
  const good = {
    id: 1,
    name: 'hello',
    owner: { login: 'acme' },
    html_url: 'https://github.com/acme/hello',
    clone_url: 'https://github.com/acme/hello.git',
  }
  await using world = await openWorld((request, response) => {
    if (request.url?.startsWith('/app/installations')) sendJson(response, '[{"id": 7, "account": {"login": "acme"}}]')
    else if (request.url?.startsWith('/installation/'))
      sendJson(response, JSON.stringify({ repositories: [{ id: 2 }, good] }))
    else sendJson(response, '{"id": 1}')
  })
  await assert.rejects(world.forge.findRepository(REPOSITORY), {
    name: 'UnavailableError',
    message: "GitHub's answer can't be read: html_url must be a text that is not empty",
  })
  const all = await Array.fromAsync(world.forge.listRepositories())
  assert.deepEqual(
    all.map(({ name }) => name),
    ['hello'],
  )
  assert.match(world.warnings.join(), /an entry of a list of GitHub is left out/)
})
