import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COMMAND_NAMES, specOf } from './commands.ts'
import { type CommandFacts, decideCommand } from './rights.ts'

const may = (set: Partial<CommandFacts>) =>
  decideCommand({
    command: 'build',
    permission: 'read',
    isAuthor: false,
    projectStatus: { kind: 'allowed', path: 'github.com/acme' },
    approval: 'not-needed',
    ...set,
  }).ok

test('who may give a command is what help and documentation say of it', () => {
  for (const command of COMMAND_NAMES.filter((name) => name !== 'verify-fas')) {
    const who = may({ command }) ? 'anybody' : may({ command, isAuthor: true }) ? 'author' : 'write'
    assert.equal(who, specOf(command).who, command)
    assert.ok(may({ command, permission: 'write' }), command)
  }
})

test('what runs code of a commit is told apart from what does not', () => {
  for (const command of ['build', 'rebuild-failed', 'test', 'retest-failed', 'cancel', 'approve', 'help'] as const)
    assert.equal(!may({ command, permission: 'write', approval: 'waits' }), specOf(command).runsCode, command)
})
