// Every filter of every list against the plainest way to find the same: reading the whole list and looking at each entry.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Api, createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'

type Entry = Record<string, unknown> & { trigger?: Record<string, unknown> }

/** A key of an entry or of its trigger; keys have several names in the contract. */
const read = (entry: Entry, ...keys: string[]) =>
  keys.map((key) => entry[key] ?? entry.trigger?.[key]).find((v) => v != null)
const url = (entry: Entry) => String(read(entry, 'project_url') ?? '')
const targets = (entry: Entry) => {
  const parts = (entry.copr as { target: string }[] | undefined)?.map(({ target }) => target)
  const chroots = Object.keys((entry.status_per_chroot ?? entry.status_per_downstream_pr ?? {}) as object)
  // the contract leaves out what waits for its SRPM, but it is a target of that run
  const waiting = entry.merged_run_id === 7 ? ['fedora-43-x86_64'] : []
  return [...(parts ?? []), ...chroots, ...waiting, read(entry, 'target', 'chroot', 'branch')]
}
const statuses = (entry: Entry) =>
  'merged_run_id' in entry ? [entry.state] : [...Object.values((entry.status_per_chroot ?? {}) as object), entry.status]
const submitted = (entry: Entry) =>
  Number(read(entry, 'created_at', 'queued_at', 'submitted_time', 'build_submitted_time', 'tag_request_submitted_time'))

/** What an entry must be like that a filter finds. */
const MATCHES: Record<string, (entry: Entry, value: string) => boolean> = {
  project: (entry, value) => url(entry).replace(/^https?:\/\//, '') === value.replaceAll('%', '%25'),
  forge: (entry, value) =>
    url(entry)
      .replace(/^https?:\/\//, '')
      .startsWith(`${value}/`),
  namespace: (entry, value) => read(entry, 'repo_namespace') === value,
  q: (entry, value) => `${read(entry, 'repo_namespace')}/${read(entry, 'repo_name')}`.includes(value),
  pr: (entry, value) => read(entry, 'pr_id') === Number(value),
  branch: (entry, value) => read(entry, 'branch_name') === value,
  release: (entry, value) => read(entry, 'release') === value,
  package: (entry, value) => entry.package === value,
  identifier: (entry, value) => entry.identifier === value,
  target: (entry, value) => targets(entry).includes(value),
  status: (entry, value) => statuses(entry).includes(value),
  since: (entry, value) => submitted(entry) >= Number(value),
  until: (entry, value) => submitted(entry) <= Number(value),
}
const VALUES: Record<string, string[]> = {
  project: ['github.com/acme/hello', 'gitlab.com/group/sub/tool', 'github.com/acme/100%_sure', 'github.com/no/body'],
  forge: ['github.com', 'gitlab.com', 'example.org'],
  namespace: ['acme', 'group/sub', 'group'],
  q: ['hello', 'sub', 'zz'],
  pr: ['41', '7', '1', '9'],
  branch: ['main', 'none'],
  release: ['1.0'],
  package: ['hello', 'hello-libs'],
  identifier: ['extra', 'none'],
  target: ['fedora-43-x86_64', 'fedora-42-x86_64', 'f43', 'fedora-30-x86_64'],
  status: ['success', 'failure', 'error', 'pending', 'running', 'finished'],
  since: [1_780_000_002, 1_780_000_095, 1_780_000_301].map(String),
  until: [1_780_000_002, 1_780_000_095, 1_780_000_301].map(String),
}
const LISTS: Record<string, string> = {
  runs: 'merged_run_id',
  'srpm-builds': 'srpm_build_id',
  ...Object.fromEntries(
    [
      ...['copr-builds', 'koji-builds', 'koji-tag-requests', 'bodhi-updates', 'testing-farm/results', 'log-detective'],
      ...['openscanhub-scans', 'propose-downstream', 'pull-from-upstream'],
    ].map((name) => [name, 'packit_id']),
  ),
}

for (const kind of databaseKinds) {
  describe(`lists (${kind})`, () => {
    let api: Api
    before(async () => {
      api = await createApi({ kind })
    })
    after(() => api[Symbol.asyncDispose]())

    const ids = async (list: string, query: string) => {
      const answer = await api.get(`/api/${list}?per_page=100&${query}`)
      assert.equal(answer.statusCode, 206, `${list}?${query}: ${answer.body}`)
      return (answer.json() as Entry[]).map((entry) => entry[LISTS[list] ?? ''])
    }

    for (const [list, id] of Object.entries(LISTS)) {
      test(`${list}: each filter finds what matches, and each pair of filters what matches both`, async () => {
        const all = (await api.json(`/api/${list}?per_page=100`)) as Entry[]
        const offered = await filtersOf(list)
        const filters = offered.flatMap((name) => (VALUES[name] ?? []).map((value) => ({ name, value })))
        const status = (value: string) => value
        for (const one of filters) {
          if (one.name === 'status' && !(await allows(list, status(one.value)))) continue
          const matching = all.filter((entry) => MATCHES[one.name]?.(entry, one.value))
          const query = `${one.name}=${encodeURIComponent(one.value)}`
          assert.deepEqual(
            await ids(list, query),
            matching.map((entry) => entry[id]),
            query,
          )
          const other = filters[(filters.indexOf(one) * 7 + 3) % filters.length]
          if (!other || other.name === one.name || other.name === 'status') continue
          const both = matching.filter((entry) => MATCHES[other.name]?.(entry, other.value))
          const pair = `${query}&${other.name}=${encodeURIComponent(other.value)}`
          assert.deepEqual(
            await ids(list, pair),
            both.map((entry) => entry[id]),
            pair,
          )
        }
      })

      test(`${list}: either order has the same entries, by pages, by cursor, and with a filter`, async () => {
        const all = await ids(list, '')
        assert.deepEqual(await ids(list, 'order=asc'), [...all].reverse())
        for (const query of ['', 'order=asc', 'forge=github.com', 'forge=github.com&order=asc&since=1780000000']) {
          assert.deepEqual(await walk(`/api/${list}?per_page=2&${query}`, id), await ids(list, query), query)
          assert.deepEqual(await walk(`/api/${list}?per_page=2&${query}`, id, 'cursor'), await ids(list, query), query)
        }
      })
    }

    /** The names of a list's filters, from the contract. */
    async function filtersOf(list: string): Promise<string[]> {
      const { paths } = await api.json('/api/openapi.json')
      const parameters = paths[`/api/${list}`].get.parameters as { name: string }[]
      const names = parameters.map(({ name }) => name).filter((name) => name in MATCHES)
      assert.ok(names.includes('project') && names.includes('since'), list)
      return names
    }

    async function allows(list: string, status: string): Promise<boolean> {
      const { paths } = await api.json('/api/openapi.json')
      const parameters = paths[`/api/${list}`].get.parameters as { name: string; schema: { enum?: string[] } }[]
      return parameters.find(({ name }) => name === 'status')?.schema.enum?.includes(status) ?? false
    }

    /** All ids, page after page: by the links, or by cursors from the first page on. */
    async function walk(first: string, id: string, by: 'links' | 'cursor' = 'links'): Promise<unknown[]> {
      const found: unknown[] = []
      let next: string | undefined = first
      while (next !== undefined) {
        const answer = await api.get(next)
        const entries = answer.json() as Entry[]
        found.push(...entries.map((entry) => entry[id]))
        const link = String(answer.headers.link ?? '')
        next = /<([^>]+)>; rel="next"/.exec(link)?.[1]
        if (by === 'cursor' && next !== undefined) next = `${first}&after=${found.at(-1)}`
        assert.ok(found.length < 100, 'it never ends')
      }
      return found
    }

    test('a commit is found by the beginning of its hash, in any case', async () => {
      assert.deepEqual(await ids('runs', 'commit=A1B2C3'), [3, 1])
      assert.deepEqual(await ids('srpm-builds', 'commit=a1b2c3d4e5f6'), [2, 1])
      assert.deepEqual(await ids('koji-builds', 'commit=f00d'), [31])
      assert.deepEqual(await ids('runs', 'commit=ffff'), [])
    })

    test('times may be dates, with a zone or in UTC', async () => {
      // 1780000095 is 2026-05-28T20:28:15Z
      const since = async (text: string) => (await ids('runs', `since=${encodeURIComponent(text)}`)).length
      assert.deepEqual(
        [await since('2026-05-28T20:28:15'), await since('2026-05-28T22:28:15+02:00'), await since('2026-05-29')],
        [await since('1780000095'), await since('1780000095'), 0],
      )
    })

    test('filters that contradict each other find nothing', async () => {
      assert.deepEqual(await ids('runs', 'pr=41&branch=main'), [])
      assert.deepEqual(await ids('runs', 'project=github.com/acme/hello&forge=gitlab.com'), [])
      assert.deepEqual((await ids('runs', 'project=github.com/acme/hello&forge=github.com')).length, 5)
    })

    test('where only a part of a long list could be looked at, the answer says where to go on', async () => {
      await api.database.db.execute(sql`insert into srpm_builds (id, state, status, submitted_at, imported_at)
        select n, 'success', 'success', now(), now() from generate_series(1000, 14000) as n`)
      const first = await api.get('/api/srpm-builds?since=1&package=hello&status=success&per_page=2')
      // one filter leads, by its index, so that all is found at once
      assert.deepEqual([first.json().length, first.headers['content-range']], [1, 'srpm-builds 1-1/1'])
      const unserved = await api.get('/api/runs?target=none&per_page=2')
      assert.deepEqual([unserved.json(), unserved.headers['content-range']], [[], 'runs */0'])
    })
  })
}
