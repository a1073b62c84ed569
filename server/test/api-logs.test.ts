import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Api, createApi } from './api-world.ts'

const LOG = 'line one\nline two\nend\n'
const read: [string, number, number][] = []
let api: Api
before(async () => {
  api = await createApi()
  await api.storage.put('srpm/1/build.log', LOG)
  await api.storage.put('builds/13.log', '')
  const { range } = api.storage
  api.storage.range = (key, start, length) => {
    read.push([key, start, length])
    return range(key, start, length)
  }
})
after(() => api[Symbol.asyncDispose]())

const ENDED = '/api/srpm-builds/1/log'
const RUNNING = '/api/copr-builds/13/log'

test('a log that is complete may be kept for ever', async () => {
  const answer = await api.get(ENDED)
  assert.deepEqual([answer.statusCode, answer.body], [200, LOG])
  const { headers } = answer
  assert.equal(headers['content-type'], 'text/plain; charset=utf-8')
  assert.equal(headers['x-log-state'], 'complete')
  assert.equal(headers['x-log-size'], '22')
  assert.match(String(headers['cache-control']), /immutable/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
})

const RANGES: [string, string, string][] = [
  ['bytes=5-7', 'one', 'bytes 5-7/22'],
  ['bytes=18-', 'end\n', 'bytes 18-21/22'],
  ['bytes=-4', 'end\n', 'bytes 18-21/22'],
  ['bytes=-400', LOG, 'bytes 0-21/22'],
  ['bytes=0-99999999999', LOG, 'bytes 0-21/22'],
]
for (const [range, body, contentRange] of RANGES) {
  test(`Range: ${range} gives ${JSON.stringify(body)}`, async () => {
    const answer = await api.get(ENDED, { range, 'accept-encoding': 'gzip' })
    assert.deepEqual([answer.statusCode, answer.body, answer.headers['content-range']], [206, body, contentRange])
  })
}

for (const range of ['bytes=22-', 'bytes=100-200', 'bytes=-0']) {
  test(`Range: ${range} lies past the end`, async () => {
    const answer = await api.get(ENDED, { range })
    assert.deepEqual(
      [answer.statusCode, answer.headers['content-range'], answer.json().status],
      [416, 'bytes */22', 416],
    )
  })
}

for (const range of ['lines=1-2', 'bytes=5-2', 'bytes=0-1,4-5', 'bytes=-', 'nonsense']) {
  test(`Range: ${range} is not understood, so the whole is sent`, async () => {
    const answer = await api.get(ENDED, { range })
    assert.deepEqual([answer.statusCode, answer.body], [200, LOG])
  })
}

test('whoever reads on gets what is new, and at the end an empty text', async () => {
  const rest = await api.get(`${ENDED}?from=18`)
  assert.deepEqual([rest.statusCode, rest.body, rest.headers['content-range']], [206, 'end\n', 'bytes 18-21/22'])
  const end = await api.get(`${ENDED}?from=22`)
  assert.deepEqual([end.statusCode, end.body], [200, ''])
  const behind = await api.get(`${ENDED}?from=23`)
  assert.deepEqual([behind.statusCode, behind.body, behind.headers['x-log-size']], [200, '', '22'])
  assert.equal((await api.get(`${ENDED}?from=x`)).statusCode, 400)
})

test('a log that may grow is not kept; while it is empty it is an empty text', async () => {
  assert.equal((await api.get(RUNNING, { range: 'bytes=0-1023' })).statusCode, 200)
  const empty = await api.get(RUNNING)
  assert.deepEqual([empty.statusCode, empty.body], [200, ''])
  assert.equal(empty.headers['x-log-state'], 'open')
  assert.equal(empty.headers['cache-control'], 'no-store')
  await api.storage.append('builds/13.log', 'more')
  assert.equal((await api.get(`${RUNNING}?from=0`)).body, 'more')
})

test('a step that waits has an empty log; one that never had any, or lost it, says so', async () => {
  const waiting = await api.get('/api/srpm-builds/5/log')
  assert.deepEqual([waiting.statusCode, waiting.body, waiting.headers['x-log-state']], [200, '', 'open'])
  const error = async (path: string) => (await api.get(path)).json().error
  assert.equal(await error('/api/srpm-builds/4/log'), 'This step has no log')
  assert.equal(await error('/api/copr-builds/12/log'), 'The log has expired')
  assert.equal(await error('/api/srpm-builds/3/log'), 'The log is not kept here: see https://copr.example/log')
  assert.equal((await api.get('/api/srpm-builds/77/log')).statusCode, 404)
})

test('never more is read than was asked for, and at most 8 MB of one part', async () => {
  read.length = 0
  await api.get(ENDED, { range: 'bytes=5-7' })
  assert.deepEqual(read, [['srpm/1/build.log', 5, 3]])
  await api.storage.put('builds/11.log', Buffer.alloc(9 * 2 ** 20, 'x'))
  read.length = 0
  const part = await api.get('/api/copr-builds/11/log', { range: 'bytes=10-' })
  assert.deepEqual(read, [['builds/11.log', 10, 8 * 2 ** 20]])
  assert.equal(part.headers['content-range'], `bytes 10-${10 + 8 * 2 ** 20 - 1}/${9 * 2 ** 20}`)
  read.length = 0
  const whole = await api.get('/api/copr-builds/11/log')
  assert.equal(whole.body.length, 9 * 2 ** 20)
  assert.ok(
    read.every(([, , length]) => length <= 2 ** 20),
    'a megabyte at a time',
  )
})

const FOLDER = 'repos/acme-hello-41/runs/1/fedora-43-x86_64'

test('a repository is served for dnf, and nothing in it as a page', async () => {
  await api.storage.put(`${FOLDER}/repodata/repomd.xml`, '<repomd/>')
  await api.storage.put(`${FOLDER}/acme-hello-41.repo`, '[x]')
  await api.storage.put(`${FOLDER}/evil.html`, '<script>1</script>')
  await api.storage.publish(FOLDER, 'repos/acme-hello-41/fedora-43-x86_64')
  const types: Record<string, [string, string | undefined]> = {
    'repodata/repomd.xml': ['text/xml; charset=utf-8', undefined],
    'acme-hello-41.repo': ['text/plain; charset=utf-8', undefined],
    'evil.html': ['application/octet-stream', 'attachment'],
  }
  for (const [name, [type, disposition]] of Object.entries(types)) {
    const { statusCode, headers } = await api.get(`/${FOLDER}/${name}`)
    assert.equal(statusCode, 200)
    assert.deepEqual([headers['content-type'], headers['content-disposition']], [type, disposition])
    assert.deepEqual([headers['x-content-type-options'], headers['content-security-policy']], ['nosniff', 'sandbox'])
    assert.match(String(headers['cache-control']), /immutable/)
  }
  const newest = await api.get('/repos/acme-hello-41/fedora-43-x86_64/repodata/repomd.xml')
  assert.deepEqual([newest.body, newest.headers['cache-control']], ['<repomd/>', 'no-cache'])
})

test('a download goes on where it stopped', async () => {
  await api.storage.put(`${FOLDER}/a.rpm`, 'abcdefgh')
  const rest = await api.get(`/${FOLDER}/a.rpm`, { range: 'bytes=3-' })
  assert.deepEqual([rest.statusCode, rest.body, rest.headers['content-range']], [206, 'defgh', 'bytes 3-7/8'])
  assert.equal((await api.get(`/${FOLDER}/a.rpm`, { range: 'bytes=8-' })).statusCode, 416)
  const head = await api.app.inject({ method: 'HEAD', url: `/${FOLDER}/a.rpm` })
  assert.deepEqual([head.statusCode, head.headers['content-length'], head.body], [200, '8', ''])
})

test('nothing but repositories is reached below /repos', async () => {
  for (const path of [
    '/repos/%2e%2e%2fsrpm/1/build.log',
    '/repos/a/..%2f..%2fsrpm/1/build.log',
    '/repos/a%00b',
    '/repos/',
    '/repos/acme-hello-41',
    '/repos/none/x.rpm',
    '/repos/a b',
  ]) {
    assert.equal((await api.get(path)).statusCode, 404, path)
  }
})

test('the index of a log tells which line a block begins with; a lost log has none', async () => {
  const index = await api.get(`${ENDED}/index`)
  assert.deepEqual(index.json(), { size: 22, complete: true, block_bytes: 65536, first_lines: [1] })
  assert.match(String(index.headers['cache-control']), /immutable/)
  await api.storage.put('builds/13.log', 'a line\n'.repeat(10_000))
  const growing = await api.get(`${RUNNING}/index`)
  assert.deepEqual(growing.json(), { size: 70_000, complete: false, block_bytes: 65536, first_lines: [1, 9364] })
  assert.equal(growing.headers['cache-control'], 'no-store')
  assert.equal((await api.get('/api/copr-builds/12/log/index')).json().error, 'The log has expired')
  assert.equal((await api.get('/api/srpm-builds/77/log/index')).statusCode, 404)
})
