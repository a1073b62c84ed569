import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SetupError } from '../domain/errors.ts'
import { createSandbox } from './bubblewrap.ts'
import type { SandboxTask } from './sandbox.ts'

const MB = 2 ** 20
const LIMITS = { timeMs: 20_000, memoryBytes: 512 * MB, processes: 32, diskBytes: 16 * MB, logBytes: MB }
const SCRIPT = join(import.meta.dirname, '../../test/hostile/inside/script.ts')
const dir = mkdtempSync(join(tmpdir(), 'packit-sandbox-'))
const sandbox = createSandbox({ parallel: 2 })
after(async () => {
  await sandbox.close()
  rmSync(dir, { recursive: true })
})

/** A task that runs a shell script inside. */
function script(text: string, part: Partial<SandboxTask> = {}): SandboxTask {
  const resultsDir = mkdtempSync(join(dir, 'results-'))
  const rest = { mounts: {}, limits: LIMITS, network: false, results: [], resultsDir, onLog: () => {} }
  return { program: SCRIPT, input: { script: text, send: [] }, ...rest, ...part }
}

test('standard output and error come in the order they were written, and as they come', async () => {
  const chunks: string[] = []
  let firstAt = 0
  const onLog = (chunk: Buffer) => {
    firstAt ||= performance.now()
    chunks.push(String(chunk))
  }
  await sandbox.run(
    script('echo 1; echo 2 >&2; echo 3 > /dev/stdout; echo 4 > /dev/stderr; sleep 0.5; echo 5', { onLog }),
  )

  assert.equal(chunks.join(''), '1\n2\n3\n4\n5\n')
  assert.ok(performance.now() - firstAt > 300)
})

test('a mount can be read wherever it lies, and whatever rights it has', async () => {
  const closed = join(dir, 'closed')
  mkdirSync(closed)
  writeFileSync(join(closed, 'file'), 'content', { mode: 0o600 })
  chmodSync(closed, 0o700)
  const log: Buffer[] = []
  const mounts = { '/in/folder': closed, '/in/one/file': join(closed, 'file') }
  await sandbox.run(script('cat /in/folder/file /in/one/file', { mounts, onLog: (chunk) => log.push(chunk) }))

  assert.equal(Buffer.concat(log).toString(), 'contentcontent')
})

test('a third task waits for a slot, and can be cancelled while it waits', async () => {
  const controller = new AbortController()
  const running = [sandbox.run(script('sleep 0.6')), sandbox.run(script('sleep 0.6'))]
  const third = sandbox.run(script('true', { signal: controller.signal }))
  const fourth = sandbox.run(script('true'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(sandbox.waiting, 2)

  controller.abort()

  assert.deepEqual((await third).end, 'canceled')
  assert.equal(sandbox.waiting, 1)
  assert.deepEqual(
    (await Promise.all([...running, fourth])).map(({ end }) => end),
    ['finished', 'finished', 'finished'],
  )
})

test('root inside may change its root directory and nothing else: no mounts, no namespaces, no files of others', async () => {
  const log: Buffer[] = []
  const tries = [
    'id -u',
    'mkdir -p r/bin; cp /usr/lib*/ld-linux* r 2>/dev/null; chroot r /none 2>&1 | grep -c "No such file"',
    ...['mount -t tmpfs x /tmp', 'unshare -U true', 'cat /etc/shadow', 'chown 5 r', 'mknod n c 1 3', 'touch /usr/x'],
  ]
  const text = tries.map((one, i) => (i < 2 ? one : `${one} 2>/dev/null && echo "did: ${one}"`)).join('\n')
  await sandbox.run(script(text, { isRootInside: true, onLog: (chunk) => log.push(chunk) }))

  assert.equal(Buffer.concat(log).toString(), '0\n1\n')
})

test('a program that ends without a result has crashed', async () => {
  const { end, exitCode, output } = await sandbox.run(script('kill $PPID; sleep 1'))

  assert.equal(end, 'crashed')
  assert.notEqual(exitCode, 0)
  assert.equal(output, undefined)
})

test('a program that is not ours is not run', async () => {
  await assert.rejects(sandbox.run(script('true', { program: '/bin/true' })), RangeError)
  await assert.rejects(sandbox.run(script('true', { program: join(import.meta.dirname, 'bubblewrap.ts') })), RangeError)
})

test('what holds is described, and holds', async () => {
  const { ok, findings } = await sandbox.describe()

  assert.deepEqual(
    findings.filter((finding) => !finding.ok),
    [],
  )
  assert.equal(ok, true)
  assert.ok(findings.length > 8)
})

test('started as root, a missing account is named with the command that makes it; others need none', async () => {
  const other = createSandbox({ parallel: 1, accountPrefix: 'packit-nobody-' })
  const run = other.run(script('true'))
  if (process.getuid?.() === 0) {
    await assert.rejects(
      run,
      (error) =>
        error instanceof SetupError && /packit-nobody-1.*do: useradd --system .*packit-nobody-1$/.test(error.message),
    )
    assert.equal((await other.describe()).ok, false)
  } else {
    assert.equal((await run).end, 'finished')
  }
  await other.close()
})

test('a sandbox that is closed ends what runs in it and what waits for it', async () => {
  const closed = createSandbox({ parallel: 1 })
  const tasks = [closed.run(script('sleep 600')), closed.run(script('true'))]
  await new Promise((resolve) => setTimeout(resolve, 300))

  await closed.close()

  assert.deepEqual(
    (await Promise.all(tasks)).map(({ end }) => end),
    ['canceled', 'canceled'],
  )
  assert.equal((await closed.run(script('true'))).end, 'canceled')
})

/** A script that prints how a task ends, run by another process. */
const OTHER = `import { createSandbox } from '${import.meta.dirname}/bubblewrap.ts'
  const sandbox = createSandbox({ parallel: 1 })
  const task = ${JSON.stringify(script('echo up; sleep 16180339'))}
  await sandbox.run({ ...task, results: [], onLog: (chunk) => process.stdout.write(chunk) }).then((r) => console.log(r.end), (e) => console.log(e.name + ': ' + e.message))
  await sandbox.close()`

test('where no user namespace can be made, nothing is run and the message says what to do', () => {
  const without = ['--dev-bind', '/', '/', '--unshare-user', '--disable-userns', '--uid', '1000', '--gid', '1000', '--']
  const args = [...without, process.execPath, '--input-type=module', '-e', OTHER]
  const { stdout } = spawnSync('bwrap', args, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', TMPDIR: '/var/tmp' } })

  assert.match(stdout, /^SetupError: no sandbox here: bwrap: .*; do: allow unprivileged user namespaces/m)
})

test('when the service is killed, what runs in its sandboxes is gone at once', async () => {
  const service = spawn(process.execPath, ['--input-type=module', '-e', OTHER], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(service.stdout, 'data')
  while (countProcesses('16180339') === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  service.kill('SIGKILL')
  await once(service, 'exit')
  for (let i = 0; i < 100 && countProcesses('16180339') > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 10))

  assert.equal(countProcesses('16180339'), 0)
})

/** How many programs of this machine are called with exactly this argument. */
function countProcesses(argument: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument)
    } catch {
      return false
    }
  }).length
}
