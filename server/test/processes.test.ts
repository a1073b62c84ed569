// Several processes of one installation, each a program of its own, on PostgreSQL and a shared folder.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
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
  const { delivery } = await all.makePullRequest()
  assert.equal(await web.deliver(delivery, 'the-only-one'), 202)
  await worker.until(async () => (await all.runs(other)).some(hasEnded), 'built it', 50)
  const [run] = await all.runs(other)
  const target = run?.copr.find(({ status }) => status === 'success')
  const log = await fetch(`${other.url}/api/copr-builds/${target?.packit_id}/log`)
  assert.match(await log.text(), /Wrote: .*\.rpm/)
  assert.ok(!web.did('build-srpm') && !other.did('build-srpm') && worker.did('build-srpm'))
  // a worker answers for itself alone
  assert.equal((await fetch(`${worker.url}/api/runs`)).status, 404)
  assert.match(await (await fetch(`${worker.url}/metrics`)).text(), /packit_processes\{role="worker"\} 1/)
})

const hasEnded = ({ state }: RunEntry) => state !== 'pending' && state !== 'running'
