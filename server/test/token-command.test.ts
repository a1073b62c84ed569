// The commands of tokens as an operator runs them, beside a running service and without one.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDatabase } from './database.ts'
import { runCommand, ServiceProcess } from './service-process.ts'

test('tokens are made and revoked beside the running service, which obeys at once, and without one', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-token-'))
  try {
    await makeDatabase(join(dir, 'database'))
    const before = await runCommand(dir, ['token', 'create', 'early', '--scope', 'runs:write'])
    assert.deepEqual([before.code, before.errors], [0, ''])

    await using service = await ServiceProcess.start(dir)
    const made = await runCommand(dir, ['token', 'create', 'ci', '--scope', 'admin', '--expires', '30d'])
    assert.deepEqual([made.code, made.errors], [0, ''])
    const token = made.output.trim().split('\n').at(-1) ?? ''
    const ask = async () => {
      const headers = { authorization: `Bearer ${token}` }
      return (await fetch(`${service.url}/api/audit`, { headers })).status
    }
    assert.equal(await ask(), 206)
    const revoked = await runCommand(dir, ['token', 'revoke', 'ci'])
    assert.deepEqual([revoked.code, revoked.output], [0, 'token 2 (ci) is revoked\n'])
    assert.equal(await ask(), 401)

    const list = await runCommand(dir, ['token', 'list'])
    assert.match(
      list.output,
      /^1 {2}early {2}runs:write {2}does not expire {2}never used\n2 {2}ci {2}admin {2}revoked /,
    )
    const audit = await runCommand(dir, ['audit', '--limit', '1'])
    assert.match(audit.output, /command line {2}token\.revoke {2}token 2 \(ci\)\nolder ones: audit --before 3\n$/)

    const wrong: [string[], RegExp][] = [
      [['create', 'x', '--scope', 'everything'], /it is one of runs:write, deliveries:read/],
      [['create', 'x', '--scope', 'admin', '--expires', 'soon'], /90m, 12h or 30d/],
      [['create', 'x'], /--scope/],
      [['create', 'early', '--scope', 'admin'], /there is a token "early" already/],
      [['revoke', 'nobody'], /there is no token nobody/],
    ]
    for (const [args, message] of wrong) {
      const { code, errors } = await runCommand(dir, ['token', ...args])
      assert.equal(code, 2, args.join(' '))
      assert.match(errors, message)
    }
    // no token stands in what the service logs
    assert.ok(!JSON.stringify(service.lines).includes('pkt_'))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
