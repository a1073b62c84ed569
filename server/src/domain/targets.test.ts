import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { parse } from 'yaml'
import { distance, nearest } from './nearest.ts'
import { type Distribution, expandTargets, isFreshlyBranched, makeAliases } from './targets.ts'

interface Vector {
  name: string
  kind: string
  input: string
  expect: { result: string[] }
}

const file = new URL('../../test/vectors/package-config.json', import.meta.url)
const vectors = (JSON.parse(readFileSync(file, 'utf8')) as Vector[]).filter((vector) => vector.kind === 'build_targets')

test('there are 13 cases of the existing service for build targets', () => {
  assert.equal(vectors.length, 13)
})

for (const { name, input, expect } of vectors) {
  test(`names stand for the chroots of the existing service: ${name}`, () => {
    const { names, aliases } = parse(input) as { names: string[]; aliases: Record<string, string[]> }
    const toRelease = (pair: string): Distribution => ({
      name: pair.split('/')[0] ?? '',
      branch: pair.split('/')[1] ?? '',
    })
    const table = {
      asOf: '',
      aliases: Object.fromEntries(Object.entries(aliases).map(([alias, list]) => [alias, list.map(toRelease)])),
    }

    assert.deepEqual(expandTargets(names, table), { chroots: expect.result, unknown: [] })
  })
}

test('a branched release is the latest, and part of development, until it is released', () => {
  const aliases = makeAliases([
    { name: 'fedora-rawhide', branch: 'rawhide', state: 'pending' },
    { name: 'fedora-46', branch: 'f46', state: 'frozen' },
    { name: 'fedora-45', branch: 'f45', state: 'current' },
  ])
  const names = (alias: string) => aliases[alias]?.map(({ name }) => name)
  assert.deepEqual(names('fedora-latest'), ['fedora-46'])
  assert.deepEqual(names('fedora-latest-stable'), ['fedora-45'])
  assert.deepEqual(names('fedora-development'), ['fedora-46', 'fedora-rawhide'])
  assert.deepEqual(names('fedora-branched'), ['fedora-45', 'fedora-46'])
})

test('freshly branched is what is above all released Fedoras, and nothing else', () => {
  const aliases = makeAliases([
    { name: 'fedora-rawhide', branch: 'rawhide', state: 'pending' },
    { name: 'fedora-46', branch: 'f46', state: 'frozen' },
    { name: 'fedora-45', branch: 'f45', state: 'current' },
    { name: 'fedora-44', branch: 'f44', state: 'archived' },
  ])
  const fresh = ['fedora-44', 'fedora-45', 'fedora-46', 'fedora-47', 'fedora-rawhide', 'centos-stream-99', 'Fedora-46']
  assert.deepEqual(
    fresh.filter((name) => isFreshlyBranched(name, { aliases })),
    ['fedora-46', 'fedora-47', 'Fedora-46'],
  )
  assert.equal(isFreshlyBranched('fedora-46', { aliases: {} }), false)
})

test('the distance of names is one of letters', () => {
  const word = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', '-', '4') })
  fc.assert(
    fc.property(word, word, (a, b) => {
      assert.equal(distance(a, b), distance(b, a))
      assert.equal(distance(a, b) === 0, a === b)
      assert.ok(distance(a, b) <= Math.max(a.length, b.length))
    }),
  )
  assert.equal(distance('stabel', 'stable'), 1)
})

test('a name as long as a book is not compared', () => {
  assert.deepEqual(nearest('x'.repeat(1_000_000), ['x']), [])
})
