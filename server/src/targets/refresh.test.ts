import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UnavailableError } from '../domain/errors.ts'
import { makeTargetTable, parseTargetLists } from '../domain/target-table.ts'
import { expandTargets } from '../domain/targets.ts'
import { createTargetSource } from './client.ts'
import { type FakeRelease, FakeTargetServer } from './fake.ts'
import { readTargetLists } from './refresh.ts'
import { builtInLists } from './table.ts'

const release = (version: string, branch: string, state = 'current', set: Partial<FakeRelease> = {}): FakeRelease => ({
  name: `F${version}`,
  id_prefix: 'FEDORA',
  version,
  branch,
  state,
  ...set,
})
const epel = (version: string, branch: string) =>
  release(version, branch, 'current', { name: `EPEL-${version}`, id_prefix: 'FEDORA-EPEL' })

/** A year later: Fedora 46 is out, 47 was branched, 48 is rawhide; with what else Bodhi lists. */
async function openSources() {
  const server = await FakeTargetServer.start()
  server.releases = [
    release('48', 'rawhide', 'pending'),
    release('45', 'f45'),
    release('46', 'f46'),
    release('47', 'rawhide', 'frozen'),
    release('44', 'f44', 'archived'),
    release('eln', 'eln', 'pending', { name: 'ELN' }),
    release('46', 'f46', 'current', { id_prefix: 'FEDORA-FLATPAK' }),
    epel('9', 'epel9'),
    epel('10.3', 'epel10.3'),
    epel('10.4', 'epel10'),
  ]
  server.chroots = [...builtInLists.chroots, 'fedora-46-x86_64', 'fedora-47-x86_64', 'a strange name']
  const source = createTargetSource({ bodhiUrl: server.url, coprUrl: server.url, timeoutMs: 300 })
  const read = (signal?: AbortSignal) => readTargetLists(source, builtInLists, new Date('2027-11-25T04:00:00Z'), signal)
  return { server, read, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('aliases follow the releases of Bodhi, all pages of them, and the chroots of Copr', async () => {
  await using sources = await openSources()
  const table = makeTargetTable(await sources.read())
  const expand = (name: string) => expandTargets([name], table).chroots.join(' ')

  assert.equal(table.asOf, '2027-11-25')
  assert.equal(expand('fedora-stable'), 'fedora-45-x86_64 fedora-46-x86_64')
  assert.equal(expand('fedora-latest'), 'fedora-47-x86_64')
  assert.equal(expand('fedora-development'), 'fedora-47-x86_64 fedora-rawhide-x86_64')
  assert.equal(expand('epel-10-all'), 'rhel+epel-10-x86_64 epel-10-x86_64')
  assert.equal(expand('f47'), 'fedora-47-x86_64')
  // what has left is known by name
  assert.equal(expand('f43'), 'fedora-43-x86_64')
  assert.equal(expandTargets(['a strange name'], table).unknown.length, 1)
  assert.deepEqual(
    sources.server.asked.filter((url) => url.startsWith('/releases/')).map((url) => /page=(\d)$/.exec(url)?.[1]),
    ['1', '2', '3'],
  )
})

test('what can not be had or believed is a source that is away, and says which', async () => {
  await using sources = await openSources()
  const { server } = sources
  const refused = (message: RegExp) =>
    assert.rejects(sources.read(), (error) => error instanceof UnavailableError && message.test(error.message))

  server.fault = { status: 502, body: 'Bad Gateway' }
  await refused(/\/releases\/.*: it answered 502$/)
  server.fault = { status: 200, body: '<html>' }
  await refused(/the answer is no JSON/)
  server.fault = { status: 200, body: '{"releases": 1}' }
  await refused(/the answer has no list of releases/)
  server.fault = { status: 200, body: '{"releases": [{"id_prefix": "FEDORA", "state": "current", "version": "x"}]}' }
  await refused(/has no version or branch/)
  server.fault = { status: 200, body: 'x'.repeat(6_000_000) }
  await refused(/more than \d+ bytes/)
  server.fault = 'hang'
  await refused(/no answer within 0.3 s/)
  server.fault = undefined
  server.chroots = []
  await refused(/not believed: there are only 0 chroots/)
  await server[Symbol.asyncDispose]()
  await refused(/ECONNREFUSED|closed/)
})

test('another Copr may have fewer chroots, and for other releases', async () => {
  await using sources = await openSources()
  sources.server.chroots = ['epel-9-x86_64']
  const lists = await sources.read()
  assert.deepEqual([lists.chroots, lists.copr], [['epel-9-x86_64'], sources.server.url])
  assert.deepEqual(parseTargetLists(JSON.parse(JSON.stringify(lists))), lists)
})

test('a stop of the service ends the request at once', async () => {
  await using sources = await openSources()
  sources.server.fault = 'hang'
  await assert.rejects(sources.read(AbortSignal.timeout(20)), { name: 'TimeoutError' })
})
