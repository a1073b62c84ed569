import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CommandFacts, decideCommand, mayApprove } from './rights.ts'

const may = (set: Partial<CommandFacts>) =>
  decideCommand({
    command: 'build',
    permission: 'none',
    isAuthor: false,
    projectStatus: { kind: 'allowed', path: 'github.com/acme' },
    approval: 'not-needed',
    ...set,
  }).ok

test('who may write, or opened the pull request, may have it built, tested and cancelled; nobody else', () => {
  for (const command of ['build', 'copr-build', 'rebuild-failed', 'test', 'retest-failed', 'cancel']) {
    assert.equal(may({ command, permission: 'admin' }), true, command)
    assert.equal(may({ command, permission: 'write' }), true, command)
    assert.equal(may({ command, isAuthor: true }), true, command)
    assert.equal(may({ command, permission: 'read' }), false, command)
    assert.equal(may({ command }), false, command)
  }
})

test('only who may write gives leave or publishes, the author of the pull request does not', () => {
  for (const command of ['approve', 'vm-image-build', 'propose-downstream', 'koji-build', 'create-update']) {
    assert.equal(may({ command, permission: 'write' }), true, command)
    assert.equal(may({ command, isAuthor: true, permission: 'read' }), false, command)
  }
})

test('nobody has a commit built that waits for approval: it is approved first', () => {
  for (const permission of ['admin', 'none'] as const)
    assert.equal(may({ approval: 'waits', permission, isAuthor: true }), false)
  assert.equal(may({ approval: 'waits', command: 'approve', permission: 'write' }), true)
  assert.equal(may({ approval: 'waits', command: 'cancel', isAuthor: true }), true)
})

test('in a project that is not allowed only help is given, and the denied get not even that', () => {
  const waiting = { kind: 'waiting', path: null } as const
  const denied = { kind: 'denied', path: 'github.com/mallory' } as const
  assert.equal(may({ projectStatus: waiting, permission: 'admin' }), false)
  assert.equal(may({ projectStatus: waiting, command: 'help' }), true)
  assert.equal(may({ projectStatus: denied, permission: 'admin' }), false)
  assert.equal(may({ projectStatus: denied, command: 'help' }), false)
})

test('a refusal says why and what to do', () => {
  const refused = decideCommand({
    command: 'approve',
    permission: 'none',
    isAuthor: true,
    projectStatus: { kind: 'allowed', path: 'github.com/acme' },
    approval: 'waits',
  })
  assert.deepEqual(refused, {
    ok: false,
    reason: '"approve" needs write access to the repository',
    advice: 'Ask somebody who has it.',
  })
})

test('approving needs write access, or a token of the operator with runs:write', () => {
  assert.equal(mayApprove({ permission: 'write' }), true)
  assert.equal(mayApprove({ permission: 'read' }), false)
  assert.equal(mayApprove({ scopes: ['runs:write'] }), true)
  assert.equal(mayApprove({ scopes: ['admin'] }), true)
  assert.equal(mayApprove({ scopes: ['read', 'deliveries:write'] }), false)
})
