// The commands for people: a backup while the service runs, and what becomes of it in another data directory.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { backupName, findBackups } from '../src/cli/archive/backups.ts'
import { EMBEDDED_POSTGRES } from '../src/db/open.ts'
import { makeDatabase } from './database.ts'
import { runCommand, ServiceProcess } from './service-process.ts'

const DELETED_BRANCH = {
  ...{ kind: 'push', ref: 'refs/heads/old', before: '1'.repeat(40), after: '0'.repeat(40) },
  repository: { url: 'https://example.org/acme/hello' },
}

test('a running service is backed up, and comes back in an empty data directory with all it had', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-backup-'))
  const [data, backups, again] = [join(dir, 'data'), join(dir, 'backups'), join(dir, 'again')]
  try {
    await makeDatabase(join(data, 'database'))
    await using service = await ServiceProcess.start(data)
    assert.equal(await service.deliver(DELETED_BRANCH, 'one'), 202)
    await service.until(() => service.did('decide-delivery'), 'decided')
    const list = await runCommand(data, ['deliveries'])

    const first = await runCommand(data, ['backup', backups])
    assert.deepEqual([first.code, first.errors], [0, ''])
    assert.match(
      first.output,
      /packit-\S+Z: \d+ rows of \d+ tables, \d+ jobs of the queue, \d+ files \(\d+\.\d MB\)\n$/,
    )
    const [made] = (await findBackups(backups)).complete
    assert.ok(made)
    assert.equal((await stat(made)).mode & 0o777, 0o700)
    const second = await runCommand(data, ['backup', backups, '--keep', '1'])
    assert.equal(second.code, 0, second.errors)
    assert.match(second.output, /: removed, 1 are kept\n$/)
    const [kept, ...more] = (await findBackups(backups)).complete
    assert.ok(kept && kept !== made && more.length === 0)
    // it serves on, and the backup is noted
    assert.match((await runCommand(data, ['audit'])).output, /data\.export/)

    const which = await runCommand(again, ['restore', backups])
    assert.deepEqual([which.code, which.errors.includes(`The newest is ${kept}`)], [2, true])
    const check = await runCommand(again, ['restore', '--check', kept])
    assert.deepEqual([check.code, /is whole: \d+ rows/.test(check.output)], [0, true])
    await assert.rejects(readdir(again), { code: 'ENOENT' })

    const restore = await runCommand(again, ['restore', kept])
    assert.deepEqual([restore.code, restore.errors.replace(/^making the embedded database.*\n/, '')], [0, ''])
    assert.equal((await readFile(join(again, 'database/PG_VERSION'), 'utf8')).trim(), EMBEDDED_POSTGRES)
    assert.deepEqual(await runCommand(again, ['deliveries']), list)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

test('what is no archive is told so before anything is made', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-backup-'))
  try {
    const data = join(dir, 'data')
    const none = await runCommand(data, ['import', join(dir, 'none')])
    assert.deepEqual([none.code, /is no folder that "packit-service export"/.test(none.errors)], [2, true])
    const empty = await runCommand(data, ['restore', dir])
    assert.deepEqual([empty.code, /it has no manifest\.json/.test(empty.errors)], [2, true])
    const mixed = await runCommand(data, ['import', dir, '--finish'])
    assert.deepEqual([mixed.code, /belong to the import of a Packit Service/.test(mixed.errors)], [2, true])
    assert.deepEqual(await readdir(dir), [])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

test('backups are named so that the order of names is that of time', () => {
  assert.equal(backupName(new Date('2026-11-26T01:02:03.456Z')), 'packit-2026-11-26T01-02-03Z')
})
