// The simulated day of the benchmarks: its plan, and what it takes for a difference.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { HeldState } from '../../bench/day/fakes.ts'
import { judgeSizes, type TableSizes } from '../../bench/day/figures.ts'
import { FAULTS, type Fault, openGateway } from '../../bench/day/gateway.ts'
import { judge, type KeptRun } from '../../bench/day/kept.ts'
import { openLossy } from '../../bench/day/lossy.ts'
import { type ComparedRun, findDifferences } from '../../bench/day/outcomes.ts'
import { CHROOTS, fateOf, planDay, randomOf, SHARES } from '../../bench/day/schedule.ts'

test('a day has as many runs as wanted, by time, and is the same each time', () => {
  for (const runs of [1, 7, 5000]) {
    const day = planDay(runs, 20)
    assert.deepEqual(day, planDay(runs, 20))
    assert.deepEqual(
      day.map(({ number }) => number),
      Array.from({ length: runs }, (_, i) => i + 1),
    )
    assert.ok(day.every(({ minute }, i) => minute >= (day[i - 1]?.minute ?? 0) && minute <= 24 * 60))
    assert.ok(day.every(({ project }) => project >= 0 && project < 20))
  }
})

test('by day there is more to do than at night, and some projects have more than others', () => {
  const day = planDay(5000, 20)
  const within = (from: number, to: number) =>
    day.filter(({ minute }) => minute >= from * 60 && minute < to * 60).length
  assert.ok(within(14, 17) > 3 * within(0, 3), `${within(14, 17)} and ${within(0, 3)}`)
  const of = (wanted: number) => day.filter(({ project }) => project === wanted).length
  assert.ok(of(0) > 2 * of(19), `${of(0)} and ${of(19)}`)
})

test('how a build and its tests go is settled by names, in the shares that are wanted', () => {
  assert.deepEqual(fateOf('acme-1', 'fedora-43-x86_64'), fateOf('acme-1', 'fedora-43-x86_64'))
  const fates = Array.from({ length: 4000 }, (_, i) => CHROOTS.map((chroot) => fateOf(`acme-${i}`, chroot))).flat()
  const share = (isIt: (fate: (typeof fates)[number]) => boolean) => fates.filter(isIt).length / fates.length
  const near = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 0.01, `${found}, not ${wanted}`)
  near(
    share(({ build }) => build === 'fails'),
    SHARES.buildFails,
  )
  near(
    share(({ test: its }) => its === 'fails'),
    SHARES.testFails,
  )
  for (const isIt of [
    ({ build }) => build === 'sticks',
    ({ test: its }) => its === 'sticks',
    ({ test: its }) => its === 'breaks',
  ] satisfies ((fate: (typeof fates)[number]) => boolean)[]) {
    near(share(isIt), 0.01)
    assert.ok(share(isIt) > 0)
  }
  assert.ok(fates.every(({ buildMinutes, testMinutes }) => buildMinutes > 0 && testMinutes > 0 && buildMinutes < 600))
})

const AGREED: ComparedRun = {
  name: 'acme/hello#1',
  held: {
    builds: { 'fedora-43-x86_64': 'success', 'epel-9-x86_64': 'failure' },
    tests: { 'fedora-43-x86_64': 'error' },
  },
  kept: {
    state: 'failure',
    builds: { 'fedora-43-x86_64': 'success', 'epel-9-x86_64': 'failure' },
    tests: { 'fedora-43-x86_64': 'error' },
  },
  shown: [
    { name: 'rpm-build:fedora-43-x86_64', status: 'completed', conclusion: 'success' },
    { name: 'rpm-build:epel-9-x86_64', status: 'completed', conclusion: 'failure' },
    { name: 'testing-farm:fedora-43-x86_64', status: 'completed', conclusion: 'neutral' },
    { name: 'packit', status: 'completed', conclusion: 'failure' },
  ],
}

test('a run on which all agree has no difference', () => {
  assert.deepEqual(findDifferences([AGREED]), [])
})

test('each kind of difference is found, and names its run', () => {
  const { held, kept, shown } = AGREED
  assert.ok(kept)
  const [first, second, third, stable] = shown
  assert.ok(first && second && third && stable)
  const cases: [Partial<ComparedRun>, RegExp][] = [
    [{ kept: undefined }, /knows no run/],
    [{ kept: { ...kept, state: 'running' } }, /has not ended \(running\)/],
    [{ kept: { ...kept, state: null } }, /has not ended \(no state\)/],
    [
      { held: { ...held, builds: { ...held.builds, 'epel-9-x86_64': 'success' } } },
      /build of epel-9-x86_64 is failure here, and success there/,
    ],
    [{ held: { ...held, tests: {} } }, /test of fedora-43-x86_64 is error here, and unknown there/],
    [
      { held: { ...held, tests: { ...held.tests, 'epel-9-x86_64': 'success' } } },
      /test of epel-9-x86_64 is unknown here/,
    ],
    [{ shown: [first, second, stable] }, /check testing-farm:fedora-43-x86_64 is missing/],
    [{ shown: [first, second, third] }, /check packit is missing/],
    [{ shown: [...shown, first] }, /check rpm-build:fedora-43-x86_64 is there 2 times/],
    [
      { shown: [{ ...first, status: 'in_progress' }, second, third, stable] },
      /check rpm-build:fedora-43-x86_64 has not ended/,
    ],
    [
      { shown: [{ ...first, conclusion: 'neutral' }, second, third, stable] },
      /check rpm-build:fedora-43-x86_64 is neutral, not success/,
    ],
    [
      { shown: [first, second, third, { ...stable, conclusion: 'success' }] },
      /check packit is success, though not all went well/,
    ],
  ]
  for (const [change, expected] of cases) {
    const found = findDifferences([{ ...AGREED, ...change }])
    assert.ok(
      found.some((line) => line.startsWith('acme/hello#1: ') && expected.test(line)),
      `${expected}: ${found.join('\n')}`,
    )
  }
})

test('through the gateway a request is answered, refused, cut before it was done, or cut after', async () => {
  let taken = 0
  const server = createServer((request, response) => {
    taken += 1
    request.pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = async (fault: Fault | undefined) => {
    const random = () => (fault ? FAULTS.indexOf(fault) * 0.01 : 0.5)
    await using gateway = await openGateway({ target, faults: FAULTS, share: 0.01, random, holdMs: 5 })
    const before = taken
    const answer = await fetch(`${gateway.url}/path`, { method: 'POST', body: 'words' }).then(
      async (response) => `${response.status} ${response.status === 200 ? await response.text() : ''}`,
      () => 'cut',
    )
    assert.equal(gateway.counts[fault ?? 'passed'], 1)
    return [answer.trim(), taken - before]
  }
  assert.deepEqual(await ask(undefined), ['200 words', 1])
  assert.deepEqual(await ask('bad-gateway'), ['502', 0])
  assert.deepEqual(await ask('timed-out'), ['cut', 0])
  assert.deepEqual(await ask('dropped'), ['cut', 0])
  assert.deepEqual(await ask('answer-lost'), ['cut', 1])
  server.close()
})

test('of a thousand messages some get lost, some come twice, and they come in another order', async () => {
  const lossy = openLossy({ share: 0.05, lateMs: 5, random: randomOf('messages') })
  const arrived: number[] = []
  const numbers = Array.from({ length: 1000 }, (_, i) => i)
  await Promise.all(
    numbers.map((i) =>
      lossy.send(async () => {
        arrived.push(i)
      }),
    ),
  )
  const { sent, lost, doubled } = lossy.counts
  assert.equal(sent, 1000)
  assert.ok(lost > 20 && doubled > 20, `${lost} lost, ${doubled} doubled`)
  assert.equal(arrived.length, sent - lost + doubled)
  assert.notDeepEqual(
    arrived,
    arrived.toSorted((a, b) => a - b),
  )
})

const check = (name: string, conclusion: string) => ({ name, status: 'completed', conclusion })
const HELD: HeldState = {
  builds: [{ id: 7, project: 'group-1-hello-1', isCanceled: false, chroots: { f: 'succeeded', e: 'failed' } }],
  requests: [
    { id: 'broke', buildId: 7, chroot: 'f', state: 'error', overall: null },
    { id: 'good', buildId: 7, chroot: 'f', state: 'complete', overall: 'passed' },
  ],
  pulls: [
    {
      ...{ name: 'group-1/hello', number: 1 },
      checks: [
        check('rpm-build:f', 'success'),
        check('rpm-build:e', 'failure'),
        check('testing-farm:f', 'success'),
        check('testing-farm:e', 'skipped'),
        check('packit', 'failure'),
      ],
    },
  ],
  violations: [],
}
const KEPT: KeptRun = {
  ...{ name: 'group-1/hello', number: 1, states: ['failure'], buildIds: ['7'] },
  builds: { f: 'success', e: 'failure' },
  tests: { f: 'success', e: 'skipped' },
  requestIds: { f: 'good', e: null },
}

test('a day on which all agree has no problem: what broke was asked for once more, what was not built is not tested', () => {
  assert.deepEqual(judge(1, HELD, [KEPT]), [])
})

test('a build that was started twice, one that is nobody’s, and tests that were asked for twice are found', () => {
  const [build] = HELD.builds
  const [broke, good] = HELD.requests
  assert.ok(build && broke && good)
  const cases: [HeldState, readonly KeptRun[], RegExp][] = [
    [{ ...HELD, builds: [build, { ...build, id: 8 }] }, [KEPT], /group-1-hello-1: 2 builds were started: 7, 8/],
    [{ ...HELD, builds: [build, { ...build, id: 8 }] }, [KEPT], /build 8 is nobody's/],
    [{ ...HELD, requests: [{ ...good, id: 'first' }, good] }, [KEPT], /build 7 in f were asked for 2 times/],
    [HELD, [{ ...KEPT, states: ['failure', 'success'] }], /it has not ended/],
    [HELD, [{ ...KEPT, requestIds: { f: 'broke', e: null } }], /the test of f is success here, and error there/],
    [{ ...HELD, violations: ['strange'] }, [KEPT], /GitHub does not describe this/],
  ]
  for (const [held, kept, expected] of cases) {
    const found = judge(1, held, kept)
    assert.ok(
      found.some((line) => expected.test(line)),
      `${expected}: ${found.join('; ')}`,
    )
  }
  assert.match(judge(2, HELD, [KEPT]).join('; '), /1 of 2 pull requests were opened/)
})

test('memory and tables that grow without bounds are found', () => {
  const sizes: TableSizes = {
    ...{
      queueBytes: 0,
      ownBytes: 0,
      queueRows: 900,
      deadRows: 5000,
      liveRows: 5000,
      waiting: 0,
      active: 0,
      oldestMs: 0,
    },
  }
  const usual = { sizes, webBytes: 2e8, workerBytes: [2e8] }
  assert.deepEqual(judgeSizes(10, [usual]), [])
  assert.match(judgeSizes(1, [usual]).join(), /900 jobs for 1/)
  assert.match(judgeSizes(10, [{ ...usual, sizes: { ...sizes, deadRows: 50_000 } }]).join(), /45000 more dead rows/)
  assert.match(judgeSizes(10, [{ ...usual, workerBytes: [2e8, 2e9] }]).join(), /holds 1907 MB/)
})
