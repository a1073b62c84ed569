// The famous case of the existing service: one absurd request among many broke the database session of all that followed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'

const ADDRESSES = [
  '/api/runs?page=99999999999999999999',
  '/api/runs?per_page=0',
  '/api/copr-builds?page=2147483647&per_page=100',
  '/api/srpm-builds/99999999999999999999',
  '/api/projects/github.com/acme%00/hello',
  '/api/runs/merged/4242',
  '/api/usage?to=9999-12-31T23:59:59-05:00',
  '/api/projects?q=%25_%5C%27',
  '/api/runs',
  '/api/runs?project=github.com/acme/hello&status=failure',
  '/api/runs/merged/1',
  '/api/runs/4',
  '/api/copr-builds?target=fedora-43-x86_64',
  '/api/copr-builds/11',
  '/api/srpm-builds?order=asc&per_page=2',
  '/api/testing-farm/results?pr=41',
  '/api/projects/github.com/acme/hello/prs',
  '/api/projects/gitlab.com/group/sub/tool',
  '/api/log-detective/41',
  '/api/allowlist/github.com/acme',
]
const ROUNDS = 5
const TIMES_EACH = 10

for (const kind of databaseKinds) {
  test(`200 requests in parallel, over and over, the absurd among them: each answer is right (${kind})`, async () => {
    await using api = await createApi({ kind })
    const ask = async (url: string) => {
      const { statusCode, body } = await api.get(url)
      return { url, statusCode, body }
    }
    const right = new Map<string, Awaited<ReturnType<typeof ask>>>()
    for (const url of ADDRESSES) right.set(url, await ask(url))
    const statuses = [...right.values()].map(({ statusCode }) => statusCode)
    assert.deepEqual(statuses.slice(0, 8), [400, 400, 206, 404, 404, 404, 400, 200])
    assert.ok(statuses.slice(8).every((status) => status === 200 || status === 206))

    for (let round = 0; round < ROUNDS; round += 1) {
      const all = Array.from({ length: TIMES_EACH }, () => ADDRESSES).flat()
      const answers = await Promise.all(all.map(ask))
      for (const answer of answers) assert.deepEqual(answer, right.get(answer.url), `round ${round}`)
    }
  })
}
