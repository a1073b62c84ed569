import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { buildOpenapi } from '../src/http/openapi.ts'
import { addToken } from './add-token.ts'
import { type Api, createApi } from './api-world.ts'

interface Parameter {
  name: string
  in: 'query' | 'path' | 'header'
  schema: { type?: string; enum?: string[] }
}
interface Operation {
  operationId: string
  summary: string
  parameters?: Parameter[]
  requestBody?: object
  security?: Record<string, string[]>[]
  responses: Record<string, { content?: Record<string, { schema: object }>; headers?: Record<string, object> }>
}

const document = JSON.parse(JSON.stringify(await buildOpenapi())) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

/** The models, closed: a key that the contract does not name is a mistake here. */
function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close)
  if (typeof schema !== 'object' || schema === null) return schema
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]))
  return 'properties' in closed && !('additionalProperties' in closed)
    ? { ...closed, additionalProperties: false }
    : closed
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
ajv.addSchema({ $id: 'contract', components: close(document.components) as object })
const validators = new Map<object, ValidateFunction>()

function validate(schema: object, value: unknown): string {
  let check = validators.get(schema)
  if (!check) {
    const text = JSON.stringify(close(schema)).replaceAll('"#/components', '"contract#/components')
    check = ajv.compile(JSON.parse(text))
    validators.set(schema, check)
  }
  return check(value) ? '' : ajv.errorsText(check.errors)
}

const isNotice = ({ operationId }: Operation) => operationId.startsWith('deliver')

/** What is asked for at will; the stream never ends. */
const isRead = ({ path, method }: { path: string; method: string }) => method === 'get' && path !== '/api/stream'

/** Ids that exist and don't, names that do, and everything that people and programs send by mistake. */
const odd = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e3',
    '0x10',
    ' 7',
    '1_0',
    '99999999999999999999',
    '9223372036854775807',
    '\0',
    '%',
    '*',
    "'",
    '%2F',
    '../..',
    'null',
  ),
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
)
const id = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 50 }).map(String) },
  { weight: 1, arbitrary: odd },
)
const NAMES: Record<string, string[]> = {
  forge: ['github.com', 'gitlab.com'],
  namespace: ['acme', 'group/sub'],
  repo: ['hello', 'tool', '100%_sure'],
  project: ['github.com/acme/hello', 'gitlab.com/group/sub/tool'],
}

function makeValue({ name, schema }: Parameter): fc.Arbitrary<string> {
  if (schema.type === 'integer') return id
  const known = [...(schema.enum ?? []), ...(NAMES[name] ?? [])]
  return known.length > 0
    ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: odd })
    : odd
}

/** What is sent beside the address: bodies that are right, wrong, or no JSON at all, with and without a token. */
const sent = fc.record(
  {
    payload: fc.oneof(
      fc.constantFrom('{"pr":41}', '{"branch":"main"}', '{"release":"1.0"}', '{"pr":7}'),
      fc.constantFrom(
        '',
        '{',
        'null',
        '[]',
        '{}',
        '{"pr":"41"}',
        '{"pr":1e300}',
        '{"branch":"\\u0000"}',
        '{"pr":1,"x":2}',
      ),
      fc.json(),
    ),
    type: fc.constantFrom('application/json', 'application/json', 'application/json; charset=utf-8', 'text/plain', 'x'),
    authorization: fc.constantFrom('token', 'token', 'token', 'Bearer', 'Bearer x', 'Basic YTpi', ''),
    key: fc.oneof(fc.uuid(), fc.constantFrom('', 'a b', 'x'.repeat(256)), fc.string({ maxLength: 5 })),
  },
  { requiredKeys: [] },
)
type Sent = typeof sent extends fc.Arbitrary<infer T> ? T : never

/** An address of an operation; each parameter of the query may be left out. */
function addressOf(path: string, all: Parameter[]): fc.Arbitrary<string> {
  const parameters = all.filter((parameter) => parameter.in !== 'header')
  const values = parameters.map((parameter) =>
    parameter.in === 'path'
      ? makeValue(parameter).filter((value) => value !== '' && !/^\.+$/.test(value))
      : fc.option(makeValue(parameter)),
  )
  return fc.tuple(...values).map((given) => {
    let address = path
    const query = new URLSearchParams()
    for (const [index, { name, in: place }] of parameters.entries()) {
      const value = given[index]
      if (typeof value !== 'string') continue
      // lone surrogates can't be sent
      if (place === 'path') address = address.replace(`{${name}}`, encodeURIComponent(value.toWellFormed()))
      else query.append(name, value.toWellFormed())
    }
    return query.size > 0 ? `${address}?${query}` : address
  })
}

describe('whatever is asked, the answer is one that the contract names', () => {
  let api: Api
  let token = ''
  before(async () => {
    api = await createApi()
    await api.storage.put('srpm/1/build.log', 'some lines\n')
    await api.storage.put('builds/11.log', 'x')
    await api.database.db.execute(sql`update deliveries set payload_key = 'deliveries/git/1.json' where id = 1`)
    await api.storage.put('deliveries/git/1.json', '{"kind":"push"}')
    token = await addToken(api.database.db, ['admin'])
  })
  after(() => api[Symbol.asyncDispose]())

  for (const { path, method, operation } of operations.filter(isRead)) {
    test(`${method.toUpperCase()} ${path}`, async () => {
      const isWrite = method !== 'get'
      const numRuns = operation.parameters?.length ? 60 : 2
      await fc.assert(
        fc.asyncProperty(
          addressOf(path, operation.parameters ?? []),
          isWrite || operation.security ? sent : fc.constant({}),
          async (url, more) => checkAnswer(url, operation, isWrite ? 'POST' : 'GET', more),
        ),
        { numRuns },
      )
    })
  }

  async function ask(url: string, method: 'GET' | 'POST', { payload, type, authorization, key }: Partial<Sent>) {
    const headers: Record<string, string> = {}
    if (authorization !== undefined)
      headers.authorization = authorization === 'token' ? `Bearer ${token}` : authorization
    if (key !== undefined && method === 'POST') headers['idempotency-key'] = key
    if (payload === undefined || method === 'GET') return api.app.inject({ method, url, headers })
    return api.app.inject({ method, url, headers: { ...headers, 'content-type': type ?? 'application/json' }, payload })
  }

  async function checkAnswer(
    url: string,
    operation: Operation,
    method: 'GET' | 'POST' = 'GET',
    more: Partial<Sent> = {},
  ) {
    const answer = await ask(url, method, more)
    // an address that is another one (a name with slashes, none at all) is answered as that
    if (answer.statusCode === 308) return
    assert.ok(answer.statusCode < 500, `${answer.statusCode} for ${url}`)
    const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? ''
    const documented = operation.responses[answer.statusCode]
    const isOther = !documented && (answer.statusCode === 404 || (method === 'POST' && answer.statusCode === 405))
    if (isOther) return void assert.equal(validate({ $ref: '#/components/schemas/Problem' }, answer.json()), '')
    assert.ok(documented, `${answer.statusCode} for ${url} is not documented`)
    if (answer.statusCode === 302) return void assert.ok(documented.headers?.Location && answer.headers.location)
    if (answer.body === '' && !documented.content) return
    const schema = documented.content?.[type]?.schema
    assert.ok(schema, `${type} for ${url} is not documented`)
    if (type === 'application/json') assert.equal(validate(schema, answer.json()), '', url)
    if (answer.statusCode === 401) assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
  }

  test('each operation that writes, and no other, needs a token or a session', async () => {
    // what a forge tells has a signature instead, and signing in begins without
    const others = operations.filter(({ path, operation }) => !isNotice(operation) && path !== '/api/session')
    for (const { path, method, operation } of others) {
      const needs = operation.security?.every((one) => 'bearer' in one || 'session' in one) ?? false
      if (method !== 'get') assert.ok(needs, path)
      if (path === '/api/stream') continue
      const url = path.replaceAll(/\{[a-z]+\}/g, '1')
      const { statusCode } = await ask(url, method === 'get' ? 'GET' : 'POST', {})
      assert.equal(statusCode === 401, needs, `${method} ${path}: ${statusCode}`)
    }
  })

  test('every row there is fits its model', async () => {
    for (const [list, details] of [
      ['/api/runs', '/api/runs/merged/'],
      ['/api/srpm-builds', '/api/srpm-builds/'],
      ['/api/copr-builds', '/api/copr-builds/'],
    ]) {
      const entries = await api.json(`${list}?per_page=100`)
      assert.ok(entries.length > 0)
      const { operation } = operations.find(({ path }) => path === `${details}{id}`) ?? {}
      for (let row = 1; row <= 20; row += 1) if (operation) await checkAnswer(`${details}${row}`, operation)
    }
  })
})
