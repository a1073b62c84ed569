// The links for the operator, as the service prints them and as the commands do beside it.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDatabase } from './database.ts'
import { runCommand, ServiceProcess } from './service-process.ts'

test('the service prints its links at its start, and commands print new ones beside it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-links-'))
  try {
    await makeDatabase(join(dir, 'database'))
    await using service = await ServiceProcess.start(dir)
    const signIn = async (link: string) => {
      assert.ok(link.startsWith(`${service.url}/sign-in?code=`), link)
      const body = JSON.stringify({ code: new URL(link).searchParams.get('code') })
      const headers = { 'content-type': 'application/json' }
      return (await fetch(`${service.url}/api/session`, { method: 'POST', headers, body })).status
    }
    await service.until(() => service.lines.some(({ msg }) => msg?.startsWith('to sign in')), 'printed its links')
    const printed = service.lines.map(({ link }) => String(link ?? '')).filter(Boolean)
    assert.equal(printed.length, 2)
    assert.ok(printed[0]?.startsWith(`${service.url}/setup?code=`))
    assert.deepEqual([await signIn(printed[1] ?? ''), await signIn(printed[1] ?? '')], [200, 401])

    const made = await runCommand(dir, ['sign-in-link'])
    assert.deepEqual([made.code, made.errors], [0, ''])
    assert.equal(await signIn(made.output.trim().split('\n').at(-1) ?? ''), 200)
    const setup = await runCommand(dir, ['setup-link'])
    const page = await fetch(setup.output.trim().split('\n').at(-1) ?? '', { redirect: 'manual' })
    assert.equal(page.status, 303)
    assert.match((await runCommand(dir, ['audit'])).output, /sign-in link {2}session\.begin {2}session 2/)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
