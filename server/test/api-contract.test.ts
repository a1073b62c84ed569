import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { buildOpenapi } from '../src/http/openapi.ts'
import { type Api, createApi } from './api-world.ts'

interface Parameter {
  name: string
  in: 'query' | 'path'
  schema: { type?: string; enum?: string[] }
}
interface Operation {
  operationId: string
  summary: string
  parameters?: Parameter[]
  responses: Record<string, { content?: Record<string, { schema: object }>; headers?: Record<string, object> }>
}

const document = JSON.parse(JSON.stringify(await buildOpenapi())) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

test('openapi.json is what the routes say', async () => {
  const written = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8'))
  assert.deepEqual(written, document, 'out of date: npm run openapi')
})

test('the document is valid OpenAPI 3.1, and every operation has a name and a summary', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  assert.ok(valid, JSON.stringify(errors))
  const names = operations.map(({ operation }) => operation.operationId)
  assert.equal(new Set(names).size, names.length)
  for (const { operation } of operations) assert.ok(operation.summary && operation.operationId)
})

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

/** An address of an operation; each parameter of the query may be left out. */
function addressOf(path: string, parameters: Parameter[]): fc.Arbitrary<string> {
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
  before(async () => {
    api = await createApi()
    await api.storage.put('srpm/1/build.log', 'some lines\n')
    await api.storage.put('builds/11.log', 'x')
  })
  after(() => api[Symbol.asyncDispose]())

  for (const { path, method, operation } of operations.filter(({ path }) => path !== '/api/stream')) {
    test(`${method.toUpperCase()} ${path}`, async () => {
      assert.equal(method, 'get')
      await fc.assert(
        fc.asyncProperty(addressOf(path, operation.parameters ?? []), async (url) => checkAnswer(url, operation)),
        { numRuns: operation.parameters?.length ? 60 : 2 },
      )
    })
  }

  async function checkAnswer(url: string, operation: Operation) {
    const answer = await api.get(url)
    // an address that is another one (a name with slashes, none at all) is answered as that
    if (answer.statusCode === 308) return
    assert.ok(answer.statusCode < 500, `${answer.statusCode} for ${url}`)
    const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? ''
    const documented = operation.responses[answer.statusCode]
    const isOther = !documented && answer.statusCode === 404
    if (isOther) return void assert.equal(validate({ $ref: '#/components/schemas/Problem' }, answer.json()), '')
    assert.ok(documented, `${answer.statusCode} for ${url} is not documented`)
    if (answer.statusCode === 302) return void assert.ok(documented.headers?.Location && answer.headers.location)
    const schema = documented.content?.[type]?.schema
    assert.ok(schema, `${type} for ${url} is not documented`)
    if (type === 'application/json') assert.equal(validate(schema, answer.json()), '', url)
  }

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
