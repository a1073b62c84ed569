import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { parseGitAllow } from '../domain/git-url.ts'
import { credentialsFor } from './credentials.ts'
import { openMirrors } from './mirrors.ts'
import { openTestFolder, TestRepository } from './test-repository.ts'
import { serveGit } from './test-server.ts'

const SECRET = Buffer.from('x-access-token:ghs_verysecret').toString('base64')
const AUTHORIZATION = `Basic ${SECRET}`

/** A private repository on `git.test`, and a server `other.test` on another port; each notes what it is sent. */
async function openWorld(before?: (request: IncomingMessage, answer: ServerResponse) => boolean) {
  const folder = await openTestFolder()
  const upstream = await TestRepository.create(join(folder.dir, 'up/hello'))
  const sha = await upstream.commit({ a: '1' })
  const sent: (string | undefined)[] = []
  const sentElsewhere: (string | undefined)[] = []
  const server = await serveGit(join(folder.dir, 'up'), (request, answer) => {
    sent.push(request.headers.authorization)
    if (before?.(request, answer)) return true
    if (request.headers.authorization === AUTHORIZATION) return false
    answer.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end()
    return true
  })
  const elsewhere = await serveGit(join(folder.dir, 'up'), (request) => {
    sentElsewhere.push(request.headers.authorization)
    return false
  })
  const mirrors = await openMirrors({
    dir: join(folder.dir, 'mirrors'),
    allow: parseGitAllow('http://git.test,http://other.test'),
    netAllow: [],
    resolve: async () => ['127.0.0.1'],
  })
  return {
    dir: folder.dir,
    sha,
    sent,
    sentElsewhere,
    mirrors,
    url: `http://git.test:${server.port}/hello`,
    otherUrl: `http://other.test:${elsewhere.port}/hello`,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await elsewhere[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

test('a private repository is fetched with the authorization, and not found without it', async () => {
  await using world = await openWorld()
  const want = { mirrorOf: world.url, ref: 'main' }
  await assert.rejects(world.mirrors.fetchCommit(want), /doesn't exist, or is private/)

  const { sha } = await world.mirrors.fetchCommit(want, { authorization: AUTHORIZATION })

  assert.equal(sha, world.sha)
  assert.equal(await world.mirrors.findDefaultBranch(world.url, { authorization: AUTHORIZATION }), 'main')
})

test('the authorization is sent to its own host alone: not to that of a fork, nor where a redirect leads', async () => {
  let target = ''
  await using world = await openWorld((request, answer) => {
    const isMoved = request.url?.startsWith('/moved/') ?? false
    if (isMoved) answer.writeHead(301, { location: `${target}/info/refs?service=git-upload-pack` }).end()
    return isMoved
  })
  const options = { authorization: AUTHORIZATION }
  await world.mirrors.fetchCommit({ mirrorOf: world.url, from: world.otherUrl, ref: 'main' }, options)
  target = world.otherUrl
  const moved = world.url.replace('/hello', '/moved')
  await world.mirrors.fetchCommit({ mirrorOf: moved, ref: 'main' }, options)

  assert.ok(world.sentElsewhere.length >= 3)
  assert.deepEqual(new Set(world.sentElsewhere), new Set([undefined]))
  assert.ok(world.sent.length > 0 && world.sent.every((header) => header === AUTHORIZATION))

  target = world.url
  const { sha } = await world.mirrors.fetchCommit({ mirrorOf: moved, ref: 'main' }, options)
  assert.equal(sha, world.sha)
})

test('the authorization stands on no command line, in no configuration, message or progress', async () => {
  const commandLines: string[] = []
  let looking = Promise.resolve()
  await using world = await openWorld((request, answer) => {
    if (!request.url?.startsWith('/slow/')) return false
    looking = promisify(execFile)('ps', ['-eo', 'args']).then(({ stdout }) => {
      commandLines.push(stdout)
      answer.writeHead(500).end()
    })
    return true
  })
  const lines: string[] = []
  const options = { authorization: AUTHORIZATION, onProgress: (line: string) => lines.push(line) }
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' }, options)
  const error = await world.mirrors
    .fetchCommit({ mirrorOf: world.url.replace('/hello', '/slow'), ref: 'main' }, options)
    .then(
      () => assert.fail('it was fetched'),
      (e: Error) => e,
    )
  await looking

  assert.match(commandLines.join(), /git.* fetch .*\/slow/)
  const cause = error.cause instanceof Error ? `${error.cause.message} ${JSON.stringify(error.cause)}` : ''
  const written = [
    ...commandLines,
    ...lines,
    error.message,
    cause,
    await readFile(join(mirror, 'config'), 'utf8'),
  ].join()
  assert.ok(!written.includes(SECRET) && !written.includes('ghs_verysecret'))
})

test('there is no header for ssh and folders, and none that would be two', () => {
  assert.equal(credentialsFor('/srv/git/x', AUTHORIZATION), undefined)
  assert.equal(credentialsFor('git@git.test:a/b', AUTHORIZATION), undefined)
  assert.throws(() => credentialsFor('https://git.test/x', 'Basic x\nX-Other: y'), TypeError)
})
