import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Api, createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'

type Hit = { label: string; page: string; match: string; run_id: number | null }
type Kind = 'projects' | 'pull_requests' | 'commits' | 'packages'

for (const kind of databaseKinds) {
  describe(`search (${kind})`, () => {
    let api: Api
    before(async () => {
      api = await createApi({ kind })
    })
    after(() => api[Symbol.asyncDispose]())

    const find = async (q: string, list: Kind, limit = 20): Promise<Hit[]> => {
      const answer = await api.get(`/api/search?limit=${limit}&q=${encodeURIComponent(q)}`)
      assert.equal(answer.statusCode, 200, answer.body)
      return answer.json()[list]
    }
    const labels = async (q: string, list: Kind) => (await find(q, list)).map(({ label }) => label)

    test('a project is found by part of its name, a pattern, its address, and by how it begins where less was typed', async () => {
      for (const q of [
        'ell',
        'ACME/hel',
        'he',
        'acme/h*',
        'h?llo',
        'github.com/acme/hello',
        'https://github.com/acme/hello/',
      ])
        assert.deepEqual(await labels(q, 'projects'), ['acme/hello'], q)
      assert.deepEqual(
        await labels('0%_s', 'projects'),
        [],
        'less than three letters in a row are not found inside a name',
      )
      assert.deepEqual(await labels('100%_', 'projects'), ['acme/100%_sure'])
      assert.deepEqual(await labels('*x', 'projects'), [])
      const [tool] = await find('tool', 'projects')
      assert.deepEqual([tool?.label, tool?.page], ['group/sub/tool', '/projects/gitlab.com/group/sub/tool'])
    })

    test('what is called so comes before what begins so, that before the rest, and the more active first', async () => {
      await api.database.db.execute(
        sql.raw(`insert into projects (id, forge, namespace, name, url, last_activity_at) values
          (21, 'github.com', 'x', 'mytool', 'https://github.com/x/mytool', to_timestamp(3)),
          (22, 'github.com', 'x', 'toolbox', 'https://github.com/x/toolbox', to_timestamp(1)),
          (23, 'github.com', 'x', 'tools', 'https://github.com/x/tools', to_timestamp(2))`),
      )
      const hits = await find('TOOL', 'projects')
      assert.deepEqual(
        hits.map(({ label, match }) => [label, match]),
        [
          ['group/sub/tool', 'exact'],
          ['x/tools', 'prefix'],
          ['x/toolbox', 'prefix'],
          ['x/mytool', 'part'],
        ],
      )
      assert.equal((await find('tool', 'projects', 2)).length, 2)
    })

    test('a pull request is found by title, author, number and project, with its newest run', async () => {
      for (const q of [
        'hello louder',
        'LOUDER',
        '#41',
        '41',
        'acme/hello#41',
        'hello#41',
        'he#41',
        'https://github.com/acme/hello/pull/41',
      ])
        assert.deepEqual(
          (await find(q, 'pull_requests')).map(({ label, run_id }) => [label, run_id]),
          [['acme/hello#41', 5]],
          q,
        )
      assert.deepEqual(await labels('jdoe', 'pull_requests'), ['group/sub/tool#1', 'acme/hello#41'])
      assert.deepEqual(await labels('tool#41', 'pull_requests'), [])
      assert.deepEqual(
        await labels('acme/hello#7', 'pull_requests'),
        ['acme/hello#7'],
        'of a duplicate that an import brought',
      )
      assert.deepEqual(await labels('lo', 'pull_requests'), [])
    })

    test('a commit is found by four digits of its hash, in any case', async () => {
      const [hit] = await find('A1B2', 'commits')
      assert.deepEqual([hit?.label, hit?.page, hit?.match], ['a1b2c3d4e5f6', '/pipeline/3', 'prefix'])
      assert.equal((await find('a1b2c3d4e5f6', 'commits'))[0]?.match, 'exact')
      assert.deepEqual(await labels('a1b', 'commits'), [])
      assert.deepEqual(await labels('a1b3', 'commits'), [])
    })

    test('a package is found by its name and by its NVR, once for a project', async () => {
      assert.deepEqual(
        (await find('hello', 'packages')).map(({ label, match, run_id }) => [label, match, run_id]),
        [['hello', 'exact', 5]],
      )
      assert.deepEqual(await labels('hello-libs', 'packages'), ['hello-libs'], 'though no SRPM of it was made')
      assert.deepEqual(await labels('llo-1', 'packages'), ['hello'])
    })

    test('nothing of a private project is found', async () => {
      const sees = async () => {
        const found: unknown[] = []
        for (const q of ['hello', '#41', 'acme/hello#41', 'louder', 'a1b2', 'hello-libs']) {
          const answer = await api.json(`/api/search?q=${encodeURIComponent(q)}`)
          for (const list of ['projects', 'pull_requests', 'commits', 'packages']) found.push(...answer[list])
        }
        return found.length
      }
      assert.ok((await sees()) >= 6)
      await api.database.db.execute(sql`update projects set is_private = true where id = 1`)
      assert.equal(await sees(), 0)
      await api.database.db.execute(sql`update projects set is_private = false where id = 1`)
    })

    test('an empty search finds nothing, and a wrong limit is refused', async () => {
      assert.deepEqual(await api.json('/api/search'), { projects: [], pull_requests: [], commits: [], packages: [] })
      assert.equal((await api.get('/api/search?q=x&limit=21')).statusCode, 400)
      assert.equal((await api.get('/api/search?q=%00')).statusCode, 400)
    })
  })
}
