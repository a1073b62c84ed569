import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { MOST_SCRIPT, renderScript, scriptPackages } from './script.ts'

const PROGRAM = "console.log('the program runs')\n"
const SHA256 = createHash('sha256').update(PROGRAM).digest('hex')

/** Runs a script as Copr does: in an empty folder, with what is installed there and nothing else. */
async function run(script: string) {
  const dir = await mkdtemp(join(tmpdir(), 'packit-script-'))
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` }
  const child = spawn('sh', ['-e', '-c', script], { cwd: dir, env, detached: true })
  let output = ''
  child.stdout.on('data', (text: Buffer) => {
    output += text
    // it would try again after a while, and so do those that it started
    if (output.includes('can not be fetched') && child.pid) process.kill(-child.pid)
  })
  await new Promise((resolve) => child.on('close', resolve))
  const files = await readdir(dir)
  await rm(dir, { recursive: true })
  return { output, files }
}

test('the script runs the program that it was made for, and leaves any other alone', async () => {
  await using things = new AsyncDisposableStack()
  const server = http.createServer((_request, response) => void response.end(PROGRAM))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  things.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/it's/here`

  assert.match((await run(renderScript({ url, sha256: SHA256, mark: 'x' }))).output, /^the program runs$/m)
  const other = await run(renderScript({ url, sha256: '0'.repeat(64), mark: 'x' }))
  assert.match(other.output, /it is another file, of sha256/)
  assert.deepEqual(other.files, [])
})

test('a script is never longer than Copr takes, and holds what it is known by', () => {
  const url = `https://packit.example.org/${'a/'.repeat(600)}`
  const script = renderScript({ url, sha256: SHA256, mark: 'packit-sources-7-abc' })
  assert.ok(script.length <= MOST_SCRIPT)
  assert.match(script, /^# packit-sources-7-abc$/m)
  assert.ok(script.includes(SHA256))
  assert.throws(() => renderScript({ url: url + 'b'.repeat(4000), sha256: SHA256, mark: 'x' }), RangeError)
})

test('packages that a configuration names are installed too, and what would be an option is not', () => {
  assert.deepEqual(scriptPackages(['make', ' git-core', '--nogpgcheck', 'make --setopt=reposdir=/tmp', '']), [
    ...['nodejs', 'git-core', 'rpm-build', 'make'],
  ])
})
