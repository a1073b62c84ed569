import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { claimCheck } from '../src/db/checks.ts'
import { query } from '../src/db/database.ts'
import { checks } from '../src/db/schema.ts'
import { showChecks } from '../src/reports/show-checks.ts'
import type { MemoryForge } from './memory-forge.ts'
import { createReportsWorld } from './reports-world.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'
const NAMES = ['packit', `rpm-build:${FEDORA}`, `rpm-build:${EPEL}`]
const FAILED = 'Executing(%check): /bin/sh\nFAIL: test_one\nerror: Bad exit status from /var/tmp/rpm-tmp.x (%check)\n'

const count = (forge: MemoryForge, operation: string) => forge.calls.filter((c) => c.operation === operation).length
const namesOf = (forge: MemoryForge) => forge.checks.map((check) => check.name).sort()

test('each check is made once, updated in place, and ends as its build ends', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  world.builder.endsAlone = false
  const pr = await world.openPullRequest()
  await world.settle()
  const [buildId = ''] = [...world.builder.builds.keys()]
  await world.builder.end(buildId, FEDORA, 'success')
  await world.builder.end(buildId, EPEL, 'failure', FAILED)
  await it.shown()

  assert.deepEqual(namesOf(forge), NAMES.toSorted())
  assert.deepEqual(forge.shown(pr.head.sha), {
    packit: 'failure',
    [`rpm-build:${FEDORA}`]: 'success',
    [`rpm-build:${EPEL}`]: 'failure',
  })
  assert.equal(forge.checks[0]?.name, 'packit', 'branch protection waits for that one')
  const epel = forge.checks.find((check) => check.name.endsWith(EPEL))
  assert.match(epel?.output.summary ?? '', /^\*\*%check .*```text\n.*FAIL: test_one/s)
  assert.equal(epel?.externalId, '1')

  const before = forge.calls.length
  await Promise.all([1, 2, 3].map(() => showChecks({ eventId: 1 }, it.deps)))
  assert.equal(forge.calls.length, before, 'repeats have nothing to do')
})

test('two workers at once, and answers that get lost, make no check twice', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  for (const _ of NAMES) forge.fail('createCheck', { kind: 'lost' })
  forge.fail('updateCheck', { kind: 'lost' }, { kind: 'lost' })
  await world.openPullRequest()
  await it.shown()
  assert.deepEqual(namesOf(forge), NAMES.toSorted())
  assert.deepEqual(new Set(Object.values(forge.shown())), new Set(['success']))
  assert.ok(count(forge, 'findCheck') >= NAMES.length)

  // a process that died after the call and before it could say so
  const { db } = world.service.database
  const [row] = await it.rows(1)
  assert.ok(row)
  await db.update(checks).set({ forgeId: null, shownVersion: 0, shownAttempt: null, shownState: null, shownAt: null })
  const past = new Date(Date.now() - 5000)
  await db.update(checks).set({ claimedUntil: past })
  await Promise.all([1, 2].map(() => showChecks({ eventId: 1 }, it.deps)))
  await it.shown()
  assert.deepEqual(namesOf(forge), NAMES.toSorted())
})

test('what another worker wrote late is corrected', async () => {
  await using it = await createReportsWorld({ reportTiming: { claimMs: 300 } })
  const { world, forge } = it
  await world.openPullRequest()
  await it.shown()
  const { db } = world.service.database
  await db.update(checks).set({ version: 20, state: 'running', shownState: 'running' }).where(eq(checks.name, 'packit'))
  const [stored] = forge.checks.filter(({ name }) => name === 'packit')
  assert.ok(stored)
  stored.phase = { status: 'in_progress' }
  forge.reopens = true
  // its PATCH is under way for longer than it may hold the check
  const gate = Promise.withResolvers<void>()
  forge.gate = gate.promise
  const late = showChecks({ eventId: 1 }, it.deps)
  await sleep(400)
  forge.gate = undefined
  await db.update(checks).set({ version: 21, state: 'failure' }).where(eq(checks.name, 'packit'))
  await showChecks({ eventId: 1 }, it.deps)
  gate.resolve()
  await late
  await it.shown()
  assert.equal(forge.shown().packit, 'failure')
  const [row] = (await it.rows(1)).filter(({ name }) => name === 'packit')
  assert.equal(row && (await claimCheck(db, row, new Date(), new Date())), true, 'nobody holds it any more')
})

test('however many checks wait for their turn, and however often they are looked at, one job waits for all of them', async () => {
  await using it = await createReportsWorld({ reportTiming: { spacingMs: 60_000 } })
  const { world } = it
  world.builder.endsAlone = false
  await world.openPullRequest()
  await world.settle()
  const { db } = world.service.database
  const running = {
    state: 'running',
    version: 20,
    shownState: 'running',
    shownAt: new Date(),
    waitsUntil: null,
  } as const
  await db.update(checks).set(running)
  const waiting = () =>
    query<{ id: string }>(db, sql`select id from pgboss.job where name = 'show-checks' and state = 'created'`)
  const before = (await waiting()).length
  for (let i = 0; i < 3; i += 1) await showChecks({ eventId: 1 }, it.deps)
  assert.equal((await waiting()).length, before + 1)
})

test('a check is updated no oftener than allowed; its first and last state are shown at once', async () => {
  const spacingMs = 1500
  await using it = await createReportsWorld({ reportTiming: { spacingMs } })
  const { world, forge } = it
  world.builder.endsAlone = false
  world.srpms.hold()
  await world.openPullRequest()
  await world.settle()
  assert.equal(count(forge, 'createCheck'), NAMES.length, 'the first state waits for nothing')
  const { db } = world.service.database
  const about = `rpm-build:${FEDORA}`
  const texts = ['one', 'two', 'three', 'four', 'five', 'six']
  for (const [i, title] of texts.entries()) {
    await db
      .update(checks)
      .set({ title, version: 10 + i })
      .where(eq(checks.name, about))
    await showChecks({ eventId: 1 }, it.deps)
    await sleep(100)
  }
  await it.shown()
  assert.equal(forge.checks.find((check) => check.name === about)?.output.title, 'six', 'the newest is not lost')
  world.srpms.release()
  await world.settle()
  const [buildId = ''] = [...world.builder.builds.keys()]
  const ended = Date.now()
  await world.builder.end(buildId, FEDORA, 'success')
  await world.settle()
  const calls = forge.calls.filter((call) => call.about === about)
  const last = calls.at(-1)
  assert.equal(forge.shown()[about], 'success')
  assert.ok(last && last.at - ended < spacingMs, 'the last state waits for nothing')
  for (const [i, call] of calls.slice(0, -1).entries()) {
    const next = calls[i + 1]
    if (next && next !== last) assert.ok(next.at - call.at >= spacingMs - 5, `${next.at - call.at} ms`)
  }
})

test('a forge that wants to be left alone is waited for, and pages say so', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  forge.fail('createCheck', ...NAMES.map(() => ({ kind: 'away' as const, afterMs: 1500 })))
  await world.openPullRequest()
  while (count(forge, 'createCheck') < NAMES.length) await sleep(20)
  await sleep(50)
  const [row] = await it.rows(1)
  assert.match(row?.waitsFor ?? '', /left alone/)
  const [run] = await world.runs()
  const { checks: told } = await world.get<{ checks: { waits_for: string | null; waits_until: number | null }[] }>(
    `/api/runs/merged/${run?.merged_run_id}`,
  )
  assert.ok(told.some((check) => check.waits_for !== null && check.waits_until !== null))
  await it.shown()
  assert.deepEqual(new Set(Object.values(forge.shown())), new Set(['success']))
  assert.deepEqual([...new Set((await it.rows()).map((r) => r.waitsFor))], [null])
})

test('without leave for checks there are statuses; without leave for those one comment', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  forge.forbidden.add('createCheck')
  await world.openPullRequest()
  await it.shown()
  const last = Object.fromEntries(forge.statuses.map(({ name, state }) => [name, state]))
  assert.deepEqual(last, { packit: 'success', [`rpm-build:${FEDORA}`]: 'success', [`rpm-build:${EPEL}`]: 'success' })
  assert.equal(count(forge, 'createCheck'), NAMES.length, 'it is asked for once')
  assert.ok((await it.rows()).every((row) => row.isStatus))

  forge.forbidden.add('setStatus')
  world.srpms.failure = { kind: 'action', message: 'x', action: 'fix-spec-file' }
  await world.openPullRequest({ number: 2 })
  await it.shown()
  assert.deepEqual(
    forge.comments.map(({ place }) => place),
    [{ on: 'pull_request', number: 2 }],
  )
  assert.match(forge.comments[0]?.body ?? '', /^\*\*packit: /)
})

test('a further attempt has check runs of its own, for what is run again', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  world.builder.endsAlone = false
  await world.openPullRequest()
  await world.settle()
  const [buildId = ''] = [...world.builder.builds.keys()]
  await world.builder.end(buildId, FEDORA, 'success')
  await world.builder.end(buildId, EPEL, 'failure', FAILED)
  await it.shown()
  world.builder.endsAlone = true
  const [run] = await world.runs()
  assert.equal((await world.post(`/api/runs/${run?.merged_run_id}/retry`)).statusCode, 202)
  await it.shown()
  // what passed is not built again: its check stays as it is
  const again = NAMES.filter((name) => !name.includes(FEDORA))
  assert.deepEqual(namesOf(forge), [...NAMES, ...again].sort())
  assert.deepEqual(new Set(Object.values(forge.shown())), new Set(['success']))
  assert.ok(forge.checks.every((check) => check.phase.status === 'completed'))
})

test('a replaced commit ends as cancelled, once; what nobody saw of it is not shown', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  world.srpms.hold()
  const pr = await world.openPullRequest()
  await it.shown()
  const old = pr.head.sha
  await world.push(pr)
  await world.settle()
  world.srpms.release()
  await it.shown()
  assert.deepEqual(new Set(Object.values(forge.shown(old))), new Set(['cancelled']))
  assert.deepEqual(new Set(Object.values(forge.shown(pr.head.sha))), new Set(['success']))
  for (const check of forge.checks.filter(({ sha }) => sha === old))
    assert.equal(check.history.filter((state) => state === 'cancelled').length, 1)
})

test('the merge queue sees the same check on the head of its group', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  const config = `specfile_path: hello.spec\njobs:\n- job: copr_build\n  trigger: commit\n  branch: "gh-readonly-queue/.*"\n  targets: [${FEDORA}]\n`
  const repository = await world.createRepository('queue', { '.packit.yaml': config, 'hello.spec': 'Name: hello\n' })
  const branch = 'gh-readonly-queue/main/pr-1-abc'
  repository.git('checkout', '--quiet', '-b', branch)
  const sha = await repository.commit({ NEWS: 'x' }, 'Merge')
  await world.deliver(
    {
      kind: 'push',
      repository: { url: repository.path, forge: 'localhost', namespace: 'acme' },
      ref: `refs/heads/${branch}`,
      before: null,
      after: sha,
    },
    { delivery: randomUUID() },
  )
  await it.shown()
  assert.equal(forge.shown(sha).packit, 'success')
})

test('in shadow mode nothing is posted, and pages say so', async () => {
  await using it = await createReportsWorld({ env: { PACKIT_SHADOW: '1' } })
  const { world, forge } = it
  await world.openPullRequest()
  await world.settle()
  assert.equal(forge.calls.length, 0)
  const rows = await it.rows()
  assert.deepEqual(new Set(rows.map((row) => row.waitsFor)), new Set(['shadow mode: nothing is posted']))
  assert.equal(rows.find((row) => row.name === 'packit')?.state, 'success')
})

test('a project that is gone from the forge is left in peace', async () => {
  await using it = await createReportsWorld()
  const { world, forge } = it
  forge.fail('createCheck', ...Array.from({ length: 50 }, () => ({ kind: 'gone' as const })))
  await world.openPullRequest()
  await it.shown()
  assert.equal(forge.checks.length, 0)
  assert.match((await it.rows())[0]?.waitsFor ?? '', /not installed there/)
})

test('a pull request with three targets needs at most 15 calls, however slowly it is built', async () => {
  const chroots = [FEDORA, EPEL, 'fedora-44-x86_64']
  await using it = await createReportsWorld({ reportTiming: { spacingMs: 1 }, chroots })
  const { world, forge } = it
  world.builder.endsAlone = false
  world.srpms.hold()
  const pr = await world.openPullRequest({
    config: `specfile_path: hello.spec\njobs:\n- job: copr_build\n  trigger: pull_request\n  targets: [${chroots.join(', ')}]\n`,
  })
  await it.shown()
  world.srpms.release()
  await world.settle()
  await sleep(300)
  const [buildId = ''] = [...world.builder.builds.keys()]
  for (const chroot of chroots) {
    await world.builder.end(buildId, chroot, 'success')
    await world.settle()
    await sleep(300)
  }
  await it.shown()
  assert.deepEqual(new Set(Object.values(forge.shown(pr.head.sha))), new Set(['success']))
  // a token, a look at the author's permission and a comment come to them: 20 are allowed
  assert.ok(forge.calls.length <= 15, `${forge.calls.length} calls`)
})
