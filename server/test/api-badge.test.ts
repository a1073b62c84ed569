import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { renderBadge } from '../src/api/badge-svg.ts'
import { LOOKS, STATES } from '../src/domain/status.ts'
import { type Api, createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'

const wordOf = (svg: string) => /<title>(.*)<\/title>/.exec(svg)?.[1]

for (const kind of databaseKinds) {
  describe(`badges (${kind})`, () => {
    let api: Api
    before(async () => {
      api = await createApi({ kind })
    })
    after(() => api[Symbol.asyncDispose]())

    const badge = async (path: string) => {
      const answer = await api.get(`/api/badge/${path}`)
      assert.equal(answer.statusCode, 200, answer.body)
      return wordOf(answer.body)
    }

    test('show a branch, a pull request, a target, and without any the last push', async () => {
      assert.equal(await badge('github.com/acme/hello.svg'), 'packit: Broke')
      assert.equal(await badge('github.com/acme/hello.svg?branch=main'), 'packit: Broke')
      assert.equal(await badge('github.com/acme/hello.svg?pr=41'), 'packit: Running')
      assert.equal(await badge('github.com/acme/hello.svg?pr=7'), 'packit: Skipped', 'of a duplicate project')
      assert.equal(await badge('github.com/acme/hello.svg?pr=41&target=fedora-42-x86_64'), 'fedora-42-x86_64: Failed')
      assert.equal(await badge('gitlab.com/group/sub/tool.svg'), 'packit: Waiting')
    })

    test('of a project with dots in its name are found', async () => {
      await api.database.db.execute(sql`update projects set name = 'x.svg.js' where id = 3`)
      assert.equal(await badge('gitlab.com/group/sub/x.svg.js.svg'), 'packit: Waiting')
      await api.database.db.execute(sql`update projects set name = 'tool' where id = 3`)
    })

    test('of what is not known, or private, are grey and 200: elsewhere a broken picture would stand', async () => {
      for (const path of [
        'github.com/no/body.svg',
        'github.com/acme/hello.svg?pr=5',
        'github.com/acme/hello.svg?target=x',
      ])
        assert.match(String(await badge(path)), /: Unknown$/, path)
      await api.database.db.execute(sql`update projects set is_private = true where id = 3`)
      assert.equal(await badge('gitlab.com/group/sub/tool.svg'), 'packit: Unknown')
      assert.equal((await api.get('/api/badge/github.com/acme/hello')).statusCode, 404)
      assert.equal(await badge('github.com/acme/hello.svg?pr=41&branch=main'), 'packit: Unknown', 'it can not be both')
      assert.equal((await api.get('/api/badge/github.com/acme/hello.svg?pr=x')).statusCode, 400)
    })

    test('are pictures that can do nothing, and may be kept for a minute', async () => {
      const { headers } = await api.get('/api/badge/github.com/acme/hello.svg')
      assert.deepEqual(
        [
          headers['content-type'],
          headers['x-content-type-options'],
          headers['content-security-policy'],
          headers['cache-control'],
        ],
        ['image/svg+xml; charset=utf-8', 'nosniff', "default-src 'none'; sandbox", 'public, max-age=60'],
      )
      const again = await api.get('/api/badge/github.com/acme/hello.svg', { 'if-none-match': String(headers.etag) })
      assert.equal(again.statusCode, 304)
    })
  })
}

test('each state has its word and a colour of its own kind', () => {
  for (const state of STATES) assert.equal(wordOf(renderBadge('packit', state)), `packit: ${LOOKS[state].word}`)
  const fill = (state: Parameters<typeof renderBadge>[1]) =>
    renderBadge('packit', state).match(/fill="(#[0-9a-f]{6})"/g)?.[1]
  assert.equal(new Set(STATES.map(fill)).size, new Set(STATES.map((state) => LOOKS[state].color)).size)
})

test('what a stranger names stays text', () => {
  const svg = renderBadge(`</text><script>alert("1")</script>&\0${'x'.repeat(500)}`, 'success')
  assert.ok(!svg.includes('<script') && !svg.includes('\0') && !/&(?!amp;|lt;|gt;|quot;|#39;)/.test(svg))
  assert.ok(svg.length < 1500)
})
