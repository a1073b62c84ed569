import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { UnavailableError } from '../domain/errors.ts'
import { parseGitAllow } from '../domain/git-url.ts'
import { parseNetAllow } from '../domain/net-address.ts'
import { type MirrorOptions, openMirrors } from './mirrors.ts'
import { openTestFolder, TestRepository } from './test-repository.ts'
import { serveGit } from './test-server.ts'

type Before = (request: IncomingMessage, answer: ServerResponse) => boolean

/** A git server on this machine, reached as `git.test`, a name that only the tests' resolver knows. */
async function openWorld({ before, ...options }: Partial<MirrorOptions> & { before?: Before } = {}) {
  const folder = await openTestFolder()
  const upstream = await TestRepository.create(join(folder.dir, 'up/hello'))
  const first = await upstream.commit({ a: '1' })
  const server = await serveGit(join(folder.dir, 'up'), before)
  const base = `http://git.test:${server.port}`
  const settings: MirrorOptions = {
    dir: join(folder.dir, 'mirrors'),
    allow: parseGitAllow('http://git.test'),
    netAllow: [],
    resolve: async () => ['127.0.0.1'],
    ...options,
  }
  return {
    upstream,
    first,
    base,
    url: `${base}/hello`,
    server,
    settings,
    dir: folder.dir,
    mirrors: await openMirrors(settings),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

test('git connects to the checked address: the name alone would lead nowhere', async () => {
  await using world = await openWorld()
  const { sha } = await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: world.first })
  assert.equal(sha, world.first)
  assert.equal(await world.mirrors.findDefaultBranch(world.url), 'main')
})

test('a name or number that means an address inside is not connected to, unless the operator opened it', async () => {
  await using world = await openWorld()
  const open = parseGitAllow('http://other.test')
  const strict = await openMirrors({ ...world.settings, allow: open, resolve: async () => ['127.0.0.1'] })
  const refused = [
    `https://git.test:${world.server.port}/hello`,
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'ssh://git@10.0.0.1/x',
  ]
  for (const url of [
    ...refused,
    'git@git.test:a/b',
    'https://169.254.169.254/x',
    'https://0x7f.1/x',
    'https://2130706433/x',
  ]) {
    await assert.rejects(strict.fetchCommit({ mirrorOf: url, ref: 'main' }), /PACKIT_NET_ALLOW/, url)
  }
  assert.deepEqual(world.server.requests, [])

  const opened = await openMirrors({ ...world.settings, netAllow: parseNetAllow('127.0.0.0/8') })
  assert.equal((await opened.fetchCommit({ mirrorOf: world.url, ref: 'main' })).sha, world.first)
})

test('a redirect is followed when its target may be fetched from, and refused when not', async () => {
  let target = ''
  await using world = await openWorld({
    before: (request, answer) => {
      const old = request.url?.startsWith('/old/') ?? false
      if (old) answer.writeHead(301, { location: target }).end()
      return old
    },
  })
  target = '/hello/info/refs?service=git-upload-pack'
  const { sha } = await world.mirrors.fetchCommit({ mirrorOf: `${world.base}/old`, sha: world.first })
  assert.equal(sha, world.first)

  const fetchOld = () => world.mirrors.fetchCommit({ mirrorOf: `${world.base}/old`, ref: 'main' })
  for (const inside of [
    'http://127.0.0.1/x',
    'http://169.254.169.254/x',
    'file:///etc',
    'ext::id',
    'http://me:pw@git.test/x',
  ]) {
    target = `${inside}/info/refs?service=git-upload-pack`
    await assert.rejects(fetchOld(), { name: /ConfigError|NotFoundError/ }, inside)
  }
  target = 'https://10.0.0.1/x/info/refs?service=git-upload-pack'
  await assert.rejects(fetchOld(), /PACKIT_NET_ALLOW/)
  target = `${world.base}/old/info/refs?service=git-upload-pack`
  await assert.rejects(fetchOld())
  target = '/login'
  await assert.rejects(fetchOld(), /redirects to what is no git repository/)
})

test('a redirect does not lead to a folder of this machine or to ssh, though both may be fetched from', async () => {
  let target = ''
  await using world = await openWorld({
    before: (_request, answer) => {
      answer.writeHead(301, { location: `${target}/info/refs?service=git-upload-pack` }).end()
      return true
    },
  })
  const folder = join(world.dir, 'up')
  const mirrors = await openMirrors({ ...world.settings, allow: parseGitAllow(`http://git.test,${folder}`) })
  await mirrors.fetchCommit({ mirrorOf: join(folder, 'hello'), ref: 'main' })
  for (const elsewhere of [`file://${folder}/hello`, 'ssh://git@git.test/hello']) {
    target = elsewhere
    await assert.rejects(mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' }), /redirects to what is no git/)
  }
})

test('missing, private and broken servers are told in words', async () => {
  await using world = await openWorld({
    before: (request, answer) => {
      const status = Number(request.url?.split('/')[1])
      if (!status) return false
      answer.writeHead(status, status === 401 ? { 'www-authenticate': 'Basic realm="x"' } : {}).end()
      return true
    },
  })
  const fetchStatus = (status: number) =>
    world.mirrors.fetchCommit({ mirrorOf: `${world.base}/${status}/x`, ref: 'main' })
  await assert.rejects(fetchStatus(404), { name: 'NotFoundError', message: /^there is no repository http:/ })
  for (const status of [401, 403]) {
    await assert.rejects(fetchStatus(status), { name: 'NotFoundError', message: /doesn't exist, or is private/ })
  }
  for (const status of [500, 503, 429]) {
    await assert.rejects(fetchStatus(status), {
      name: 'UnavailableError',
      message: new RegExp(`can't be reached now: .* ${status}$`),
    })
  }
  await assert.rejects(world.mirrors.fetchCommit({ mirrorOf: 'http://git.test:1/x', ref: 'main' }), UnavailableError)

  const lost = Object.assign(new Error('x'), { code: 'ENOTFOUND' })
  const unknown = await openMirrors({ ...world.settings, resolve: () => Promise.reject(lost) })
  await assert.rejects(
    unknown.fetchCommit({ mirrorOf: 'https://nowhere.test/x', ref: 'main' }),
    /^NotFoundError: there is no host nowhere\.test$/,
  )
})

test('a server that refuses ids is asked by the ref, and the id is looked for in its history', async () => {
  await using world = await openWorld({ before: refuseIds })
  await world.upstream.commit({ a: '2' })
  world.upstream.git('commit', '--quiet', '--amend', '--message', 'forced')

  const { sha } = await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: world.first, ref: 'main' })

  assert.equal(sha, world.first)
})

/** Speaks the older protocol, in which only the tips of refs are handed out. */
function refuseIds(request: IncomingMessage): boolean {
  delete request.headers['git-protocol']
  return false
}

test('a server that stops answering ends with the time limit', async () => {
  await using world = await openWorld({ limits: { timeMs: 500 }, before: () => true })
  const startedAt = performance.now()
  await assert.rejects(world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' }), {
    name: 'UnavailableError',
    message: /took longer than 0\.5 s$/,
  })
  assert.ok(performance.now() - startedAt < 4_000)
})
