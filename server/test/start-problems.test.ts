// What keeps a command from starting is named in a sentence, with exit code 2, and the process ends.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeDatabase } from './database.ts'
import { runCommand } from './service-process.ts'

let dir = ''
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'packit-start-'))
  await makeDatabase(join(dir, 'data/database'))
})
after(() => rm(dir, { recursive: true, force: true }))

test('a taken port and an address of no machine end the service, which leaves nothing running', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = String(typeof address === 'object' ? address?.port : address)
  const data = join(dir, 'data')

  const taken = await runCommand(data, ['serve'], { PACKIT_PORT: port })
  const nowhere = await runCommand(data, ['serve'], { PACKIT_HOST: '300.1.1.1', PACKIT_PORT: '0' })
  other.close()

  const says = `packit-service: port ${port} is in use by another program: set PACKIT_PORT to a free one\n`
  assert.deepEqual([taken.code, taken.errors], [2, says])
  assert.equal(nowhere.code, 2)
  assert.match(nowhere.errors, /^packit-service: .*(PACKIT_HOST is 300\.1\.1\.1|no port).*\n$/)
})

test('a data directory that is none is named', async () => {
  const file = join(dir, 'file')
  await writeFile(file, '')
  for (const args of [['migrate'], ['deliveries']]) {
    const { code, errors } = await runCommand(file, args)
    assert.equal(code, 2)
    assert.match(errors, /^packit-service: the data directory \S+ can't be used: .* Set PACKIT_DATA_DIR to .*\n$/)
  }
})

test('without a folder for temporary files, and with a wrong setting, a trial says so', async () => {
  const trial = await runCommand(dir, ['try', import.meta.dirname], { TMPDIR: join(dir, 'gone') })
  assert.deepEqual(trial.code, 2)
  assert.match(trial.errors, /^packit-service: no folder for the trial can be made in .*\(TMPDIR\).*\n$/)
  const setting = await runCommand(dir, ['try', import.meta.dirname], { PACKIT_BUILD_MEMORY: 'much' })
  assert.deepEqual(setting.code, 2)
  assert.match(setting.errors, /^packit-service: PACKIT_BUILD_MEMORY is "much"; expected: .*\n$/)
})
