// Several processes of one installation, each a program of its own, on PostgreSQL and a shared folder.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { query } from '../src/db/database.ts'
import { Installation } from './installation.ts'
import { runCommand } from './service-process.ts'
import type { RunEntry } from './world.ts'

test('web and worker without PostgreSQL end with code 2 and say what to do', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-alone-'))
  for (const role of ['web', 'worker']) {
    const { code, errors } = await runCommand(dir, [role])
    assert.equal(code, 2)
    assert.match(errors, new RegExp(`"packit-service ${role}" needs PostgreSQL: set DATABASE_URL`))
  }
  await rm(dir, { recursive: true })
})

test('a process that keeps logs and packages elsewhere than the others ends with code 2 and names them', async () => {
  await using all = await Installation.create()
  await all.start('worker')
  const { code, errors } = await all.run('worker', { PACKIT_STORAGE_URL: `file://${all.dir}/elsewhere` })
  assert.equal(code, 2)
  assert.match(errors, /the worker process \d+ on \S+ uses the same database, but keeps logs and packages elsewhere/)
  assert.match(errors, /set PACKIT_STORAGE_URL to the same shared folder or bucket/)
})

test('a delivery to a web is built by a worker, and every web tells of it', async () => {
  await using all = await Installation.create()
  const [web, other, worker] = await Promise.all([all.start('web'), all.start('web'), all.start('worker')])
  const status = await other.get<{ processes: { role: string }[]; builders: { name: string }[] }>('/api/status')
  assert.deepEqual(status.processes.map(({ role }) => role).sort(), ['web', 'web', 'worker'])
  const told = follow(`${other.url}/api/stream`)
  const { delivery } = await all.makePullRequest()
  assert.equal(await web.deliver(delivery, 'the-only-one'), 202)
  await worker.until(async () => (await all.runs(other)).some(hasEnded), 'built it', 50)
  const [run] = await all.runs(other)
  const target = run?.copr.find(({ status }) => status === 'success')
  const log = await fetch(`${other.url}/api/copr-builds/${target?.packit_id}/log`)
  assert.match(await log.text(), /Wrote: .*\.rpm/)
  assert.ok(!web.did('build-srpm') && !other.did('build-srpm') && worker.did('build-srpm'))
  // how the logs grew was told while they did, by a web that has neither taken nor built it
  await other.until(
    () => /"kind":"log".*"step":"srpm"/.test(told.text) && /"step":"build"/.test(told.text),
    'told of logs',
  )
  told.end()
  // a worker answers for itself alone
  assert.equal((await fetch(`${worker.url}/api/runs`)).status, 404)
  assert.match(await (await fetch(`${worker.url}/metrics`)).text(), /packit_processes\{role="worker"\} 1/)
})

test('what a start has to do is done once, however many workers begin at the same time', async () => {
  await using all = await Installation.create()
  const workers = await Promise.all([1, 2, 3].map(() => all.start('worker')))
  for (const worker of workers)
    await worker.until(async () => (await startTasks(all)).length === 2, 'saw the tasks of the start')
  assert.deepEqual(await startTasks(all), [
    { name: 'fill-derived-ids', jobs: 1 },
    { name: 'sweep-pull-requests', jobs: 1 },
  ])
})

test('a build whose worker is killed is begun anew by another, once, and the run ends', async () => {
  await using all = await Installation.create()
  const [web, first] = await Promise.all([all.start('web'), all.start('worker')])
  const { delivery } = await all.makePullRequest()
  assert.equal(await web.deliver(delivery, 'the-only-one'), 202)
  const ours = () =>
    query<LocalBuild>(all.database.db, sql`select process_id as "processId", targets from local_builds`)
  const isRunning = async () => (await ours()).some(({ targets }) => targets.some(({ state }) => state === 'running'))
  await first.until(isRunning, 'began to build')
  const [before] = await ours()
  await first.kill()
  const second = await all.start('worker')
  await second.until(async () => (await all.runs(web)).every(hasEnded), 'ended the run', 100)
  const [after, ...more] = await ours()
  assert.equal(more.length, 0)
  assert.notEqual(after?.processId, before?.processId)
  const [run] = await all.runs(web)
  assert.ok(run?.copr.some(({ status }) => status === 'success'))
  assert.deepEqual(
    (await all.database.db.query.builds.findMany()).map(({ crashes }) => crashes),
    [1],
  )
  // it was believed to live when the other began, which has done since what a start has to do
  const swept = async () => (await startTasks(all)).find(({ name }) => name === 'sweep-pull-requests')?.jobs ?? 0
  await second.until(async () => (await swept()) >= 2, 'did the tasks of its start')
  const log = await readFile(join(all.dir, 'shared/builds/1', after?.targets.at(-1)?.chroot ?? '', 'build.log'), 'utf8')
  assert.equal(log.match(/^Executing\(%prep\)/gm)?.length, 1)
})

/** What starts have added; schedules are the queue's own, which marks what it adds. */
const startTasks = (all: Installation) =>
  query<{ name: string; jobs: number }>(
    all.database.db,
    sql`select name, count(*)::int as jobs from pgboss.job
      where name in ('fill-derived-ids', 'sweep-pull-requests') and singleton_on is null group by name order by name`,
  )

/** Reads a stream as long as it is of interest. */
function follow(url: string) {
  const stop = new AbortController()
  const followed = { text: '', end: () => stop.abort() }
  const read = async () => {
    const { body } = await fetch(url, { signal: stop.signal })
    const decoder = new TextDecoder()
    for await (const chunk of body ?? []) followed.text += decoder.decode(chunk, { stream: true })
  }
  void read().catch(() => {})
  return followed
}

interface LocalBuild {
  processId: string
  targets: { chroot: string; state: string }[]
}

const hasEnded = ({ state }: RunEntry) => state !== 'pending' && state !== 'running'
