import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openFolderStorage } from '../storage/folder.ts'
import { findStoredCause } from './find-stored-cause.ts'

test('the cause of a log that is too large to be searched is found at its end, under the number it has in the whole', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-log-'))
  try {
    const storage = openFolderStorage(dir)
    await storage.put(
      'build.log',
      `${'a line that says nothing\n'.repeat(1000)}src/a.c:3:1: error: no such thing\nend\n`,
    )
    const whole = await findStoredCause(storage, 'build.log', { kind: 'build' })
    const end = await findStoredCause(storage, 'build.log', { kind: 'build' }, 200)

    assert.equal(whole.line, 1001)
    assert.equal(end.line, 1001)
    assert.deepEqual(end.lines, whole.lines)
  } finally {
    await rm(dir, { recursive: true })
  }
})
