import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openFolderStorage } from '../../storage/folder.ts'
import type { FoundTarget } from '../builder.ts'
import { createLiveLogs, type LiveLogDeps } from './live-logs.ts'

const CHROOT = 'fedora-45-x86_64'
const dir = mkdtempSync(join(tmpdir(), 'packit-live-'))
const storage = openFolderStorage(dir)
after(() => rmSync(dir, { recursive: true }))
let lastId = 0

/** A server of results whose answers a test decides, and the logs of a build of its own. */
async function open(answer: RequestListener, more: Partial<LiveLogDeps> = {}) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const logsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/builder-live.log`
  const deps = { storage, coprUrl: 'http://127.0.0.1', mostBytes: 2 ** 20, now: () => new Date(), ...more }
  const buildId = String(++lastId)
  const target: FoundTarget = { chroot: CHROOT, state: 'running', startedAt: new Date(1000), logsUrl }
  const read = async (key = `builds/copr/${buildId}/${CHROOT}/live/1000.log`) =>
    (await storage.range(key, 0, Number.MAX_SAFE_INTEGER))?.data.toString()
  const again = () => createLiveLogs(deps)
  return {
    ...{ buildId, target, read, again, logs: again() },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A log that grows, by ranges; what was asked for. */
function growing(log: { text: string }, asked: string[] = []): RequestListener {
  return (request, response) => {
    const range = request.headers.range ?? ''
    asked.push(range)
    const [, start = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
    const data = Buffer.from(log.text)
    const part = data.subarray(Number(start), Number(last) + 1)
    if (part.length === 0) return void response.writeHead(416, { 'content-range': `bytes */${data.length}` }).end()
    const to = Number(start) + part.length - 1
    response.writeHead(206, { 'content-range': `bytes ${start}-${to}/${data.length}` }).end(part)
  }
}

test('of a log that grows only what is new is asked for', async () => {
  const log = { text: '' }
  const asked: string[] = []
  await using world = await open(growing(log, asked))
  assert.deepEqual(await world.logs.copy(world.buildId, [world.target]), [])
  log.text += 'one\n'
  const [first] = await world.logs.copy(world.buildId, [world.target])
  assert.deepEqual(first, { chroot: CHROOT, key: `builds/copr/${world.buildId}/${CHROOT}/live/1000.log`, size: 4 })
  log.text += 'two\n'
  assert.equal((await world.logs.copy(world.buildId, [world.target]))[0]?.size, 8)
  assert.equal((await world.logs.copy(world.buildId, [world.target]))[0]?.size, 8)
  assert.equal(await world.read(), 'one\ntwo\n')
  assert.deepEqual(
    asked.map((range) => range.split('-')[0]),
    ['bytes=0', 'bytes=0', 'bytes=4', 'bytes=8'],
  )
})

test('several processes that copy a log at the same time end with that log', async () => {
  const log = { text: Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join('') }
  await using world = await open(growing(log))
  const all = [world.again(), world.again(), world.again()]
  for (let round = 0; round < 3; round++) {
    log.text += `round ${round}\n`
    await Promise.all(all.map((logs) => logs.copy(world.buildId, [world.target])))
  }
  assert.equal(await world.read(), log.text)
})

test('a log that is not there yet, is packed or led elsewhere is left to the end', async () => {
  const answers: RequestListener[] = [
    (_request, response) => response.writeHead(404).end('<html>'),
    (_request, response) => response.writeHead(302, { location: '/builder-live.log.gz' }).end(),
    (_request, response) => response.writeHead(200).end(gzipSync('packed')),
    (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed')),
  ]
  let next: RequestListener | undefined
  await using world = await open((request, response) => next?.(request, response))
  for (next of answers) assert.deepEqual(await world.logs.copy(world.buildId, [world.target]), [])
  assert.equal(await world.read(), undefined)
})

test('a server that knows no ranges sends it all, and what is known is passed over', async () => {
  const log = { text: 'one\n' }
  await using world = await open((_request, response) => response.end(log.text))
  await world.logs.copy(world.buildId, [world.target])
  log.text += 'two\n'
  await world.logs.copy(world.buildId, [world.target])
  assert.equal(await world.read(), 'one\ntwo\n')
})

test('a log that became shorter stays as it is; a chroot that was begun anew has a log of its own', async () => {
  const log = { text: 'a long beginning\n' }
  await using world = await open(growing(log))
  await world.logs.copy(world.buildId, [world.target])
  log.text = 'short\n'
  assert.equal((await world.logs.copy(world.buildId, [world.target]))[0]?.size, 17)
  const [anew] = await world.logs.copy(world.buildId, [{ ...world.target, startedAt: new Date(2000) }])
  assert.equal(await world.read(anew?.key), 'short\n')
  await world.logs.remove(world.buildId, CHROOT)
  assert.deepEqual(await storage.list(`builds/copr/${world.buildId}`), [])
})

test('of a log that is too long the beginning is shown while it grows', async () => {
  const log = { text: 'x'.repeat(5000) }
  const asked: string[] = []
  await using world = await open(growing(log, asked), { mostBytes: 1000 })
  for (const _ of [1, 2]) await world.logs.copy(world.buildId, [world.target])
  assert.equal((await world.read())?.length, 500)
  assert.equal(asked.length, 1)
})

test('a server that hangs is waited for a bounded time, once, and left alone for a while', async () => {
  const clock = { now: new Date(0) }
  const errors: unknown[] = []
  let asked = 0
  const hang: RequestListener = () => void asked++
  const more = { timeoutMs: 50, now: () => clock.now, onError: (error: unknown) => errors.push(error) }
  await using world = await open(hang, more)
  for (const _ of [1, 2]) assert.deepEqual(await world.logs.copy(world.buildId, [world.target]), [])
  assert.deepEqual([asked, errors.length], [1, 1])
  clock.now = new Date(61_000)
  await world.logs.copy(world.buildId, [world.target])
  assert.equal(asked, 2)
})
