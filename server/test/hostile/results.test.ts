import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { encodeData, encodeMessage } from '../../src/sandbox/inside/frames.ts'
import { type Contained, openRange } from './attack.ts'

const range = openRange()
after(() => range[Symbol.asyncDispose]())

test('only names of the list come out, and none leads out of the folder', async () => {
  const names = [
    '../out.rpm',
    '/tmp/out.rpm',
    'a/out.rpm',
    '..',
    '.',
    '',
    'out.txt',
    'out.rpm\n',
    'x\0.rpm',
    '-rf .rpm',
    'good.rpm',
  ]
  const { sent, files, resultsDir } = await range.attack({
    script: 'echo package > /build/file',
    send: names.map((name) => [name, '/build/file']),
  })

  assert.deepEqual(
    Object.keys(sent).filter((name) => sent[name] === 'sent'),
    ['good.rpm'],
  )
  assert.equal(sent['../out.rpm'], 'not a file name: "../out.rpm"')
  assert.equal(sent['out.txt'], '"out.txt" is not among the files that this step hands out')
  assert.deepEqual(readdirSync(resultsDir), ['good.rpm'])
  assert.deepEqual(files, [{ name: 'good.rpm', path: join(resultsDir, 'good.rpm'), bytes: 8 }])
  assert.equal(existsSync(join(resultsDir, '../out.rpm')), false)
})

test('links, folders, pipes and devices in place of results are not followed', async () => {
  const { sent, files } = await range.attack({
    script: `cd /build; ln -s /etc/passwd link.rpm; ln -s /proc/self/environ env.rpm; mkdir folder.rpm; mkfifo pipe.rpm
      ln -s /dev/zero zero.rpm; ln -s good.rpm relative.rpm; echo x > good.rpm; ln good.rpm hard.rpm`,
    send: ['link', 'env', 'folder', 'pipe', 'zero', 'relative', 'good', 'hard'].map((n) => [
      `${n}.rpm`,
      `/build/${n}.rpm`,
    ]),
  })

  assert.deepEqual(
    files.map(({ name }) => name),
    ['good.rpm', 'hard.rpm'],
  )
  assert.match(sent['link.rpm'] ?? '', /ELOOP/)
  assert.equal(sent['pipe.rpm'], '/build/pipe.rpm is not a regular file')
})

test('a result reached through a folder that became a link is a file of the sandbox, never of this machine', async () => {
  const { files } = await range.attack({
    script: 'mkdir /build/dir; rmdir /build/dir; ln -s /etc /build/dir',
    send: [['passwd.rpm', '/build/dir/passwd']],
  })

  const [file] = files
  assert.ok(file)
  assert.match(readFileSync(file.path, 'utf8'), /^builder:x:1000/m)
  assert.notEqual(readFileSync(file.path, 'utf8'), readFileSync('/etc/passwd', 'utf8'))
})

test('a result that is too large is refused and leaves nothing behind', async () => {
  const { sent, files, resultsDir } = await range.attack({
    script: 'dd if=/dev/zero of=/build/large bs=1M count=3 2>/dev/null; echo x > /build/small',
    send: [
      ['large.rpm', '/build/large'],
      ['small.rpm', '/build/small'],
    ],
  })

  assert.equal(sent['large.rpm'], '"large.rpm" has 3145728 bytes; at most 1048576 are taken')
  assert.deepEqual(
    files.map(({ name }) => name),
    ['small.rpm'],
  )
  assert.deepEqual(readdirSync(resultsDir), ['small.rpm'])
})

test('many results together cannot be larger than the work tree', async () => {
  const send = Array.from({ length: 40 }, (_, i): [string, string] => [`${i}.rpm`, '/build/file'])
  const { files } = await range.attack({ script: 'dd if=/dev/zero of=/build/file bs=1M count=1 2>/dev/null', send })

  assert.equal(files.length, 32)
})

test('a file on this machine is never overwritten', async () => {
  const { resultsDir } = await range.attack({ script: 'true' })
  const precious = join(resultsDir, 'precious.rpm')
  writeFileSync(precious, 'precious')
  const { end } = await range.attack({
    script: 'echo x > /build/x',
    send: [['precious.rpm', '/build/x']],
    task: { resultsDir },
  })

  assert.equal(end, 'crashed')
  assert.equal(readFileSync(precious, 'utf8'), 'precious')
})

/** What becomes of a program that says these bytes instead of what ours says. */
function say(bytes: Buffer, repeat = 1, timeMs = 2_000): Promise<Contained> {
  const program = join(import.meta.dirname, 'inside/abuse.ts')
  return range.attack({
    script: '',
    limits: { timeMs },
    task: { program, input: { bytes: bytes.toString('base64'), repeat } },
  })
}

const header = (kind: number, length: number) =>
  Buffer.from([kind, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255])

for (const [what, bytes, why] of [
  ['noise', Buffer.alloc(4_096, 0x91), /unknown kind 145/],
  ['a message of 4 GB', header(0x4a, 0xffffffff), /a frame of 4294967295 bytes/],
  ['data of 1 GB', header(0x44, 1 << 30), /a frame of 1073741824 bytes/],
  ['a message that is no JSON', Buffer.concat([header(0x4a, 3), Buffer.from('{x}')]), /not JSON/],
  ['deep nesting', Buffer.concat([header(0x4a, 200_000), Buffer.alloc(200_000, '[')]), /nested deeper than 64/],
  ['a message that is no object', encodeMessage('hello'), /no object/],
  ['an unknown message', encodeMessage({ kind: 'exec', id: 1 }), /unknown kind "exec"/],
  ['data of no file', encodeData(Buffer.from('x')), /belongs to no file/],
  ['the end of no file', encodeMessage({ kind: 'file-end', id: 1 }), /not begun/],
  ['a request without a number', encodeMessage({ kind: 'file', name: 'a.rpm', id: '1' }), /without a number/],
  [
    'a file within a file',
    Buffer.concat([
      encodeMessage({ kind: 'file', name: 'a.rpm', id: 1 }),
      encodeMessage({ kind: 'file', name: 'b.rpm', id: 2 }),
    ]),
    /before the last one ended/,
  ],
] as const) {
  test(`a program that says ${what} to the host is ended, and that is told`, async () => {
    const { end, log, files, resultsDir } = await say(bytes)

    assert.equal(end, 'crashed')
    assert.match(log, why)
    assert.deepEqual([files, readdirSync(resultsDir)], [[], []])
  })
}

test('a flood of messages ends the program instead of filling the memory of the service', async () => {
  const before = process.memoryUsage.rss()
  const { end, log } = await say(encodeMessage({ kind: 'progress', value: 'x'.repeat(1_000) }), 25_000, 20_000)

  assert.equal(end, 'crashed')
  assert.match(log, /more than 20000 progress messages/)
  assert.ok(process.memoryUsage.rss() - before < 200_000_000)
})

test('a program that asks without end, and never reads an answer, is ended', async () => {
  const ask = encodeMessage({ kind: 'fetch', url: 'https://example.com/', id: 1 })
  const { end, log } = await say(Buffer.concat(Array(500).fill(ask)), 25, 20_000)

  assert.equal(end, 'crashed')
  assert.match(log, /more than 10000 requests/)
})

test('a program that begins a file and never ends it leaves none', async () => {
  const begun = encodeMessage({ kind: 'file', name: 'half.rpm', id: 1 })
  const { end, files, resultsDir } = await say(Buffer.concat([begun, encodeData(randomBytes(10_000))]))

  assert.deepEqual([end, files, readdirSync(resultsDir)], ['timed-out', [], []])
})

test('only the first result of a program counts, and it does not go on for long after it', async () => {
  const both = Buffer.concat([
    encodeMessage({ kind: 'finish', output: { status: 1 } }),
    encodeMessage({ kind: 'finish', output: { status: 0 } }),
  ])
  const { end, status, durationMs } = await say(both)

  assert.deepEqual([end, status], ['finished', 1])
  assert.ok(durationMs < 5_000, `${durationMs} ms`)
})
