import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import { FakeTester } from '../src/testers/fake.ts'
import { createCommentsWorld } from './comments-world.ts'
import { until } from './until.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'
const STREAM = 'centos-stream-10-x86_64'
const CONFIG = `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: pull_request, targets: [${FEDORA}, ${EPEL}]}
- {job: tests, trigger: pull_request, targets: [${FEDORA}, ${EPEL}]}
- {job: tests, trigger: pull_request, identifier: own, skip_build: true, fmf_url: 'https://example.org/plans', targets: [${FEDORA}]}
`
const BUILD_ONLY = `specfile_path: hello.spec
jobs: [{job: copr_build, trigger: pull_request, targets: [${FEDORA}]}]
`

test('each way to have tests run again runs these tests and builds nothing that is there', async () => {
  const tester = new FakeTester()
  await using w = await createCommentsWorld({
    replace: { tester, testTiming: { firstRetryMs: 1, longestPollMs: 1000 } },
  })
  const { world } = w
  const newest = async () => (await world.runs()).at(-1)
  /** The requests that were made since the last call, as `<target> <chroots>`. */
  let seen = 0
  const asked = () => {
    const all = [...tester.requests.values()].slice(seen)
    seen += all.length
    return all.map(({ test: one }) => `${one.target} ${one.builds.map(({ chroot }) => chroot).join(' ')}`.trim()).sort()
  }

  // tests that bring along what they test don't wait for builds
  world.builder.endsAlone = false
  tester.endsAlone = false
  const pr = await world.openPullRequest({ config: CONFIG })
  await until('what needs no build is tested', () => tester.requests.size === 1)
  await world.settle()
  const [own = ''] = tester.of(FEDORA)
  assert.equal(tester.requests.get(own)?.test.plans?.url, 'https://example.org/plans')
  assert.deepEqual(asked(), [FEDORA])
  const [buildId = ''] = [...world.builder.builds.keys()]
  for (const chroot of [FEDORA, EPEL]) await world.builder.end(buildId, chroot, 'success')
  await until('what was built is tested', () => tester.requests.size === 3)
  assert.deepEqual(asked(), [`${STREAM} ${EPEL}`, `${FEDORA} ${FEDORA}`])
  for (const [id, { test: one }] of tester.requests) tester.end(id, one.target === STREAM ? 'failure' : 'success')
  await until('the run has ended', async () => (await newest())?.state === 'failure')
  tester.endsAlone = true
  world.builder.endsAlone = true

  // a retry of a run of which only tests failed
  const answer = await world.post(`/api/runs/${(await newest())?.merged_run_id}/retry`)
  assert.equal(answer.statusCode, 202)
  await until('what failed is tested again', () => tester.requests.size === 4)
  await until('the run has ended', async () => (await newest())?.state === 'success')
  await world.settle()
  assert.deepEqual(asked(), [`${STREAM} ${EPEL}`])

  // the button of a check
  const { event_id: eventId } = await world.get<{ event_id: number }>(
    `/api/runs/merged/${(await newest())?.merged_run_id}`,
  )
  await w.rerun(pr, eventId, `testing-farm:${FEDORA}`)
  await until('its tests are run again', () => tester.requests.size === 5)
  await w.rerun(pr, eventId, `testing-farm:${FEDORA}:own`)
  await until('these are run again', () => tester.requests.size === 6)
  await world.settle()
  assert.deepEqual(asked(), [FEDORA, `${FEDORA} ${FEDORA}`])
  await w.rerun(pr, eventId, `testing-farm:${FEDORA}`, 'mallory')
  assert.match(await w.decision(), /^refused: /)
  assert.equal((await world.checks(eventId)).packit, 'success')
  assert.equal(world.builder.builds.size, 1)

  // the packages of another pull request come along; those that are not there are named
  const other = await world.openPullRequest({ config: BUILD_ONLY, number: 7 })
  await until('it is built', async () => (await newest())?.state === 'success')
  await world.settle()
  const name = `acme/${basename(other.repository.path)}#7`
  await w.comment(pr, `/packit test ${name}`)
  await until('both are tested', async () => (await newest())?.state === 'failure')
  await world.settle()
  assert.equal(world.builder.builds.size, 2)
  const last = [...tester.requests.values()].at(-1)?.test.builds
  assert.equal(last?.at(-1)?.srpm, null)
  assert.deepEqual(asked(), [`${FEDORA} ${FEDORA}`, `${FEDORA} ${FEDORA} ${FEDORA}`])
  const tests = await world.get<{ target: string; reason: string | null }[]>('/api/testing-farm/results')
  assert.equal(
    tests.find(({ target }) => target === STREAM)?.reason,
    `${name} has no packages for ${EPEL}: build it first`,
  )
})

test('what this machine tests of its own build is worth a check, and never makes the wanted targets look tested', async () => {
  const host = 'host-debian-12-x86_64'
  const tester = new FakeTester('local')
  await using w = await createCommentsWorld({ chroots: [host], replace: { tester } })
  const { world } = w
  const newest = async () => (await world.runs()).at(-1)
  const pr = await world.openPullRequest({ config: CONFIG.split('\n').slice(0, 4).join('\n') })
  await until('the run has ended', async () => (await newest())?.state === 'skipped')
  await world.settle()
  const { event_id: eventId } = await world.get<{ event_id: number }>(
    `/api/runs/merged/${(await newest())?.merged_run_id}`,
  )
  const checks = {
    [`rpm-build:${FEDORA}`]: 'skipped',
    [`rpm-build:${EPEL}`]: 'skipped',
    [`rpm-build:${host}`]: 'success',
    [`testing-farm:${FEDORA}`]: 'skipped',
    [`testing-farm:${STREAM}`]: 'skipped',
    [`testing-farm:${host}`]: 'success',
    packit: 'skipped',
  }
  assert.deepEqual(await world.checks(eventId), checks)

  // tests by themselves, too
  await w.comment(pr, '/packit test')
  await until('it is tested again', () => tester.requests.size === 2)
  await world.settle()
  const run = await newest()
  assert.deepEqual(
    [run?.state, run?.reason],
    ['skipped', `not tested: ${FEDORA} was not built, this installation builds for ${host}`],
  )
  assert.deepEqual(await world.checks(eventId), checks)
  assert.deepEqual([...tester.places.keys()], [host])
})
