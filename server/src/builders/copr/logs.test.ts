import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openFolderStorage } from '../../storage/folder.ts'
import { fetchLog, type LogDeps } from './logs.ts'

const dir = mkdtempSync(join(tmpdir(), 'packit-copr-logs-'))
let lastId = 0
const storage = openFolderStorage(dir)
after(() => rmSync(dir, { recursive: true }))

/** The log that is kept of what a server of results answers. */
async function keep(answer: RequestListener, more: Partial<LogDeps> = {}): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const key = `builds/copr/${++lastId}/build.log`
  try {
    const { port } = server.address() as AddressInfo
    await fetchLog(`http://127.0.0.1:${port}/`, key, {
      ...{ storage, coprUrl: 'http://127.0.0.1', mostBytes: 1000 },
      ...more,
    })
    return (await storage.range(key, 0, 2 ** 20))?.data.toString() ?? ''
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

test('a log that unpacks to much more than it is read up to a bound alone', async () => {
  const packed = gzipSync(
    Buffer.concat([Buffer.from('begin\n'), Buffer.alloc(64 * 2 ** 20, 'x'), Buffer.from('end\n')]),
  )
  assert.ok(packed.length < 2 ** 17)
  const log = await keep((_, response) => void response.end(packed), { mostReadBytes: 2 ** 20 })

  assert.ok(log.length < 1500, String(log.length))
  assert.match(log, /^begin\n/)
  const read = Number(/what follows behind (\d+) bytes of this log was not read\]\n$/.exec(log)?.[1])
  assert.ok(read > 2 ** 20 && read < 3 * 2 ** 20, String(read))
})

test('what is left out of the middle of a log is counted, in whatever pieces it comes', async () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i}\n`)
  const log = await keep((_, response) => {
    for (const line of lines) response.write(line)
    response.end()
  })
  const whole = lines.join('')
  const [, head = '', dropped = '', tail = ''] = /^([^[]*)\n\[(\d+) bytes[^\]]*\]\n([^[]*)$/.exec(log) ?? []
  assert.equal(head.length + tail.length + Number(dropped), whole.length)
  assert.deepEqual([head, tail], [whole.slice(0, head.length), whole.slice(-tail.length)])
})

test('a Copr of the Internet is not led into our own network', async () => {
  let asked = 0
  const log = await keep(
    (_, response) => {
      asked += 1
      response.end('a secret')
    },
    { coprUrl: 'https://copr.example.org' },
  ).catch(String)
  assert.deepEqual([asked, log.includes('a secret')], [0, false])
})
