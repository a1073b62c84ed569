import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SETTINGS } from './config/settings.ts'
import { readConfig, SettingsError } from './config.ts'

test('without settings everything has its default', () => {
  const config = readConfig({ env: {} })
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 8080)
  assert.equal(config.databaseUrl, undefined)
  assert.deepEqual(config.buildLimits.timeMs, 2 * 3_600_000)
})

test('all wrong settings are told at once, each with its value and what is expected', () => {
  const env = {
    PACKIT_PORT: '99999',
    PACKIT_BUILD_TIME: 'long',
    PACKIT_SANDBOX_NETWORK: 'all',
    PACKIT_PUBLIC_URL: 'packit.example',
  }
  assert.throws(
    () => readConfig({ env }),
    (error: unknown) => {
      assert.ok(error instanceof SettingsError)
      const lines = error.message.split('\n')
      assert.equal(lines.length, 4)
      assert.match(lines[0] ?? '', /^PACKIT_PORT is "99999"; expected: a port from 0 to 65535/)
      return true
    },
  )
})

test('a secret is read from its file, and never shown when it is wrong', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'config-'))
  await writeFile(join(dir, 'secret'), 'hush\n')
  assert.equal(readConfig({ env: { PACKIT_GIT_WEBHOOK_SECRET_FILE: join(dir, 'secret') } }).gitWebhookSecret, 'hush')
  assert.throws(
    () => readConfig({ env: { DATABASE_URL: 'mysql://user:hush@host/db' } }),
    (error: Error) => !error.message.includes('hush'),
  )
  assert.throws(
    () => readConfig({ env: { PACKIT_GIT_WEBHOOK_SECRET_FILE: join(dir, 'none') } }),
    /PACKIT_GIT_WEBHOOK_SECRET_FILE names .* can't be read/,
  )
  await rm(dir, { recursive: true })
})

test('the documentation lists every setting with its default and what is expected', async () => {
  const text = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  const rows = text.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line))
  const wanted = SETTINGS.map((s) => [s.name, s.default === '' ? 'unset' : `\`${s.default}\``, s.expects])
  assert.deepEqual(
    rows.map((row) =>
      row
        .split(' | ')
        .slice(0, 3)
        .map((cell, i) => (i === 0 ? cell.slice(3, -1) : cell)),
    ),
    wanted,
  )
})
