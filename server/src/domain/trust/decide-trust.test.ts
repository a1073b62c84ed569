import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AllowlistStatus, decideProjectStatus, pathsOfRepository, samePath } from './allowlist.ts'
import { decideTrust, needsPermission, type TrustFacts } from './decide-trust.ts'
import { parseEntryPath } from './entry-path.ts'

const project = { forge: 'github.com', namespace: 'acme', name: 'hello' }
const entries = (rows: Record<string, AllowlistStatus>) =>
  new Map(Object.entries(rows).map(([path, status]) => [samePath(path), status]))
const status = (rows: Record<string, AllowlistStatus>, author = 'ann') =>
  decideProjectStatus(project, author, entries(rows)).kind

const facts = (set: Partial<TrustFacts> = {}): TrustFacts => ({
  project,
  isOperators: false,
  status: { kind: 'allowed', path: 'github.com/acme' },
  on: 'pull_request',
  isFork: true,
  author: 'mallory',
  isApproved: false,
  permission: 'none',
  commandPrefix: '/packit',
  ...set,
})
const trust = (set: Partial<TrustFacts> = {}) => decideTrust(facts(set)).kind

test('the most specific entry that is not waiting decides about a project', () => {
  assert.equal(status({}), 'waiting')
  assert.equal(status({ 'github.com': 'approved_manually' }), 'allowed')
  assert.equal(status({ 'github.com/acme': 'approved_automatically' }), 'allowed')
  assert.equal(status({ 'github.com/acme/hello.git': 'waiting', 'github.com/acme': 'approved_manually' }), 'allowed')
  assert.equal(status({ 'github.com/acme/other.git': 'approved_manually' }), 'waiting')
  assert.equal(status({ 'github.com/acme': 'waiting' }), 'waiting')
  const group = { forge: 'gitlab.com', namespace: 'group/sub', name: 'tool' }
  assert.deepEqual(pathsOfRepository(group), [
    'gitlab.com/group/sub/tool.git',
    'gitlab.com/group/sub',
    'gitlab.com/group',
    'gitlab.com',
  ])
  assert.equal(decideProjectStatus(group, '', entries({ 'gitlab.com/group': 'approved_manually' })).kind, 'allowed')
})

test('one denial of the repository, what is above it, or the author refuses, whatever else is allowed', () => {
  const allowed = { 'github.com/acme/hello.git': 'approved_manually' } as const
  assert.equal(status({ ...allowed, 'github.com': 'denied' }), 'denied')
  assert.equal(status({ ...allowed, 'github.com/acme': 'denied' }), 'denied')
  assert.equal(status({ ...allowed, 'github.com/mallory': 'denied' }, 'mallory'), 'denied')
  assert.equal(status({ ...allowed, 'github.com/mallory': 'denied' }), 'allowed')
  assert.equal(status({ ...allowed, 'gitlab.com/ann': 'denied' }), 'allowed')
})

test('a denial is not got round by another case of the name', () => {
  assert.equal(status({ 'github.com/Acme': 'approved_manually', 'github.com/MALLORY': 'denied' }, 'mallory'), 'denied')
  assert.equal(status({ 'github.com/ACME': 'approved_manually' }), 'allowed')
})

test('nothing of a project that is not allowed is built, whoever pushed it; what to do is said', () => {
  for (const on of ['pull_request', 'commit', 'release'] as const) {
    for (const status of [
      { kind: 'waiting', path: null } as const,
      { kind: 'denied', path: 'github.com/acme' } as const,
    ])
      assert.equal(trust({ on, status, isFork: false, permission: 'admin', isApproved: true }), 'refused')
  }
  const refused = decideTrust(facts({ status: { kind: 'waiting', path: null } }))
  assert.match(refused.kind === 'refused' ? refused.advice : '', /packit-service allow github\.com\/acme"/)
})

test('a head of the repository itself is trusted, as are pushes and releases', () => {
  assert.equal(trust({ isFork: false }), 'trusted')
  assert.equal(trust({ on: 'commit', isFork: false }), 'trusted')
  assert.equal(trust({ on: 'release', isFork: false }), 'trusted')
})

test('the fork of somebody who may write is trusted, that of an outsider waits until the commit is approved', () => {
  assert.deepEqual(
    (['admin', 'write', 'read', 'none', undefined] as const).map((permission) => trust({ permission })),
    ['trusted', 'trusted', 'waits', 'waits', 'waits'],
  )
  assert.equal(trust({ isApproved: true }), 'trusted')
  const waits = decideTrust(facts({ commandPrefix: '/packit-stg' }))
  assert.match(waits.kind === 'waits' ? waits.advice : '', /"\/packit-stg approve"/)
})

test('plain git is the operator’s own: neither allowlist nor approval is asked for', () => {
  assert.equal(trust({ isOperators: true, status: { kind: 'waiting', path: null } }), 'trusted')
})

test('the forge is asked for the permission only where it decides', () => {
  assert.equal(needsPermission(facts()), true)
  for (const set of [
    { isFork: false },
    { isApproved: true },
    { isOperators: true },
    { on: 'commit' as const },
    { status: { kind: 'denied' as const, path: 'github.com' } },
  ])
    assert.equal(needsPermission(facts(set)), false, JSON.stringify(set))
})

test('what an operator writes becomes the path of an entry, or is refused with an example', () => {
  const paths: [string, string][] = [
    ['github.com', 'github.com'],
    ['github.com/acme', 'github.com/acme'],
    ['https://GitHub.com/acme/hello/', 'github.com/acme/hello.git'],
    ['github.com/acme/hello.git', 'github.com/acme/hello.git'],
    ['gitlab.com/group/sub', 'gitlab.com/group/sub'],
    ['gitlab.com/group/sub/tool.git', 'gitlab.com/group/sub/tool.git'],
  ]
  for (const [text, path] of paths) assert.equal(parseEntryPath(text).path, path)
  assert.deepEqual(parseEntryPath('gitlab.com/group/sub').repository, {
    forge: 'gitlab.com',
    namespace: 'group',
    name: 'sub',
  })
  for (const text of [
    '',
    'acme hello',
    'github.com/a/b/c',
    'github.com//x',
    'github.com/x/../y',
    'github.com/x.git',
    '-',
  ])
    assert.throws(() => parseEntryPath(text), /write github\.com\/acme, github\.com\/acme\/hello or github\.com/, text)
})
