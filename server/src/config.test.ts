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

test('chroots are those of the Copr that is built in, unless a setting says otherwise', () => {
  const copr = { PACKIT_COPR_URL: 'https://copr.example', PACKIT_COPR_LOGIN: 'x', PACKIT_COPR_TOKEN: 'y' }
  const chrootsOf = (env: Record<string, string>) => readConfig({ env }).targetSource?.coprUrl
  assert.equal(chrootsOf({}), 'https://copr.fedorainfracloud.org')
  assert.equal(chrootsOf({ ...copr, PACKIT_COPR_OWNER: '@packit' }), 'https://copr.example')
  const other = { PACKIT_CHROOTS_URL: 'https://other.example/' }
  assert.equal(chrootsOf({ ...copr, PACKIT_COPR_OWNER: '@packit', ...other }), 'https://other.example')
  assert.equal(chrootsOf({ PACKIT_CHROOTS_URL: 'off' }), undefined)
})

test('a Copr that shall make all SRPMs must be able to fetch from here', () => {
  const access = { PACKIT_COPR_LOGIN: 'x', PACKIT_COPR_TOKEN: 'y', PACKIT_COPR_OWNER: 'packit' }
  const env = { ...access, PACKIT_COPR_URL: 'https://copr.example.org', PACKIT_COPR_SOURCES: 'copr' }
  assert.throws(
    () => readConfig({ env }),
    /PACKIT_COPR_SOURCES is "copr", and .* can't fetch from http:\/\/127\.0\.0\.1:8080/,
  )
  const wanted = (set: Record<string, string>) => readConfig({ env: { ...env, ...set } }).coprSources
  assert.equal(wanted({ PACKIT_PUBLIC_URL: 'https://packit.example.org' }), 'copr')
  assert.equal(wanted({ PACKIT_COPR_URL: 'http://localhost:5000' }), 'copr')
  assert.equal(wanted({ PACKIT_COPR_SOURCES: '' }), 'auto')
  const hidden = { PACKIT_PUBLIC_URL: 'https://packit.example.org', PACKIT_PRIVATE_NAMESPACES: 'github.com/acme' }
  assert.throws(() => wanted(hidden), /can read nothing here because of PACKIT_PRIVATE_NAMESPACES/)
  assert.equal(wanted({ ...hidden, PACKIT_COPR_SOURCES: 'auto' }), 'auto')
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
  const rows = text.split('\n').filter((line) => /^\| `[A-Z0-9_]+` \|/.test(line))
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

test('storage may be a folder or a bucket, whose key may have the usual names', () => {
  assert.deepEqual(readConfig({ env: { PACKIT_STORAGE_URL: 'file:///srv/packit' } }).storage, {
    kind: 'folder',
    dir: '/srv/packit',
  })
  const env = {
    PACKIT_STORAGE_URL: 's3://packit/prod?endpoint=http://minio:9000/&region=eu',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'hush',
    AWS_SESSION_TOKEN: 'lent',
  }
  const { storage, s3 } = readConfig({ env })
  assert.deepEqual(storage, {
    kind: 's3',
    bucket: 'packit',
    prefix: 'prod',
    endpoint: 'http://minio:9000',
    region: 'eu',
  })
  assert.deepEqual(s3, { accessKey: 'id', secretKey: 'hush', sessionToken: 'lent' })
  assert.throws(
    () => readConfig({ env: { PACKIT_STORAGE_URL: 's3://packit' } }),
    /PACKIT_S3_ACCESS_KEY is not set; expected: a key for the bucket/,
  )
  for (const wrong of ['file://host/x', 's3://', 's3://packit/../x y', 'ftp://x/y'])
    assert.throws(() => readConfig({ env: { PACKIT_STORAGE_URL: wrong } }), /PACKIT_STORAGE_URL is/, wrong)
})
