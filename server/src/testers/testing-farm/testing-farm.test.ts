import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForbiddenError, SetupError, UnavailableError } from '../../domain/errors.ts'
import { openFarm, testToRun } from './test-world.ts'

const PUBLIC = { isInternal: false }
const INTERNAL = { isInternal: true }

test('internal tests are asked for by their own token, on their own composes', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  const id = await tester.startTest(testToRun({ isInternal: true }))

  assert.equal(farm.find(id).ranch, 'redhat')
  assert.deepEqual((farm.find(id).body.environments as { os: object }[])[0]?.os, { compose: 'Fedora-Rawhide-Nightly' })
  assert.equal((await tester.findTest(id, INTERNAL))?.state, 'pending')
  await assert.rejects(tester.findTest(id, PUBLIC), ForbiddenError)
})

test('without a token for them internal tests have a problem, and are not sent to the public ranch', async () => {
  await using world = await openFarm({ hasInternal: false })
  const asked = { target: 'fedora-rawhide-x86_64', hasPlans: true, isInternal: true }

  assert.match((await world.tester.findProblem(asked)) ?? '', /internal Testing Farm need a token/)
  await assert.rejects(world.tester.startTest(testToRun({ isInternal: true })), SetupError)
  assert.equal(world.farm.requests.length, 0)
})

test('an architecture or compose that the ranch lacks is named', async () => {
  await using world = await openFarm()
  const problem = (target: string, isInternal = false) =>
    world.tester.findProblem({ target, isInternal, hasPlans: true })

  assert.equal(
    await problem('fedora-45-s390x'),
    'The architecture s390x is not available in the public Testing Farm infrastructure.',
  )
  assert.match(
    (await problem('fedora-99-x86_64')) ?? '',
    /^The compose Fedora-99 is not available in the public Testing Farm infrastructure\./,
  )
  assert.match((await problem('host-debian-12-x86_64')) ?? '', /this machine/)
  assert.equal(await problem('fedora-45-s390x', true), null)
})

test('the compose and architecture that a configuration names are looked for instead of the target’s', async () => {
  await using world = await openFarm()
  const problem = (target: string, machine: object) =>
    world.tester.findProblem({ target, isInternal: false, hasPlans: true, extra: { environments: [machine] } })

  assert.equal(await problem('fedora-99-x86_64', { os: { compose: 'Fedora-45' } }), null)
  assert.equal(await problem('fedora-45-s390x', { arch: 'x86_64' }), null)
  assert.match(
    (await problem('fedora-45-x86_64', { os: { compose: 'Fedora-98' } })) ?? '',
    /^The compose Fedora-98 is not/,
  )
})

test('a compose that may be missing is waited for, and nothing else is left out so', async () => {
  await using world = await openFarm()
  const problem = (target: string) =>
    world.tester.findProblem({ target, isInternal: false, hasPlans: true, mayBeMissing: true })

  assert.equal(await problem('fedora-47-x86_64'), 'Compose not yet available for fedora-47. Skipping.')
  assert.equal(await problem('fedora-45-x86_64'), null)
  assert.match((await problem('fedora-47-s390x')) ?? '', /architecture s390x is not available/)
})

test('composes are asked for once by all who want them, and again after a failure', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  const ask = () => tester.findProblem({ target: 'fedora-45-x86_64', isInternal: false, hasPlans: true })
  farm.faults.add({ kind: 'bad-gateway', path: '/composes', times: 4 })

  await assert.rejects(ask(), UnavailableError)
  const asked = () => farm.asked.filter(({ path }) => path.includes('/composes/')).length
  const before = asked()
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [null, null, null])
  assert.equal(asked(), before + 1)
})

test('results are read without our token, while tests run and after; those that come late are waited for', async () => {
  let at = Date.now()
  await using world = await openFarm({ now: () => new Date(at) })
  const { farm, tester } = world
  const id = await tester.startTest(testToRun())
  farm.begin(id)
  assert.deepEqual((await tester.findTest(id, PUBLIC))?.results, null)

  farm.end(id, { results: [{ name: '/smoke', result: 'passed', seconds: 3 }], resultsAppear: 'late' })
  const late = await tester.findTest(id, PUBLIC)
  farm.publishResults(id)
  const found = await tester.findTest(id, PUBLIC)

  assert.deepEqual([late?.state, late?.endedAt], ['running', null])
  assert.match(late?.reason ?? '', /results are not there yet/)
  assert.deepEqual([found?.state, found?.results?.map(({ name }) => name)], ['success', ['/smoke']])
  assert.match(found?.webUrl ?? '', /\/artifacts\/[0-9a-f-]+$/)
  assert.equal(found?.logUrl, `${found?.webUrl}/pipeline.log`)
  const toArtifacts = farm.asked.filter(({ path }) => path.startsWith('/artifacts/'))
  assert.ok(toArtifacts.length > 0 && toArtifacts.every(({ authorization }) => authorization === undefined))

  const other = await tester.startTest(testToRun())
  farm.end(other, {})
  assert.equal((await tester.findTest(other, PUBLIC))?.state, 'running')
  at += 120_000
  const never = await tester.findTest(other, PUBLIC)
  assert.deepEqual([never?.state, never?.results], ['success', null])
})

test('results that never come end the wait of a process that has not seen it begin, too', async () => {
  let at = Date.now()
  await using world = await openFarm({ now: () => new Date(at) })
  const { farm, tester } = world
  const id = await tester.startTest(testToRun())
  farm.end(id, {})
  at += 16 * 60_000
  assert.equal((await tester.findTest(id, PUBLIC))?.state, 'success')
})

test('results that cannot be read are none, the end counts nevertheless, and the log is told', async () => {
  await using world = await openFarm()
  const { farm, tester, warnings } = world
  const id = await tester.startTest(testToRun())
  farm.begin(id)
  farm.end(id, { state: 'error', summary: 'guest lost', results: '<!DOCTYPE x [<!ENTITY a "b">]><testsuites/>' })

  const found = await tester.findTest(id, PUBLIC)

  assert.deepEqual(
    [found?.state, found?.reason, found?.isTransient, found?.results],
    ['error', 'guest lost', true, null],
  )
  assert.match(warnings[0] ?? '', /document type/)
})

test('tests that broke off themselves are not run again; those that a lost machine left unrun may be', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  const ended = async (result: string) => {
    const id = await tester.startTest(testToRun())
    farm.end(id, { overall: 'error', results: [{ name: '/deep', result }] })
    const found = await tester.findTest(id, PUBLIC)
    return [found?.state, found?.isTransient]
  }

  assert.deepEqual(await ended('error'), ['error', false])
  assert.deepEqual(await ended('pending'), ['error', true])
})

test('an early error without run or artifacts is told', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  const id = await tester.startTest(testToRun())
  farm.end(id, { state: 'error', notes: [{ level: 'error', message: 'No plans found.' }] })

  const found = await tester.findTest(id, PUBLIC)

  assert.deepEqual(
    [found?.state, found?.reason, found?.isTransient, found?.webUrl],
    ['error', 'No plans found.', false, null],
  )
})

test('cancelling once more, or what has ended, is no error; what is being cancelled counts as running', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  farm.cancelReads = 2
  const id = await tester.startTest(testToRun())
  farm.begin(id)

  await tester.cancelTest(id, PUBLIC)
  await tester.cancelTest(id, PUBLIC)
  const states = []
  for (let i = 0; i < 3; i++) states.push((await tester.findTest(id, PUBLIC))?.state)
  const ended = await tester.startTest(testToRun())
  farm.end(ended)
  await tester.cancelTest(ended, PUBLIC)
  await tester.cancelTest('00000000-0000-4000-8000-00000000dead', PUBLIC)

  assert.deepEqual(states, ['running', 'running', 'canceled'])
  assert.equal(farm.find(ended).state, 'complete')
})
