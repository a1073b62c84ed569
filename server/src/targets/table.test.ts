import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expandTargets, unknownTargetMessage } from '../domain/targets.ts'
import { builtInTargets } from './table.ts'

const expand = (...names: string[]) => expandTargets(names, builtInTargets).chroots

test('on the first start the aliases are those of the built-in table', () => {
  const aliases = Object.entries(builtInTargets.aliases).map(([alias, list]) => [
    alias,
    list.map(({ name }) => name).join(' '),
  ])
  assert.deepEqual(Object.fromEntries(aliases), {
    'fedora-all': 'fedora-43 fedora-44 fedora-45 fedora-rawhide',
    'fedora-stable': 'fedora-43 fedora-44 fedora-45',
    'fedora-development': 'fedora-rawhide',
    'fedora-latest': 'fedora-45',
    'fedora-latest-stable': 'fedora-45',
    'fedora-branched': 'fedora-43 fedora-44 fedora-45',
    'epel-all': 'epel-8 epel-9 epel-10.2 epel-10.3',
    'epel-10': 'epel-10.3',
    'epel-10-branched': 'epel-10.2',
    'epel-10-all': 'epel-10.2 epel-10.3',
  })
})

test('every alias of the built-in table has its chroots', () => {
  for (const alias of Object.keys(builtInTargets.aliases)) {
    const wanted = expandTargets([alias], { ...builtInTargets, chroots: undefined as never }).chroots
    assert.deepEqual(expand(alias), wanted, alias)
  }
})

test('no name at all stands for fedora-stable', () => {
  assert.deepEqual(expand(), ['fedora-43-x86_64', 'fedora-44-x86_64', 'fedora-45-x86_64'])
})

test('a minor of EPEL 10 has its chroot by name and by branch', () => {
  assert.deepEqual(expand('epel-10.2'), ['rhel+epel-10-x86_64'])
  assert.deepEqual(expand('epel10.2-s390x'), ['rhel+epel-10-s390x'])
  assert.deepEqual(expand('epel10'), ['epel-10-x86_64'])
  assert.deepEqual(expand('epel-10-all'), ['rhel+epel-10-x86_64', 'epel-10-x86_64'])
})

/** A wrong name, and what is offered instead. */
const TYPOS: [string, string[]][] = [
  ['fedora-stabel', ['fedora-stable']],
  ['fedora-sable', ['fedora-stable']],
  ['fedora-raw-hide', ['fedora-rawhide']],
  ['epel9-x86-64', ['epel-9-x86_64']],
  ['Fedora-44', ['fedora-44']],
  ['fedora-44-x86', ['fedora-44-x86_64']],
  ['fedora-44-aarch46', ['fedora-44-aarch64']],
  ['centos-stream', ['centos-stream-9', 'centos-stream-10']],
  ['f39', []],
]

test('an unknown name is told together with those it may have meant', () => {
  const { chroots, unknown } = expandTargets(
    TYPOS.map(([name]) => name),
    builtInTargets,
  )
  assert.deepEqual(chroots, [])
  for (const [i, [name, offered]] of TYPOS.entries()) {
    assert.equal(unknown[i]?.name, name)
    for (const other of offered)
      assert.ok(unknown[i]?.nearest.includes(other), `${name}: ${unknown[i]?.nearest.join(', ')}`)
  }
})

test('the message names the target and what to write instead', () => {
  const [unknown] = expandTargets(['fedora-stabel'], builtInTargets).unknown
  assert.ok(unknown)
  assert.match(unknownTargetMessage(unknown), /^There is no target "fedora-stabel"\. Did you mean fedora-stable/)
  assert.match(unknownTargetMessage({ name: 'x', nearest: [] }), /Give a chroot/)
})

test('names of the parts of an object are no aliases', () => {
  assert.deepEqual(expand('constructor', '__proto__', 'toString'), [])
})

test('a chroot of the list is known as it is, also one of an architecture that no other name can end with', () => {
  assert.deepEqual(expand('mageia-9-i586'), ['mageia-9-i586'])
})
