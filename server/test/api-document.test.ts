// The contract itself: that it is what the routes say, and well made.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Validator } from '@seriousme/openapi-schema-validator'
import { type Document, toSwagger2 } from '../src/api/swagger2.ts'
import { buildOpenapi } from '../src/http/openapi.ts'

interface Operation {
  operationId?: string
  summary?: string
  security?: Record<string, string[]>[]
  responses: Record<string, unknown>
}

const FILE = new URL('../../openapi.json', import.meta.url)
const document = JSON.parse(JSON.stringify(await buildOpenapi())) as Document & {
  paths: Record<string, Record<string, Operation>>
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

test('openapi.json is what the routes say', async () => {
  assert.deepEqual(JSON.parse(await readFile(FILE, 'utf8')), document, 'out of date: npm run openapi')
})

test('the document is valid OpenAPI 3.1, and every operation has a name and a summary', async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(document) })
  assert.ok(valid, JSON.stringify(errors))
  const names = operations.map(({ operation }) => operation.operationId)
  assert.equal(new Set(names).size, names.length)
  for (const { operation } of operations) assert.ok(operation.summary && operation.operationId)
})

test('a linter has nothing to say against it by its recommended rules', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    // `groups` is no id: ids are numbers, which the rule does not look at
    rules: { 'no-ambiguous-paths': 'off' },
  })
  const source = await readFile(FILE, 'utf8')
  const problems = await lintFromString({ source, absoluteRef: FILE.pathname, config })
  // the contract has these answer with another address alone
  const isRedirect = (pointer = '') => /^#\/paths\/~1api~1usage~1[a-z-]+\/get\/responses$/.test(pointer)
  const told = problems.filter(
    ({ ruleId, location }) => ruleId !== 'operation-2xx-response' || !isRedirect(location[0]?.pointer),
  )
  assert.deepEqual(
    told.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`),
    [],
  )
})

test('every operation tells the refusals that any may answer', () => {
  for (const { path, operation } of operations) {
    for (const status of ['429', '500', '503']) assert.ok(operation.responses[status], `${status} of ${path}`)
  }
})

test('older clients get the same operations as Swagger 2.0', async () => {
  const old = JSON.parse(JSON.stringify(toSwagger2(document, '/prefix'))) as {
    basePath: string
    paths: Record<string, Record<string, { parameters: { name: string }[] }>>
  }
  const { valid, errors } = await new Validator().validate({ ...structuredClone(old) })
  assert.ok(valid, JSON.stringify(errors))
  assert.equal(old.basePath, '/prefix/api')
  assert.equal(Object.values(old.paths).flatMap(Object.keys).length, operations.length)
  const names = old.paths['/runs']?.get?.parameters.map(({ name }) => name) ?? []
  assert.ok(names.includes('page') && names.includes('per_page'))
})
