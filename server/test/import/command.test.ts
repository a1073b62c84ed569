// The command, on a real PostgreSQL where there is one: it may be killed at any moment, and tells what it did.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { sourceRows } from '../../../bench/import-source.ts'
import { startCluster } from '../../src/cli/postgres-cluster.ts'
import { databaseKinds, makeDatabase } from '../database.ts'
import { runCommand, ServiceProcess } from '../service-process.ts'
import { readSourceSchema } from './embedded-source.ts'
import { SOURCE_ROWS } from './source-rows.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

test('without an address, or with one that is none, it says what is needed and ends with code 2', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-import-'))
  try {
    const none = await runCommand(dir, ['import'])
    assert.deepEqual([none.code, /say which database/.test(none.errors)], [2, true])
    const wrong = await runCommand(dir, ['import', 'https://example.org/db'])
    assert.deepEqual([wrong.code, /is the address of a PostgreSQL database/.test(wrong.errors)], [2, true])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

if (databaseKinds.includes('postgres')) {
  describe('packit-service import', () => {
    let urlOf: (database: string) => string
    let dir: string
    const run = async (database: string, statement: string) => {
      const client = new pg.Client({ connectionString: urlOf(database) })
      await client.connect()
      try {
        return (await client.query(statement)).rows
      } finally {
        await client.end()
      }
    }
    const makeSource = async (name: string, rows: readonly string[]) => {
      await run('postgres', `create database ${name}`)
      await run(name, [await readSourceSchema(), ...rows].join(';\n'))
    }
    before(async () => {
      urlOf = (await startCluster()).urlOf
      dir = await mkdtemp(join(tmpdir(), 'packit-import-'))
      await makeSource('source', SOURCE_ROWS)
    })
    after(() => rm(dir, { recursive: true, force: true }))

    test('into the embedded database: what was done, and a report of what could not be placed', async () => {
      const data = join(dir, 'embedded')
      await makeDatabase(join(data, 'database'))
      const first = await runCommand(data, ['import', urlOf('source')])
      assert.deepEqual([first.code, first.errors], [0, ''])
      assert.match(
        first.output,
        /^read 127 rows of .*source in .* rows\/s\)\nadded \d+ rows and 5 logs, changed 0 rows\n/,
      )
      assert.match(first.output, /\n {2}left out: 1 of pull_requests: it has no project \(5\)\n/)
      const report = await readFile(join(data, 'import-report.tsv'), 'utf8')
      assert.match(report, /^outcome\ttable\tid\treason\n/)
      assert.match(report, /\nleft out\tpull_requests\t5\tit has no project\n/)

      const finish = await runCommand(data, ['import', '--finish'])
      assert.deepEqual([finish.code, /^the import from .*source is finished\n$/.test(finish.output)], [0, true])
      const again = await runCommand(data, ['import', urlOf('source')])
      assert.deepEqual([again.code, /is finished/.test(again.errors)], [2, true])
    })

    test('ends with code 2 and names the service that has the embedded database', async () => {
      const data = join(dir, 'owned')
      await makeDatabase(join(data, 'database'))
      await using service = await ServiceProcess.start(data)
      const { code, errors } = await runCommand(data, ['import', urlOf('source')])
      assert.equal(code, 2)
      assert.match(errors, new RegExp(`in use by process ${service.pid}`))
    })

    test('an account that may not read is told which table, and what to grant', async () => {
      await run('source', 'create role reader login; grant select on alembic_version to reader')
      const url = new URL(urlOf('source'))
      url.username = 'reader'
      const { code, errors } = await runCommand(join(dir, 'none'), ['import', url.href])
      assert.equal(code, 2)
      assert.match(errors, /the account reader may not read git_projects.*: grant select on all tables/)
    })

    test('killed at any moment, or stopped by Ctrl-C, it goes on to the same end', async () => {
      await makeSource('large', ['set session_replication_role = replica', ...sourceRows(1500)])
      const content = async (database: string) => {
        const tables = ['projects', 'triggers', 'project_events', 'srpm_builds', 'builds', 'build_targets']
        const others = ['test_targets', 'test_target_builds', 'sync_targets', 'koji_build_targets', 'pipelines']
        const sums = [...tables, ...others].map(
          (name) =>
            `select '${name}' as name, md5(string_agg((to_jsonb(t) - 'imported_at')::text, '' order by t::text)) as all from ${name} t`,
        )
        return run(database, sums.join(' union all '))
      }
      await run('postgres', 'create database whole')
      const whole = await runCommand(join(dir, 'whole'), ['import', urlOf('large')], { DATABASE_URL: urlOf('whole') })
      assert.deepEqual([whole.code, whole.errors], [0, ''])

      await run('postgres', 'create database broken')
      const env = { PATH: process.env.PATH ?? '', PACKIT_DATA_DIR: join(dir, 'broken'), DATABASE_URL: urlOf('broken') }
      // each time it comes a little further: before the tables, while it reads, while it writes, at the end
      for (let round = 0, code: number | null = null; code !== 0; round += 1) {
        const child = spawn(process.execPath, [MAIN, 'import', urlOf('large')], { env, stdio: 'ignore' })
        const ended = once(child, 'exit')
        if (round < 12) await untilReached(() => run('broken', REACHED).catch(() => []), round, ended)
        if (round < 12) child.kill(round % 3 === 2 ? 'SIGINT' : 'SIGKILL')
        ;[code] = (await ended) as [number | null]
        assert.ok(code === 0 || code === null || code === 130, `round ${round} ended with ${code}`)
      }
      assert.deepEqual(await content('broken'), await content('whole'))
      const logs = async (name: string) => readFile(join(dir, name, 'storage/srpm/1500/build.log'), 'utf8')
      assert.equal(await logs('broken'), await logs('whole'))
    })
  })
}

/** How many tables are filled. */
const REACHED = `select count(*) from jsonb_object_keys((select coalesce(progress->'tables', '{}') from imports)) as name`

/** Waits until an import has filled so many tables, or has ended. */
async function untilReached(read: () => Promise<{ count?: string }[]>, tables: number, ended: Promise<unknown>) {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  while (!isOver) {
    const rows = await read()
    if (rows.length > 0 && Number(rows[0]?.count) >= tables) return
  }
}
