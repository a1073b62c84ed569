// What must be true after a flood, whatever happened meanwhile.
import assert from 'node:assert/strict'
import type { Database } from '../../src/db/database.ts'
import type { FakeGithub } from '../../src/forges/github/fake/fake-github.ts'
import type { Flood } from './flood.ts'
import type { GithubSite } from './github-service.ts'

/** One event for each head, none lost, and only the newest head of each pull request with builds that were not cancelled. */
export async function assertOutcome(
  { github }: GithubSite,
  { pulls, deliveries }: Flood,
  database: Database,
): Promise<void> {
  const rows = await readRows(database)
  const guids = new Set(deliveries.map(({ guid }) => guid))
  const told = rows.deliveries.filter(({ deliveryId }) => guids.has(deliveryId))
  assert.deepEqual(told.length, guids.size, 'each delivery is kept once')
  assert.deepEqual(
    told.filter(({ state, eventId }) => state !== 'decided' || eventId === null),
    [],
    'each is decided, and has its event',
  )

  const heads = pulls.flatMap(({ shas }) => shas)
  const eventOf = new Map(rows.events.map((event) => [event.commitSha, event]))
  const counts = heads.map((sha) => rows.events.filter(({ commitSha }) => commitSha === sha).length)
  assert.deepEqual(
    counts.filter((count) => count !== 1),
    [],
    'each head has one event',
  )

  const isNewest = (sha: string) => pulls.some(({ shas }) => shas.at(-1) === sha)
  for (const sha of heads) {
    const event = eventOf.get(sha)
    assert.equal(event?.supersededBy === null, isNewest(sha), `${sha} is replaced, if it is not the newest`)
    const states = rows.runs.filter(({ eventId }) => eventId === event?.id).map(({ state }) => state)
    if (isNewest(sha)) assert.deepEqual(states, ['success'])
    else assert.ok(states.length === 0 || states.join() === 'canceled', `an older head has no build left: ${states}`)
  }
  assertChecks(github, heads, isNewest)
}

/** Each check that GitHub shows has ended, as its head did, and none is there twice. */
function assertChecks(github: FakeGithub, heads: readonly string[], isNewest: (sha: string) => boolean): void {
  const shown = github.allCheckRuns().filter(({ sha }) => heads.includes(sha))
  const names = shown.map(({ sha, name }) => `${sha} ${name}`)
  assert.deepEqual(names.length, new Set(names).size, 'no check is there twice')
  for (const { sha, name, status, conclusion } of shown) {
    const expected = isNewest(sha) ? 'success' : 'cancelled'
    assert.deepEqual([status, conclusion], ['completed', expected], `${name} of ${sha}`)
  }
  const newest = heads.filter(isNewest)
  assert.deepEqual(
    newest.filter((sha) => !names.includes(`${sha} packit`)),
    [],
    'each newest head has its check',
  )
  assert.deepEqual(github.violations, [])
}

async function readRows({ db }: Database) {
  return {
    deliveries: await db.query.deliveries.findMany(),
    events: await db.query.projectEvents.findMany(),
    runs: (await db.query.pipelines.findMany()).map(({ eventId, state }) => ({ eventId, state })),
  }
}
