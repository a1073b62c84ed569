// What is heard on the bus wakes the jobs that would have asked later.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { query } from '../src/db/database.ts'
import { FakeBroker } from '../src/messages/fake/fake-broker.ts'
import { createWorld, type World } from './world.ts'

const TOPIC = 'org.fedoraproject.prod.copr.build.end'

const ended = (build: number) => ({ build, chroot: 'fedora-45-x86_64', status: 1, owner: '@packit', copr: 'acme' })

async function until<T>(find: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await find()
    if (found) return found
    await sleep(20)
  }
}

const hintJobs = ({ service }: World) =>
  query<{ key: string }>(
    service.database.db,
    sql`select singleton_key as key from pgboss.job where name = 'settle-build' and singleton_key like 'hint-%'`,
  )

test('a message about a build of ours has it looked at, once for many; one of others does nothing', async () => {
  await using broker = await FakeBroker.start()
  const env = { PACKIT_MESSAGES_URL: broker.url, PACKIT_MESSAGES_QUEUE: 'e7a1f1a8-5a1c-4f0e-9d8e-1b6a53d0a3f4' }
  await using world = await createWorld({ env })
  world.builder.endsAlone = false
  const listener = world.service.findListener()
  await until(async () => listener?.isConnected())
  await world.openPullRequest()
  const build = await until(async () => {
    const rows = await query<{ id: number }>(world.service.database.db, sql`select id from builds where build_id <> ''`)
    return rows[0]?.id
  })

  const begun = performance.now()
  for (let i = 0; i < 30; i += 1) broker.publish(TOPIC, ended(build))
  for (let i = 0; i < 5; i += 1) broker.publish(TOPIC, ended(987_654_321))
  await until(async () => listener?.counts().hint === 30 && listener.counts().not_ours === 5)
  const spans = 1 + Math.ceil((performance.now() - begun) / 2000)

  const jobs = await hintJobs(world)
  assert.ok(jobs.length >= 1 && jobs.length <= spans + 1, `${jobs.length} jobs in ${spans} spans`)
  assert.deepEqual([...new Set(jobs.map(({ key }) => key))], [`hint-${build}`])

  for (const chroot of ['fedora-45-x86_64', 'epel-10-x86_64']) await world.builder.end(String(build), chroot, 'success')
  await world.finish()
  assert.equal((await world.runs())[0]?.state, 'success')

  const metrics = await world.http.inject({ url: '/metrics' })
  assert.match(metrics.body, /^packit_messages_connected 1$/m)
  assert.match(metrics.body, /^packit_messages_total\{outcome="not_ours"\} 5$/m)
})
