import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openFolderStorage } from '../../storage/folder.ts'
import { FakeTester } from '../fake.ts'
import type { TestToRun } from '../tester.ts'
import { shareTester } from './shared-tester.ts'

const WHERE = { isInternal: false }
const SILENCE_MS = 20_000

/** Two processes on one store, and their clock. */
async function openProcesses() {
  const dir = await mkdtemp(join(tmpdir(), 'packit-tests-'))
  const storage = openFolderStorage(dir)
  const clock = { ms: Date.parse('2026-11-26T12:00:00Z') }
  const options = { storage, now: () => new Date(clock.ms), beatMs: 10, silenceMs: SILENCE_MS }
  const [first, second] = [new FakeTester(), new FakeTester()]
  first.endsAlone = false
  return {
    ...{ first, clock },
    one: shareTester(first, options),
    two: shareTester(second, options),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true, maxRetries: 5 }),
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(5)
}

const TEST = { id: 1, target: 'fedora-45-x86_64', builds: [] } as unknown as TestToRun

test('a test that another process runs is known, while it runs and when it has ended', async () => {
  await using processes = await openProcesses()
  const { first, one, two } = processes
  const requestId = await one.startTest(TEST)
  assert.equal((await two.findTest(requestId, WHERE))?.state, (await one.findTest(requestId, WHERE))?.state)

  first.end(requestId, 'success')
  await until(async () => (await two.findTest(requestId, WHERE))?.state === 'success')
  assert.ok((await two.findTest(requestId, WHERE))?.endedAt instanceof Date)
  // what has ended is known however long ago that was
  processes.clock.ms += 10 * SILENCE_MS
  assert.equal((await two.findTest(requestId, WHERE))?.state, 'success')
  assert.equal(await two.findTest('another', WHERE), undefined)
})

test('whoever cancels a test reaches the process that runs it', async () => {
  await using processes = await openProcesses()
  const { one, two } = processes
  const requestId = await one.startTest(TEST)
  await two.cancelTest(requestId, WHERE)
  await until(async () => (await one.findTest(requestId, WHERE))?.state === 'canceled')
  await two.cancelTest('another', WHERE)
})

test('a test whose process says nothing any more is lost', async () => {
  await using processes = await openProcesses()
  const { first, one, two, clock } = processes
  const requestId = await one.startTest(TEST)
  // its process is dead: nothing is known of the test there, and nothing is written
  first.forget(requestId)
  clock.ms += SILENCE_MS - 1
  assert.ok(await two.findTest(requestId, WHERE))
  clock.ms += 1
  assert.equal(await two.findTest(requestId, WHERE), undefined)
})
