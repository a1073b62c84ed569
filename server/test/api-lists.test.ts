import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Api, createApi } from './api-world.ts'

let api: Api
before(async () => {
  api = await createApi()
})
after(() => api[Symbol.asyncDispose]())

const UNITS: Record<string, string> = {
  '/api/runs': 'runs',
  '/api/copr-builds': 'copr-builds',
  '/api/srpm-builds': 'srpm-builds',
  '/api/projects': 'git-projects',
  '/api/projects/github.com': 'git-projects',
  '/api/projects/github.com/acme': 'git-projects',
  '/api/projects/github.com/acme/hello/prs': 'git-project-prs',
  '/api/projects/github.com/acme/hello/issues': 'git-project-issues',
  '/api/projects/github.com/acme/hello/releases': 'git-project-releases',
  '/api/projects/github.com/acme/hello/branches': 'git-project-branches',
}

for (const [path, unit] of Object.entries(UNITS)) {
  test(`${path} answers a page with 206 and its true range`, async () => {
    const answer = await api.get(path)
    const entries = answer.json()
    assert.equal(answer.statusCode, 206)
    assert.ok(entries.length > 0)
    assert.equal(answer.headers['content-range'], `${unit} 1-${entries.length}/${entries.length}`)
  })

  test(`${path} past its end is empty: 206, in the projects family 200`, async () => {
    const answer = await api.get(`${path}?page=2147483647&per_page=100`)
    assert.equal(answer.statusCode, path.startsWith('/api/projects') ? 200 : 206)
    assert.equal(answer.body, '[]')
    assert.match(String(answer.headers['content-range']), new RegExp(`^${unit} \\*/[1-9]`))
  })

  test(`${path} by cursors gives every entry once, in the order of the pages`, async () => {
    const whole = await api.json(`${path}?per_page=100`)
    const gathered: unknown[] = []
    let next: string | undefined = `${path}?per_page=2&page=1`
    for (let pages = 0; next && pages < 20; pages += 1) {
      const answer = await api.get(next)
      const entries = answer.json()
      gathered.push(...entries)
      const last = entries.at(-1)
      const id = last?.merged_run_id ?? last?.packit_id ?? last?.srpm_build_id ?? last?.pr_id ?? last
      // the page's own link, turned into a cursor where the entry shows the id it is made from
      const link: string | undefined = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link))?.[1]
      next = link && typeof id === 'number' ? `${path}?per_page=2&after=${id}` : link
    }
    assert.deepEqual(gathered, whole)
  })
}

test('links lead to the pages around', async () => {
  const { headers } = await api.get('/api/runs?page=2&per_page=2')
  assert.equal(
    headers.link,
    '</api/runs?page=3&per_page=2>; rel="next", </api/runs?page=1&per_page=2>; rel="prev", ' +
      '</api/runs?page=1&per_page=2>; rel="first", </api/runs?page=5&per_page=2>; rel="last"',
  )
})

const WRONG: [string, string, RegExp][] = [
  ['page=abc', 'page', /^Page number invalid literal for int\(\) with base 10: 'abc'$/],
  ['page=', 'page', /^Page number invalid literal/],
  ['page=1e3', 'page', /^Page number invalid literal/],
  [
    'page=99999999999999999999',
    'page',
    /^Page number The value '99999999999999999999' is not a valid choice for 'page'/,
  ],
  ['per_page=x', 'per_page', /^Results per page invalid literal for int\(\) with base 10: 'x'$/],
  ['per_page=101', 'per_page', /^Results per page The value '101' is not a valid choice for 'per_page': 1 to 100\.$/],
  ['per_page=0', 'per_page', /not a valid choice/],
  ['after=-1', 'after', /not a valid choice/],
  ['status=broken', 'status', /not a valid choice for 'status': one of pending/],
  ['project=hello', 'project', /not a valid choice for 'project'/],
]
for (const [search, name, message] of WRONG) {
  test(`?${search} is refused in the shape older clients know`, async () => {
    const answer = await api.get(`/api/runs?${search}`)
    assert.equal(answer.statusCode, 400)
    const body = answer.json()
    assert.match(body.errors[name], message)
    assert.equal(body.message, 'Input payload validation failed')
    assert.deepEqual([body.status, body.title, body.detail], [400, 'Bad Request', body.errors[name]])
  })
}

test('a page below 1 is the first, a sign is understood, the first of repeated parameters counts, unknown ones do not', async () => {
  const first = await api.json('/api/runs?per_page=2')
  for (const search of [
    'page=0',
    'page=-7',
    'page=%2B1',
    'page=1&page=zzz',
    'page=1&colour=red',
    'page=1&__proto__=x',
  ]) {
    assert.deepEqual(await api.json(`/api/runs?per_page=2&${search}`), first, search)
  }
})

test('runs are filtered by project, pull request and state', async () => {
  const ids = async (search: string) =>
    (await api.json(`/api/runs?${search}`)).map((run: { merged_run_id: number }) => run.merged_run_id)
  assert.deepEqual(await ids('project=github.com/acme/hello&pr=41'), [5, 3, 1])
  assert.deepEqual(await ids('project=gitlab.com/group/sub/tool'), [7])
  assert.deepEqual(await ids('status=failure'), [3])
})

test('projects are found by part of a name, or by a pattern of the whole', async () => {
  const names = async (search: string) =>
    (await api.json(`/api/projects?${search}`)).map((one: { repo_name: string }) => one.repo_name)
  assert.deepEqual(await names('q=ELL'), ['hello'])
  assert.deepEqual(await names('q=acme/'), ['hello', '100%_sure'])
  assert.deepEqual(await names('q=*tool'), ['tool'])
  assert.deepEqual(await names('q=t??l'), ['tool'])
  assert.deepEqual(await names('q=ell*'), [], 'a pattern is of the whole')
  assert.deepEqual(await names(`q=${encodeURIComponent('0%_s')}`), ['100%_sure'])
  assert.deepEqual(await names(`q=${encodeURIComponent('%')}`), ['100%_sure'], 'literal')
  assert.deepEqual(await names('forge=gitlab.com&namespace=group/sub'), ['tool'])
  assert.equal((await api.get('/api/projects?q=%00')).statusCode, 400)
})

test('paths with slashes mean what they always meant', async () => {
  const status = async (path: string) => (await api.get(`/api/projects/${path}`)).statusCode
  assert.equal((await api.json('/api/projects/gitlab.com/group/sub/tool')).repo_name, 'tool')
  assert.equal((await api.json('/api/projects/gitlab.com/group%2Fsub/tool')).repo_name, 'tool')
  assert.equal((await api.json('/api/projects/gitlab.com/group/sub/tool/prs'))[0].pr_id, 1)
  assert.equal(await status('gitlab.com/group/sub'), 404, 'a project "sub", never a namespace')
  assert.equal(await status('github.com/acme/prs'), 404, 'a project called "prs"')
  assert.equal(await status('github.com/nobody'), 200)
  assert.equal(await status('github.com/nobody/nothing/prs'), 200)
})

test('a service without any rows answers empty lists and 404', async () => {
  await using empty = await createApi({ empty: true })
  for (const [path, unit] of Object.entries(UNITS)) {
    const answer = await empty.get(path)
    assert.equal(answer.statusCode, path.startsWith('/api/projects') ? 200 : 206, path)
    assert.deepEqual([answer.body, answer.headers['content-range']], ['[]', `${unit} */0`], path)
  }
  for (const path of [
    '/api/runs/1',
    '/api/runs/merged/1',
    '/api/srpm-builds/1',
    '/api/copr-builds/1',
    '/api/copr-builds/groups/1',
    '/api/deliveries/1',
  ]) {
    assert.equal((await empty.get(path)).statusCode, 404, path)
  }
})
