// What waits for a system that does not answer says so, and goes on when it answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { UnavailableError } from '../src/domain/errors.ts'
import { createWorld, type World } from './world.ts'

interface Status {
  backends: { name: string; title: string; state: string; reason: string | null; failures: number }[]
}
interface Details {
  event_id: number
  steps: { kind: string; state: string; reason: string | null }[]
  checks: { name: string; title: string; state: string }[]
}

const CHECK = 'rpm-build:fedora-45-x86_64'

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50)
}

async function details(world: World): Promise<Details> {
  const [run] = await world.runs()
  return world.get<Details>(`/api/runs/merged/${run?.merged_run_id}`)
}

const titleOf = async (world: World) => (await details(world)).checks.find(({ name }) => name === CHECK)?.title ?? ''
const reasonOf = async (world: World) => (await details(world)).steps.find(({ kind }) => kind === 'build')?.reason
const backendOf = async (world: World) =>
  (await world.get<Status>('/api/status')).backends.find((b) => b.name === 'copr')

test('a build that a builder does not take waits with the reason, on page, check and status, until it does', async () => {
  await using world = await createWorld()
  const real = world.builder.startBuild.bind(world.builder)
  let calls = 0
  world.builder.startBuild = async () => {
    calls += 1
    throw new UnavailableError('it answers 502', 1)
  }
  await world.openPullRequest()
  await until(async () => (await backendOf(world))?.state === 'open')
  await until(async () => /^Waiting for Copr, which does not answer since /.test(await titleOf(world)))

  const stable = (await details(world)).checks.find(({ name }) => name === 'packit')
  assert.match(stable?.title ?? '', /^Waiting for Copr, which does not answer since /)
  assert.match((await reasonOf(world)) ?? '', /^Waiting for Copr, which does not answer since \d\d:\d\d UTC$/)
  const backend = await backendOf(world)
  assert.deepEqual([backend?.title, backend?.failures, backend?.reason], ['Copr', 3, 'it answers 502'])
  const { body } = await world.http.inject({ url: '/metrics' })
  assert.match(body, /^packit_backend_up\{backend="copr"\} 0$/m)
  assert.match(body, /^packit_backend_failures_total\{backend="copr"\} 3$/m)
  assert.equal(calls, 3)

  world.builder.startBuild = real
  const { db } = world.service.database
  // nobody waits here for the time of the next try
  await db.execute(sql`update backends set next_try_at = now() where name = 'copr'`)
  await db.execute(sql`update pgboss.job set start_after = now() where name = 'start-build' and state < 'active'`)
  await world.finish()
  assert.equal((await world.runs())[0]?.state, 'success')
  assert.equal(await titleOf(world), 'RPMs were built successfully.')
  assert.equal(await reasonOf(world), null)
  assert.equal((await backendOf(world))?.state, 'closed')
})
