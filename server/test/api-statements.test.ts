import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertHardRows } from './api-rows.ts'
import { createApi } from './api-world.ts'
import { createTestDatabase } from './database.ts'

const HELLO = 'github.com/acme/hello'
const REQUESTS = [
  '/api/search?q=hello',
  '/api/search?q=%2341',
  `/api/projects/${HELLO}/grid`,
  `/api/projects/${HELLO}/statistics`,
  `/api/projects/${HELLO}/config`,
  '/api/compare?a=1&b=3',
  `/api/badge/${HELLO}.svg?pr=41`,
  '/api/runs/merged/7',
]

test('a request asks the database three times at most', async () => {
  await using database = await createTestDatabase()
  await insertHardRows(database.db)
  let statements = 0
  const session = new Proxy(database.reads._.session, {
    get(target, key) {
      if (key === 'prepareQuery') statements += 1
      const value = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const reads = new Proxy(database.reads, {
    get: (target, key) => (key === '_' ? { ...target._, session } : Reflect.get(target, key)),
  })
  await using api = await createApi({ empty: true, deps: { database: { ...database, reads } } })
  for (const url of REQUESTS) {
    statements = 0
    assert.equal((await api.get(url)).statusCode < 300, true, url)
    assert.ok(statements >= 1 && statements <= 3, `${statements} for ${url}`)
  }
})
