import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { takeLock } from './lock.ts'

async function openFolder() {
  const dir = await mkdtemp(join(tmpdir(), 'lock-'))
  return { path: join(dir, 'x.lock'), [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

test('an exclusive lock goes alone, and the next one gets it when it is given back', async () => {
  await using folder = await openFolder()
  const first = await takeLock(folder.path, 'exclusive', { waitMs: 0 })
  assert.ok(first)
  assert.equal(await takeLock(folder.path, 'exclusive', { waitMs: 0 }), undefined)
  assert.equal(await takeLock(folder.path, 'shared', { waitMs: 50 }), undefined)

  const waiting = takeLock(folder.path, 'exclusive', { waitMs: 10_000 })
  await first[Symbol.asyncDispose]()

  const second = await waiting
  assert.ok(second)
  await second[Symbol.asyncDispose]()
})

test('shared locks go together and keep an exclusive one out', async () => {
  await using folder = await openFolder()
  await using first = await takeLock(folder.path, 'shared', { waitMs: 0 })
  await using second = await takeLock(folder.path, 'shared', { waitMs: 0 })

  assert.ok(first && second)
  assert.equal(await takeLock(folder.path, 'exclusive', { waitMs: 0 }), undefined)
})

test('who waits can give up', async () => {
  await using folder = await openFolder()
  await using _held = await takeLock(folder.path, 'exclusive', { waitMs: 0 })
  await assert.rejects(takeLock(folder.path, 'exclusive', { waitMs: 60_000, signal: AbortSignal.timeout(50) }))
})

test('the lock of a process that is killed is free again', async () => {
  await using folder = await openFolder()
  const program = `
    const { takeLock } = await import(${JSON.stringify(import.meta.resolve('./lock.ts'))})
    const lock = await takeLock(${JSON.stringify(folder.path)}, 'exclusive', { waitMs: 0 })
    console.log(lock ? 'held' : 'not held')
    setInterval(() => {}, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.equal(String((await once(other.stdout, 'data'))[0]).trim(), 'held')
  assert.equal(await takeLock(folder.path, 'exclusive', { waitMs: 0 }), undefined)

  other.kill('SIGKILL')

  const lock = await takeLock(folder.path, 'exclusive', { waitMs: 5_000 })
  assert.ok(lock)
  await lock[Symbol.asyncDispose]()
})
