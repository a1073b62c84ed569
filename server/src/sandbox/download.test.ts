import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import http, { type RequestListener } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, NotFoundError, UnavailableError } from '../domain/errors.ts'
import { PUBLIC_ONLY, parseNetAllow } from '../domain/net-address.ts'
import { type DownloadOptions, openDownloads } from './download.ts'
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate.ts'

/** A server on this machine that tests reach as `files.test`, and a folder to download into. */
async function openWorld(answer: RequestListener, tls = false) {
  const server = tls ? https.createServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, answer) : http.createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const dir = await mkdtemp(join(tmpdir(), 'download-'))
  const lines: string[] = []
  const options: DownloadOptions = {
    netAllow: parseNetAllow('127.0.0.1'),
    allowHttp: true,
    resolve: async () => ['127.0.0.1'],
    log: (line) => lines.push(line),
  }
  return {
    url: `${tls ? 'https' : 'http'}://files.test:${port}`,
    port,
    dir,
    into: join(dir, 'file'),
    lines,
    options,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await rm(dir, { recursive: true })
    },
  }
}

test('a file is downloaded whole, and its line in the log says what it was', async () => {
  await using world = await openWorld((_, answer) => answer.end('x'.repeat(2048)))

  await openDownloads(world.options)(`${world.url}/a?b=c`, world.into)

  assert.equal(await readFile(world.into, 'utf8'), 'x'.repeat(2048))
  assert.deepEqual(await readdir(world.dir), ['file'])
  assert.match(
    world.lines.join('\n'),
    /^Downloaded http:\/\/files\.test:\d+\/a\?b=c \(2 kB, \d\.\d s, sha256 [0-9a-f]{64}\)$/,
  )
})

test('https is checked: the right certificate is wanted for the host that was asked for', async () => {
  await using world = await openWorld((_, answer) => answer.end('secure'), true)

  await openDownloads({ ...world.options, ca: TEST_CERTIFICATE })(world.url, world.into)
  assert.equal(await readFile(world.into, 'utf8'), 'secure')

  await assert.rejects(openDownloads(world.options)(world.url, world.into), {
    name: 'ConfigError',
    message: /files\.test:\d+ has no certificate that can be trusted/,
  })
})

test('the connection goes to the checked address, even when the name resolves otherwise a moment later', async () => {
  await using world = await openWorld((_, answer) => answer.end('checked'))
  const answers = [['127.0.0.1'], ['10.0.0.1']]
  const download = openDownloads({ ...world.options, resolve: async () => answers.shift() ?? [] })

  await download(world.url, world.into)

  assert.equal(await readFile(world.into, 'utf8'), 'checked')
  assert.equal(answers.length, 1, 'a name is looked up once')
})

test('addresses inside are refused before any connection, for names, numbers and each redirect', async () => {
  let requests = 0
  await using world = await openWorld((request, answer) => {
    requests += 1
    answer.writeHead(302, { location: decodeURIComponent(request.url?.slice(1) ?? '') }).end()
  })
  const inside = openDownloads({ ...world.options, netAllow: PUBLIC_ONLY })
  const numbers = [
    `127.0.0.1:${world.port}`,
    `[::1]:${world.port}`,
    `0x7f.1:${world.port}`,
    `[::ffff:7f00:1]`,
    '169.254.169.254',
  ]
  for (const host of ['files.test', ...numbers]) {
    await assert.rejects(inside(`http://${host}/`, world.into), ConfigError, host)
  }
  assert.equal(requests, 0)

  const download = openDownloads(world.options)
  for (const next of ['http://10.0.0.1/', 'http://[fd00::1]/', 'http://169.254.169.254/latest/meta-data']) {
    await assert.rejects(download(`${world.url}/${encodeURIComponent(next)}`, world.into), /PACKIT_NET_ALLOW/, next)
  }
  for (const next of [
    'file:///etc/passwd',
    'ftp://files.test/',
    'http://user:pass@files.test/',
    'gopher://x',
    'http://',
  ]) {
    await assert.rejects(download(`${world.url}/${encodeURIComponent(next)}`, world.into), ConfigError, next)
  }
  assert.deepEqual(await readdir(world.dir), [])
})

test('plain http needs the setting, also behind a redirect', async () => {
  await using world = await openWorld(
    (_, answer) => answer.writeHead(301, { location: 'http://files.test/x' }).end(),
    true,
  )
  const download = openDownloads({ ...world.options, allowHttp: false, ca: TEST_CERTIFICATE })

  await assert.rejects(download('http://files.test/', world.into), /only https is downloaded, no plain http/)
  await assert.rejects(download(world.url, world.into), /only https is downloaded, no plain http/)
})

test('ten redirects are followed, the eleventh is not', async () => {
  await using world = await openWorld((request, answer) => {
    const left = Number(request.url?.slice(1))
    if (left === 0) answer.end('arrived')
    else answer.writeHead(302, { location: `/${left - 1}` }).end()
  })
  const download = openDownloads(world.options)

  await download(`${world.url}/10`, world.into)
  assert.equal(await readFile(world.into, 'utf8'), 'arrived')
  await assert.rejects(download(`${world.url}/11`, join(world.dir, 'b')), /redirects more than 10 times/)
})

test('too large a file ends the download and leaves nothing, announced or not', async () => {
  await using world = await openWorld((request, answer) => {
    if (request.url === '/announced') answer.writeHead(200, { 'content-length': 5000 })
    answer.write('x'.repeat(1000))
    if (request.url !== '/announced') answer.end('x'.repeat(1000))
  })
  const download = openDownloads({ ...world.options, limits: { fileBytes: 1500 } })

  for (const path of ['announced', 'unannounced']) {
    await assert.rejects(download(`${world.url}/${path}`, world.into), /the file is larger than 1\.5 kB/)
  }
  assert.deepEqual(await readdir(world.dir), [])
  assert.match(world.lines[0] ?? '', /^Not downloaded: http:.*announced: the file is larger than 1\.5 kB$/)
})

test('the downloads of a run have one account, of bytes and of number', async () => {
  await using world = await openWorld((_, answer) => answer.end('x'.repeat(400)))
  const download = openDownloads({ ...world.options, limits: { totalBytes: 1000, count: 4 } })

  const [first, second, third] = ['1', '2', '3'].map(
    (name) => () => download(`${world.url}/${name}`, join(world.dir, name)),
  )
  await first?.()
  await second?.()
  await assert.rejects(async () => third?.(), /the downloads of this run are larger than 1 kB together/)
  await assert.rejects(async () => third?.(), /together/)
  await assert.rejects(async () => third?.(), /more than 4 downloads in one run/)
  assert.deepEqual(await readdir(world.dir), ['1', '2'])
})

test('a server that stops in the middle, or takes too long, leaves nothing', async () => {
  await using world = await openWorld((request, answer) => {
    answer.writeHead(200, { 'content-length': 5000 })
    answer.write('half')
    if (request.url === '/dies') setTimeout(() => answer.destroy(), 20)
  })

  await assert.rejects(openDownloads(world.options)(`${world.url}/dies`, world.into), UnavailableError)
  const hasty = openDownloads({ ...world.options, limits: { timeMs: 200 } })
  await assert.rejects(hasty(`${world.url}/slow`, world.into), /slow took longer than 0\.2 s/)
  const stop = AbortSignal.timeout(100)
  await assert.rejects(openDownloads({ ...world.options, signal: stop })(`${world.url}/slow`, world.into))
  assert.deepEqual(await readdir(world.dir), [])
})

test('answers other than 200 and dead hosts are told in words, sorted by who can act', async () => {
  await using world = await openWorld((request, answer) => answer.writeHead(Number(request.url?.slice(1))).end())
  const download = openDownloads(world.options)

  await assert.rejects(download(`${world.url}/404`, world.into), {
    name: 'NotFoundError',
    message: /answers 404 Not Found$/,
  })
  await assert.rejects(download(`${world.url}/503`, world.into), UnavailableError)
  await assert.rejects(download(`${world.url}/304`, world.into), ConfigError)
  await assert.rejects(download('http://files.test:1/', world.into), { message: /can't be reached \(ECONNREFUSED\)/ })
  const lost = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
  const unknown = openDownloads({ ...world.options, resolve: () => Promise.reject(lost) })
  await assert.rejects(
    unknown(world.url, world.into),
    new NotFoundError('there is no host files.test', { cause: lost }),
  )
})

test('nothing of a URL breaks the log: no passwords, no control characters, no endless lines', async () => {
  await using world = await openWorld((_, answer) => answer.end())
  const download = openDownloads(world.options)

  for (const url of [
    'https://me:hunter2@files.test/',
    'nonsense\u001b[2J\n',
    `http://files.test:1/${'y'.repeat(5000)}`,
  ]) {
    await assert.rejects(download(url, world.into))
  }
  for (const line of world.lines) {
    assert.doesNotMatch(line, /hunter2|[\u0000-\u001f]/)
    assert.ok(line.length < 1500)
  }
})

test('a link in the place of the file is replaced, never written through', async () => {
  await using world = await openWorld((_, answer) => answer.end('new'))
  const victim = join(world.dir, 'victim')
  await writeFile(victim, 'untouched')
  await symlink(victim, world.into)

  await openDownloads(world.options)(world.url, world.into)

  assert.equal(await readFile(victim, 'utf8'), 'untouched')
  assert.equal(await readFile(world.into, 'utf8'), 'new')
})
