import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { requestBuildCancel, requestSrpmCancel } from '../src/db/builds.ts'
import { backends, buildTargets, srpmBuilds, testTargets } from '../src/db/schema.ts'
import { moveTest, requestTestCancel } from '../src/db/tests.ts'
import { installLines } from '../src/domain/repository.ts'
import type { Queue } from '../src/jobs/queue.ts'
import { tellBackend } from '../src/jobs/tell-backend.ts'
import { type Api, createApi } from './api-world.ts'

let api: Api
before(async () => {
  api = await createApi({ publicUrl: 'https://packit.example/ci' })
  await api.storage.put('srpm/2/build.log', 'oop')
})
after(() => api[Symbol.asyncDispose]())

test('a run tells its steps in order, with times to the fraction', async () => {
  const run = await api.json('/api/runs/merged/1')
  const steps = run.steps.map((step: { kind: string; name: string; state: string }) => [
    step.kind,
    step.name,
    step.state,
  ])
  assert.deepEqual(steps, [
    ['decision', 'Decision', 'success'],
    ['srpm', 'SRPM', 'success'],
    ['build', 'fedora-43-x86_64', 'success'],
    ['build', 'fedora-42-x86_64', 'failure'],
    ['build', 'host-debian-12-x86_64', 'running'],
    ['repository', 'Repository', 'success'],
    ['repository', 'Repository', 'pending'],
    ['test', 'fedora-43-x86_64', 'failure'],
    ['test', 'fedora-43-x86_64', 'running'],
  ])
  assert.deepEqual([run.steps[0].queued_at, run.steps[2].ended_at], [1780000099.5, 1780000110.75])
  assert.deepEqual(
    [run.steps[2].log, run.steps[2].page, run.steps[2].log_size],
    ['/api/copr-builds/11/log', '/jobs/copr/11', 5],
  )
})

test('a run says how its packages are installed, from its own repository', async () => {
  const run = await api.json('/api/runs/merged/1')
  const folder = 'https://packit.example/ci/repos/acme-hello-41/runs/1/fedora-43-x86_64'
  assert.deepEqual(run.install, installLines(`${folder}/acme-hello-41.repo`, ['hello']))
  assert.deepEqual(run.repository, {
    name: 'acme-hello-41',
    url: folder,
    repo_file: `${folder}/acme-hello-41.repo`,
    published_at: 1780000111,
  })
  assert.equal(run.steps[2].files[0].url, `${folder}/hello-1-1.x86_64.rpm`)
  assert.equal(run.install_note, 'The packages are not signed (gpgcheck=0).')
  assert.deepEqual((await api.json('/api/copr-builds/11')).install, run.install)
  assert.deepEqual((await api.json('/api/runs/merged/3')).install, [], 'nothing was published')
})

test('why a run failed is told with the step and its lines', async () => {
  const { causes } = await api.json('/api/runs/merged/3')
  assert.deepEqual(causes, [
    {
      step: 'srpm',
      id: 2,
      target: null,
      kind: 'spec',
      section: '%prep',
      summary: 'no spec file',
      line: 3,
      lines: [{ number: 3, text: 'oops' }],
      page: '/jobs/srpm/2',
    },
  ])
})

test('the decision is told, the configuration is not', async () => {
  const answer = await api.get('/api/runs/merged/1')
  assert.equal(answer.json().decision.summary, '2 of 3 jobs were chosen to run.')
  assert.equal(answer.json().decision.jobs[0].trigger, 'pull_request')
  assert.ok(!answer.body.includes('never shown'))
})

test('a run knows what replaced it, its siblings, and its place in the queue', async () => {
  assert.equal((await api.json('/api/runs/merged/5')).superseded_by, 1)
  assert.deepEqual((await api.json('/api/runs/merged/3')).siblings, [
    { merged_run_id: 1, package: 'hello', state: 'running' },
  ])
  assert.equal((await api.json('/api/runs/merged/7')).queue.position, 2)
  assert.equal((await api.json('/api/runs/merged/1')).queue, null)
})

test('any pipeline of a run finds the whole run; an id that is none finds nothing', async () => {
  assert.equal((await api.json('/api/runs/merged/6')).merged_run_id, 1)
  assert.equal((await api.json('/api/runs/6')).run_id, 6)
  const missing = await api.get('/api/runs/merged/99')
  assert.deepEqual([missing.statusCode, missing.json().error], [404, 'No run has been found in DB'])
})

test('rows that lost what they hang on answer without a trigger', async () => {
  assert.deepEqual((await api.json('/api/runs/merged/8')).trigger, {})
  assert.deepEqual((await api.json('/api/runs/9')).trigger, {})
  const dangling = await api.json('/api/copr-builds/16')
  assert.ok(!('project_url' in dangling))
  assert.deepEqual([dangling.run_ids, dangling.srpm_build_id, dangling.state], [[], null, 'success'])
  assert.equal((await api.json('/api/runs/merged/10')).trigger.anitya_version, '2.1')
})

test('an SRPM gives older clients the end of its log, and the address of the whole', async () => {
  const srpm = await api.json('/api/srpm-builds/2')
  assert.deepEqual(
    [srpm.logs, srpm.logs_url, srpm.status, srpm.build_finished_time],
    ['oop', 'https://packit.example/ci/api/srpm-builds/2/log', 'failure', 1780000103],
  )
  const waiting = await api.json('/api/srpm-builds/5')
  assert.deepEqual([waiting.logs, waiting.log, waiting.state], [null, null, 'pending'])
})

test('a build stands in the list as its chroots together, with a builder id as text', async () => {
  const builds = await api.json('/api/copr-builds')
  const merged = builds.find((build: { packit_id: number }) => build.packit_id === 11)
  assert.deepEqual(
    [merged.build_id, merged.state, merged.ended_at, merged.status_per_chroot],
    ['9104421', 'failure', 1780000110.75, { 'fedora-43-x86_64': 'success', 'fedora-42-x86_64': 'failure' }],
  )
  assert.deepEqual((await api.json('/api/copr-builds/groups/1')).build_target_ids, [11, 12])
  const waiting = await api.json('/api/copr-builds/15')
  assert.deepEqual([waiting.status, waiting.state, waiting.build_id], ['waiting_for_srpm', 'pending', '4'])
})

test('a pull request has its newest run of each package, not the one that was replaced', async () => {
  const [pull] = await api.json('/api/projects/github.com/acme/hello/prs')
  assert.deepEqual([pull.pr_id, pull.title, pull.open], [41, 'Say hello louder', true])
  assert.deepEqual(
    pull.latest.map((run: { merged_run_id: number; state: string }) => [run.merged_run_id, run.state]),
    [
      [1, 'running'],
      [3, 'failure'],
    ],
  )
  assert.deepEqual(await api.json('/api/projects/github.com/acme/hello/issues'), [102, 99])
  assert.deepEqual(await api.json('/api/projects/github.com/acme/hello/releases'), [
    { tag_name: '1.0', commit_hash: 'feed1000', latest: [] },
  ])
  assert.equal((await api.json('/api/projects/github.com/acme/hello/branches'))[0].koji_builds[0].task_id, '134567890')
})

test('a delivery tells what was decided and why, nothing of its body', async () => {
  assert.deepEqual(await api.json('/api/deliveries/1'), {
    id: 1,
    forge: 'github',
    delivery_id: 'abc-1',
    event: 'pull_request',
    action: 'synchronize',
    received_at: 1780000099.5,
    state: 'decided',
    decision: '2 of 3 jobs were chosen to run.',
    reasons: ['tests: no such job'],
    project: 'github.com/acme/hello',
    event_id: 1,
    runs: [1, 3],
  })
  assert.equal((await api.json('/api/deliveries/2')).decision, 'Not decided yet.')
})

test('what is cancelled and goes on meanwhile says so, and who asked for it; what has ended does not', async () => {
  const running = (await api.json('/api/runs/merged/1')).steps[4]
  const { db } = api.database
  const [row] = await db.select().from(buildTargets).where(eq(buildTargets.id, running.id))
  await requestBuildCancel(db, row?.buildRowId ?? 0, 'cancelled by ann')
  await requestSrpmCancel(db, 1, 'cancelled by ann')
  await requestTestCancel(db, 22, 'cancelled by ann')

  const { steps } = await api.json('/api/runs/merged/1')
  const said = steps.map((step: { kind: string; cancel_reason: string | null; reason: string | null }) =>
    step.cancel_reason === null ? null : [step.kind, step.cancel_reason, step.reason],
  )
  const cancelling = ['cancelled by ann', 'Cancelling: cancelled by ann']
  assert.deepEqual(
    said.filter((one: string[] | null) => one),
    [
      ['build', ...cancelling],
      ['test', ...cancelling],
    ],
  )
  for (const url of [`/api/copr-builds/${running.id}`, '/api/testing-farm/22']) {
    const { cancel_reason, reason } = await api.json(url)
    assert.deepEqual([cancel_reason, reason], cancelling, url)
  }
  assert.equal((await api.json('/api/srpm-builds/1')).cancel_reason, null)

  // it may begin to run meanwhile
  await db.update(testTargets).set({ state: 'running' }).where(eq(testTargets.id, 22))
  const test = { id: 22, state: 'running', tries: 0 } as const
  await moveTest(db, test, { state: 'running' })
  assert.equal((await api.json('/api/testing-farm/22')).status, 'cancel-requested')
  await moveTest(db, test, { state: 'canceled', reason: 'cancelled by ann', endedAt: new Date() })
  const { status, cancel_reason } = await api.json('/api/testing-farm/22')
  assert.deepEqual([status, cancel_reason], ['canceled', null])
})

test('what waits for somebody who does not answer says so: the SRPM that is made in Copr, tests, and not what waits for them', async () => {
  const { db } = api.database
  await db.insert(backends).values([
    { name: 'copr', state: 'open', since: new Date() },
    { name: 'testing-farm', state: 'open', since: new Date() },
  ])
  await db
    .update(srpmBuilds)
    .set({ state: 'running', coprBuildId: '7', cancelReason: null })
    .where(eq(srpmBuilds.id, 1))
  await db
    .update(testTargets)
    .set({ state: 'running', reason: null, cancelReason: null, readyAt: new Date() })
    .where(eq(testTargets.id, 22))
  const { steps } = await api.json('/api/runs/merged/1')
  const waiting = steps.filter(({ reason }: { reason: string | null }) => reason?.startsWith('Waiting for '))
  assert.deepEqual(
    waiting.map(({ kind, reason }: { kind: string; reason: string }) => [kind, reason.split(',')[0]]),
    [
      ['srpm', 'Waiting for Copr'],
      ['test', 'Waiting for Testing Farm'],
    ],
  )
  const added: unknown[] = []
  const queue = { add: async (_tx: unknown, kind: string, data: unknown) => void added.push([kind, data]) }
  const deps = { database: api.database, queue: queue as unknown as Queue, now: () => new Date(), atOnce: 1 }
  await tellBackend({ backend: 'testing-farm' }, deps)
  // the rest in a job of its own, until there is none
  const rest = ['tell-backend', { backend: 'testing-farm', after: 1 }]
  assert.deepEqual(added.splice(0), [['report-event', { eventId: 1 }], rest])
  await tellBackend({ backend: 'testing-farm', after: 1 }, deps)
  assert.deepEqual(added, [])
})
