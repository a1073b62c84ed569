// A GitHub that fails, limits and forgets: nothing is shown twice, nothing is lost, and what waits says so.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checks } from '../../src/db/schema.ts'
import { CHROOTS, CONFIG } from '../world.ts'
import { createGithubWorld, type GithubWorld } from './github-world.ts'

const BUILT = { packit: 'success', ...Object.fromEntries(CHROOTS.map((chroot) => [`rpm-build:${chroot}`, 'success'])) }

let story: GithubWorld
before(async () => {
  story = await createGithubWorld({ reportTiming: { claimMs: 2000 } })
})
after(() => story[Symbol.asyncDispose]())

/** Until GitHub shows that all was built, however often it has to be asked. */
async function built(where: Parameters<GithubWorld['checks']>[0]): Promise<void> {
  await story.until('built', async () => {
    await story.hurry()
    return JSON.stringify(Object.entries(story.checks(where)).sort()) === JSON.stringify(Object.entries(BUILT).sort())
  })
}

test('answers that get lost, error pages and cut connections make nothing twice', async () => {
  const { github } = story
  const repository = await story.createRepository(CONFIG, { name: 'unsure' })
  github.failNext({ kind: 'drop-after', method: 'POST', path: 'check-runs', times: 2 })
  github.failNext({ kind: 'bad-gateway', method: 'PATCH', path: 'check-runs' })
  github.failNext({ kind: 'drop-before', method: 'POST', path: 'check-runs' })
  github.failNext({ kind: 'drop-after', method: 'PATCH', path: 'check-runs' })
  const pull = await github.openPullRequest({ repository })
  await built(pull)
  assert.equal(github.allCheckRuns(pull).length, 3)

  github.failNext({ kind: 'drop-after', method: 'POST', path: 'comments' })
  await github.comment(pull, 'acme', '/packit help')
  const answers = () => github.comments(pull).length - 1
  await story.until('answered', () => answers() > 0, 30_000)
  await story.hurry()
  assert.equal(answers(), 1)
  assert.deepEqual(github.violations, [])
})

test('a worker that is killed between making a check and writing that down makes none twice', async () => {
  const { github, world } = story
  const repository = await story.createRepository(CONFIG, { name: 'killed' })
  const pull = await story.openPull(repository)
  const { db } = world.service.database
  const forgotten = { forgeId: null, shownVersion: 0, shownAttempt: null, shownState: null, shownAt: null }
  await db.update(checks).set({ ...forgotten, claimedUntil: new Date(Date.now() - 1000) })
  const { queue } = world.service
  const { id } = await story.eventOf(pull.pull.head.sha)
  // and its job runs twice
  for (let i = 0; i < 2; i += 1) await queue.add(db, 'show-checks', { eventId: id })
  await story.shown()
  assert.deepEqual(story.checks(pull), BUILT)
  assert.equal(github.allCheckRuns(pull).length, 3)
})

test('deliveries that come doubled and shuffled show each commit once, and only the newest as built', async () => {
  const { github } = story
  const repository = await story.createRepository(CONFIG, { name: 'shuffled' })
  github.setDeliveryMode('hold')
  const pulls = await Promise.all([1, 2, 3].map(() => github.openPullRequest({ repository })))
  const old = pulls.map((pull) => ({ repository, sha: pull.pull.head.sha }))
  for (const pull of pulls) await github.push(pull)
  await github.releaseDeliveries((held) => [...held, ...held].reverse())
  await story.shown()
  for (const pull of pulls) {
    assert.deepEqual(story.checks(pull), BUILT)
    assert.equal(github.allCheckRuns(pull).length, 3)
  }
  for (const where of old) assert.ok(!Object.values(story.checks(where)).includes('queued'), JSON.stringify(where.sha))
})

test('a limit is obeyed: nothing is asked until it is over, and the run page and the status say what waits for it', async () => {
  const { github, world } = story
  const repository = await story.createRepository(CONFIG, { name: 'limited' })
  github.limit({ retryAfterS: 600 })
  github.failNext({ kind: 'secondary-limit', method: 'POST', path: 'limited/check-runs' })
  const pull = await github.openPullRequest({ repository })
  await world.settle()
  const run = (await world.runs()).at(-1)
  const details = () =>
    world.get<{ checks: { name: string; is_shown: boolean; waits_for: string | null; waits_until: string | null }[] }>(
      `/api/runs/merged/${run?.merged_run_id}`,
    )
  await story.until('told', async () => (await details()).checks.some((check) => check.waits_for !== null), 30_000)
  // what was on its way already may have got through
  const waiting = (await details()).checks.find((check) => check.waits_for !== null)
  assert.match(waiting?.waits_for ?? '', /left alone until .* for acme: .*too much at a time/)
  assert.ok(waiting?.waits_until)
  const { forges } = await world.get<{ forges: { blocked_until: number | null; reason: string | null }[] }>(
    '/api/status',
  )
  const blocked = forges.find(({ blocked_until }) => blocked_until !== null)
  assert.ok((blocked?.blocked_until ?? 0) > Date.now() / 1000 + 500)
  const before = github.requests.length
  await story.hurry()
  const asked = github.requests.slice(before).filter(({ operation }) => operation?.startsWith('checks/'))
  assert.deepEqual([asked.length, waiting?.name && waiting.name in story.checks(pull)], [0, false])
})
