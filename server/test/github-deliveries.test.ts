// Every delivery that GitHub is known to send goes through the real webhook, and so do broken ones.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Delivery, listDeliveries } from '../src/db/deliveries.ts'
import { NotFoundError } from '../src/domain/errors.ts'
import { readEvent } from '../src/events/read-event.ts'
import { sign } from '../src/forges/signature.ts'
import type { Mirrors } from '../src/git/mirrors.ts'
import { readExamples } from './github-examples.ts'
import { MemoryForge } from './memory-forge.ts'
import { createWorld, SECRET, type World } from './world.ts'

/** What each event and action means: `kind action` of ours, or why it is not wanted; a list where examples differ. */
const EXPECTED: Record<string, string | string[]> = JSON.parse(
  readFileSync(new URL('./vectors/github-deliveries.json', import.meta.url), 'utf8'),
)

const EXAMPLES = readExamples()

function send(world: World, event: string, id: string, body: unknown) {
  const payload = JSON.stringify(body)
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': id,
    'x-hub-signature-256': sign(SECRET, payload),
  }
  return world.http.inject({ method: 'POST', url: '/api/webhooks/github', headers, payload })
}

/** GitHub's own repositories are out of reach of a test: each commit is gone. */
function createUnreachable(): Promise<World> {
  const gone = async () => {
    throw new NotFoundError('the commit is gone')
  }
  const mirrors = { fetchCommit: gone, findBranches: gone, findDefaultBranch: gone } as unknown as Mirrors
  const forge = new MemoryForge('github.com')
  return createWorld({
    allowed: ['github.com'],
    replace: { mirrors, findForge: (host) => (host === forge.host ? forge : undefined) },
  })
}

async function describe(delivery: Delivery, world: World): Promise<string> {
  if (delivery.decision === 'not wanted') return `not wanted: ${delivery.reasons[0]}`
  const event = await readEvent(delivery, world.service.events)
  if (typeof event === 'string') return event
  return 'action' in event ? `${event.kind} ${event.action}` : event.kind
}

test('each delivery that GitHub is known to send is taken, and means what its row says', async () => {
  await using world = await createUnreachable()
  const seen: Record<string, number> = {}
  for (const [i, { row, event, body }] of EXAMPLES.entries()) {
    const answer = await send(world, event, `example-${i}`, body)
    const wanted = EXPECTED[row]
    assert.ok(wanted !== undefined, `${row} has no row in vectors/github-deliveries.json`)
    seen[row] = (seen[row] ?? -1) + 1
    const expected = typeof wanted === 'string' ? wanted : wanted[seen[row]]
    assert.equal(answer.statusCode, expected === 'ping' ? 200 : 202, `${row}: ${answer.body}`)
    if (expected === 'ping') continue
    const [stored] = await listDeliveries(world.service.database.db, 1)
    assert.equal(stored && (await describe(stored, world)), expected, row)
  }
  assert.deepEqual(
    Object.keys(EXPECTED).filter((row) => seen[row] === undefined),
    [],
    'rows without an example',
  )
  await world.settle()

  const decided = await listDeliveries(world.service.database.db, 10_000)
  const open = decided.filter(
    ({ state, event }) => state !== 'decided' && !(state === 'refused' && event === 'merge_group'),
  )
  assert.deepEqual([...new Set(open.map(({ event, action, state }) => `${event} ${action} ${state}`))], [])
  for (const { decision, reasons, event } of decided)
    if (decision === 'nothing to do') assert.ok(reasons[0], `${event} says why`)
})

type Json = Record<string, unknown>

/** Paths of all fields of a body, those of the first item of lists included. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value as Json).flatMap(([key, child]) => [[...path, key], ...pathsOf(child, [...path, key])])
}

function change(body: Json, path: readonly string[], value: unknown): Json {
  const copy = structuredClone(body)
  let place = copy
  for (const key of path.slice(0, -1)) place = place[key] as Json
  const last = path.at(-1) ?? ''
  if (value === undefined) delete place[last]
  else place[last] = value
  return copy
}

const HOSTILE = [
  undefined,
  null,
  '',
  0,
  -1,
  1e300,
  true,
  [],
  {},
  [null],
  '\0',
  'a/../b',
  '-x',
  '$(id)',
  'x'.repeat(70_000),
]

test('a delivery with a field that is missing or wrong is refused by the name of the field, or decided', async () => {
  await using world = await createUnreachable()
  const used = EXAMPLES.filter(({ row }) => !String(EXPECTED[row]).startsWith('not wanted') && EXPECTED[row] !== 'ping')
  let sent = 0
  const broken = fc.constantFrom(...used).chain(({ event, body }) =>
    fc.record({
      event: fc.constant(event),
      body: fc
        .tuple(fc.constantFrom(...pathsOf(body)), fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue()))
        .map(([path, value]) => change(body as Json, path, value)),
    }),
  )
  await fc.assert(
    fc.asyncProperty(broken, async ({ event, body }) => {
      sent += 1
      const answer = await send(world, event, `broken-${sent}`, body)
      assert.ok([202, 400].includes(answer.statusCode), `${answer.statusCode}: ${answer.body}`)
      if (answer.statusCode === 400)
        assert.match(answer.body, /(^|["`(])[a-z_.[\]0-9]+ (must|is not|has)|full_name must be/, answer.body)
    }),
    { numRuns: 150 },
  )
  await world.settle()
  const failed = (await listDeliveries(world.service.database.db, 10_000)).filter(({ state }) => state === 'failed')
  assert.deepEqual(
    failed.map(({ event, reasons }) => [event, reasons]),
    [],
  )
})
