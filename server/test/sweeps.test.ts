// What sweeps keep between two times, and what names a repository had.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { upsertProject } from '../src/db/projects.ts'
import type { ForgeProject, PullRequestEvent } from '../src/domain/forge-event.ts'
import { sweepPullRequests } from '../src/events/sweep-pull-requests.ts'
import { createTestDatabase } from './database.ts'
import { MemoryForge } from './memory-forge.ts'
import { createWorld } from './world.ts'

const project = (name: string, repositoryId: number): ForgeProject => ({
  forge: 'github.com',
  namespace: 'acme',
  name,
  webUrl: `https://github.com/acme/${name}`,
  cloneUrl: `https://github.com/acme/${name}.git`,
  isPrivate: false,
  repositoryId,
})

const pullOf = (of: ForgeProject, at: number): PullRequestEvent => ({
  kind: 'pull_request',
  action: 'opened',
  project: of,
  number: 1,
  title: 'A change',
  author: 'ann',
  url: null,
  base: { ref: 'main', sha: '1'.repeat(40) },
  head: { cloneUrl: of.cloneUrl, ref: 'change', sha: '2'.repeat(40), isFork: false },
  labels: [],
  order: at,
})

test('a sweep that was stopped goes on where it was, and the next looks at all again', async () => {
  const forge = new MemoryForge('github.com')
  await using world = await createWorld({
    allowed: ['github.com'],
    replace: { findForge: (host) => (host === forge.host ? forge : undefined) },
  })
  await world.settle()
  const names = ['one', 'two', 'three']
  forge.repositories = names.map((name, i) => ({ ...project(name, i + 1), installationId: 7, account: 'acme' }))
  const hourAgo = Date.now() - 60 * 60_000
  for (const [i, name] of names.entries()) {
    const old = { ...pullOf(project(name, i + 1), 0), number: 2 }
    forge.pulls.set(`acme/${name}`, [pullOf(project(name, i + 1), hourAgo), old])
  }
  const { events, database } = world.service
  const found = async () => (await database.db.query.deliveries.findMany()).map((row) => row.deliveryId).sort()

  forge.failsAt = 'two'
  await assert.rejects(sweepPullRequests({}, events), /fall over/)
  assert.equal((await found()).length, 1)
  forge.failsAt = 'one'
  await sweepPullRequests({}, events)
  // the first is not asked about once more, and what changed long ago is left alone
  assert.deepEqual(await found(), names.map((name) => `sweep:github.com/acme/${name}#1@${'2'.repeat(40)}`).sort())
  await assert.rejects(sweepPullRequests({}, events), /fall over/, 'a new sweep begins with the first')
})

test('a repository known by its id follows to a new name, and a former name that is told late changes nothing', async () => {
  await using database = Object.assign(await createTestDatabase(), {
    async [Symbol.asyncDispose]() {
      await database.close()
    },
  })
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 12, minute))
  const told = (name: string, minute: number) =>
    database.transaction((tx) => upsertProject(tx, project(name, 42), at(9), at(minute)))
  const first = await told('old', 1)
  const renamed = await told('new', 3)
  assert.deepEqual([renamed.id, renamed.path], [first.id, 'acme/new'])
  const late = await told('old', 2)
  assert.deepEqual([late.id, late.path, late.url], [first.id, 'acme/new', 'https://github.com/acme/new'])
  const back = await told('old', 5)
  assert.deepEqual([back.id, back.path], [first.id, 'acme/old'])
})

test('a project that has the new name already leads to the one that came', async () => {
  await using database = Object.assign(await createTestDatabase(), {
    async [Symbol.asyncDispose]() {
      await database.close()
    },
  })
  const { repositoryId: _, ...nameless } = project('new', 0)
  const upsert = (of: ForgeProject) => database.transaction((tx) => upsertProject(tx, of, new Date()))
  const there = await upsert(nameless)
  const old = await upsert(project('old', 42))
  const renamed = await upsert(project('new', 42))
  assert.deepEqual([renamed.id, renamed.path], [old.id, 'acme/new'])
  const rows = await database.db.query.projects.findMany()
  assert.equal(rows.find(({ id }) => id === there.id)?.sameAs, old.id)
})
