// What Copr does and a client stumbles over: the fake does it, too.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { FakeCopr } from './fake-copr.ts'
import type { CoprMessage } from './messages.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'
const messages: CoprMessage[] = []
const copr = await FakeCopr.start({ onMessage: (message) => void messages.push(message) })
after(() => copr[Symbol.asyncDispose]())
const credentials = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`
const auth = credentials(`${copr.user.login}:${copr.user.token}`)

async function call(method: string, path: string, json?: object, authorization = auth) {
  const init = { method, redirect: 'manual' as const, headers: { authorization, 'content-type': 'application/json' } }
  const response = await fetch(`${copr.url}/api_3${path}`, { ...init, ...(json ? { body: JSON.stringify(json) } : {}) })
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown> & { id: number; error: string }
  return { status: response.status, body, headers: response.headers }
}

async function upload(project: string, options: object = {}) {
  const form = new FormData()
  const json = new Blob([JSON.stringify({ ownername: 'packit', projectname: project, ...options })])
  form.append('json', json, 'json')
  form.append('pkgs', new Blob(['an SRPM']), 'hello-1.0-1.src.rpm')
  const init = { method: 'POST', headers: { authorization: auth }, body: form }
  const response = await fetch(`${copr.url}/api_3/build/create/upload`, init)
  return { status: response.status, body: (await response.json()) as { id: number; error: string } }
}

async function makeProject(name: string, more: object = {}) {
  return call('POST', '/project/add/packit', { name, chroots: [FEDORA, EPEL], ...more })
}

test('paths that end in a slash are redirected to it', async () => {
  const { status, headers } = await call('GET', '/project?ownername=a&projectname=b')
  assert.equal(status, 308)
  assert.equal(headers.get('location'), '/api_3/project/?ownername=a&projectname=b')
})

test('exist_ok counts in one spelling alone, and changes nothing of the project', async () => {
  await makeProject('twice', { description: 'first' })
  const again = { name: 'twice', chroots: [FEDORA], description: 'second' }
  assert.equal((await call('POST', '/project/add/packit?exist_ok=true', again)).status, 400)
  const { status, body } = await call('POST', '/project/add/packit?exist_ok=True', again)
  assert.equal(status, 200)
  assert.equal(body.description, 'first')
  assert.equal(Object.keys(body.chroot_repos as object).length, 2)
})

test('an edit replaces the chroots; what is called additional_repos is edited as repos; expiry is never told', async () => {
  await makeProject('edited', { additional_repos: ['copr://a/b'], delete_after_days: 60 })
  const { body } = await call('PUT', '/project/edit/packit/edited', { chroots: [EPEL], repos: ['copr://c/d'] })
  assert.deepEqual(Object.keys(body.chroot_repos as object), [EPEL])
  assert.deepEqual(body.additional_repos, ['copr://c/d'])
  assert.equal('delete_after_days' in body, false)
  assert.equal(copr.project('packit', 'edited').deleteAfterDays, 60)
})

test('who is not known gets 401, an unreadable header 500, and reads need nobody', async () => {
  await makeProject('read')
  assert.equal((await call('GET', '/auth-check', undefined, credentials('a:b'))).status, 401)
  assert.equal((await call('GET', '/auth-check', undefined, credentials('a:b:c'))).status, 500)
  const response = await fetch(`${copr.url}/api_3/project/?ownername=packit&projectname=read`)
  assert.equal(response.status, 200)
})

test('a chroot that still builds can’t be dropped, an ended build can’t be cancelled, an unfinished one not deleted', async () => {
  await makeProject('busy')
  const { body } = await upload('busy', { chroots: [FEDORA] })
  assert.equal((await call('PUT', '/project/edit/packit/busy', { chroots: [EPEL] })).status, 409)
  assert.equal((await call('DELETE', `/build/delete/${body.id}`)).status, 500)
  assert.equal((await call('PUT', `/build/cancel/${body.id}`)).body.state, 'canceled')
  const again = await call('PUT', `/build/cancel/${body.id}`)
  assert.deepEqual([again.status, again.body.error], [409, `Cannot cancel build ${body.id}`])
})

test('the source of a build that waits is a 500, later a state and an address', async () => {
  await makeProject('source')
  const { body } = await upload('source', { chroots: [FEDORA] })
  assert.equal((await call('GET', `/build/source-chroot/${body.id}`)).status, 500)
  copr.endSource(body.id, 'succeeded')
  const found = await call('GET', `/build/source-chroot/${body.id}`)
  assert.deepEqual(found.body.state, 'succeeded')
  assert.match(String(found.body.result_url), new RegExp(`/results/packit/source/srpm-builds/0000${body.id}/$`))
})

test('a build cancelled before a worker took it keeps chroots that never end; one that runs ends like a failure', async () => {
  await makeProject('ends')
  const early = await upload('ends', { chroots: [FEDORA] })
  copr.cancel(early.body.id)
  const late = await upload('ends', { chroots: [FEDORA] })
  copr.begin(late.body.id, FEDORA)
  messages.length = 0
  copr.cancel(late.body.id)
  const states = async (id: number) => {
    const { body } = await call('GET', `/build-chroot/list?build_id=${id}`)
    return (body.items as { state: string; ended_on: number | null }[]).map((one) => [one.state, one.ended_on === null])
  }
  assert.deepEqual(await states(early.body.id), [['waiting', true]])
  assert.deepEqual(await states(late.body.id), [['failed', false]])
  assert.deepEqual(
    messages.map(({ topic, body }) => [topic, body.status]),
    [['copr.build.end', 0]],
  )
})

test('not every way to end leaves a time: states alone tell the end', async () => {
  await makeProject('paths')
  const ends = async (act: (id: number) => void) => {
    const { body } = await upload('paths', { chroots: [FEDORA] })
    act(body.id)
    const build = (await call('GET', `/build/${body.id}`)).body
    const [chroot] = (await call('GET', `/build-chroot/list?build_id=${body.id}`)).body.items as Record<
      string,
      unknown
    >[]
    return [build.state, chroot?.state, chroot?.ended_on === null ? 'no time' : 'time']
  }
  const { progress } = copr
  assert.deepEqual(await ends((id) => copr.end(id, FEDORA, 'succeeded')), ['succeeded', 'succeeded', 'time'])
  assert.deepEqual(await ends((id) => copr.endSource(id, 'failed')), ['failed', 'failed', 'time'])
  assert.deepEqual(await ends((id) => copr.endSource(id, 'import-failed')), ['failed', 'failed', 'no time'])
  assert.deepEqual(await ends((id) => progress.skipChroot(copr.build(id), FEDORA)), ['skipped', 'skipped', 'time'])
  const endOfLife = (id: number) => {
    copr.endSource(id, 'succeeded')
    progress.endOfLife(copr.build(id), FEDORA)
  }
  assert.deepEqual((await ends(endOfLife)).slice(1), ['canceled', 'no time'])
})

test('options of an upload are a file of the form: as a field they are not looked at', async () => {
  await makeProject('field')
  const form = new FormData()
  form.append('json', JSON.stringify({ ownername: 'packit', projectname: 'field' }))
  form.append('pkgs', new Blob(['an SRPM']), 'hello-1.0-1.src.rpm')
  const init = { method: 'POST', headers: { authorization: auth }, body: form }
  assert.equal((await fetch(`${copr.url}/api_3/build/create/upload`, init)).status, 500)
})

test('a fault of the way comes as a page, a limit with or without its time', async () => {
  const pages = { 'bad-gateway': 502, unavailable: 503, 'gateway-timeout': 504, 'wrong-type': 200 } as const
  const ask = async () => {
    const { status, headers } = await fetch(`${copr.url}/api_3/mock-chroots/list`)
    return [status, headers.get('content-type'), headers.get('retry-after')]
  }
  for (const [kind, status] of Object.entries(pages)) {
    copr.faults.add({ kind: kind as keyof typeof pages })
    assert.deepEqual(await ask(), [status, 'text/html', null], kind)
  }
  copr.faults.add({ kind: 'too-many', retryAfterSeconds: 7 })
  copr.faults.add({ kind: 'too-many' })
  assert.deepEqual(
    [await ask(), await ask()],
    [
      [429, 'text/html', '7'],
      [429, 'text/html', null],
    ],
  )
})

test('an import that failed is told by nobody: its source ended well on the bus', async () => {
  await makeProject('import')
  const { body } = await upload('import', { chroots: [FEDORA] })
  messages.length = 0
  copr.endSource(body.id, 'import-failed')
  assert.deepEqual(
    messages.map(({ topic, body: { chroot, status } }) => `${topic} ${chroot} ${status}`),
    ['copr.chroot.start srpm-builds 3', 'copr.build.start srpm-builds 3', 'copr.build.end srpm-builds 1'],
  )
  assert.equal((await call('GET', `/build/${body.id}`)).body.state, 'failed')
})

test('one failed chroot makes the build fail only when no other is at work', async () => {
  await makeProject('worst')
  const { body } = await upload('worst', { chroots: [FEDORA, EPEL] })
  copr.begin(body.id, EPEL)
  copr.end(body.id, FEDORA, 'failed')
  assert.equal((await call('GET', `/build/${body.id}`)).body.state, 'running')
  copr.end(body.id, EPEL, 'succeeded')
  assert.equal((await call('GET', `/build/${body.id}`)).body.state, 'failed')
})

test('builds by address are answered as a list; a missing owner is a 500, an unknown chroot a 400', async () => {
  await makeProject('odd')
  const of = { ownername: 'packit', projectname: 'odd' }
  const { body } = await call('POST', '/build/create/url', { ...of, pkgs: ['https://example.org/a.src.rpm'] })
  assert.equal((body.items as object[]).length, 1)
  assert.equal((await call('POST', '/build/create/url', { projectname: 'odd', pkgs: [] })).status, 500)
  assert.equal((await upload('odd', { chroots: ['fedora-1-x86_64'] })).status, 400)
  assert.equal((await call('GET', '/no-such-thing')).body.error, "Such API endpoint doesn't exist")
})

test('who says for which forge’s project it builds has to be let in by the Copr project', async () => {
  await makeProject('forge', { packit_forge_projects_allowed: ['github.com/acme/*'] })
  const build = async (project: string) => (await upload('forge', { packit_forge_project: project })).status
  assert.deepEqual([await build('github.com/acme/hello'), await build('github.com/mallory/hello')], [200, 403])
})

test('a log is plain while its task runs, then packed, and the plain name leads there; repo files know their chroots', async () => {
  await makeProject('logs')
  const { body } = await upload('logs', { chroots: [FEDORA] })
  copr.begin(body.id, FEDORA)
  const folder = `${copr.url}/results/packit/logs/${FEDORA}/0000${body.id}-hello`
  const status = async (name: string) => (await fetch(`${folder}/${name}`, { redirect: 'manual' })).status
  assert.deepEqual([await status('builder-live.log'), await status('builder-live.log.gz')], [200, 404])
  copr.end(body.id, FEDORA, 'succeeded')
  assert.deepEqual([await status('builder-live.log'), await status('builder-live.log.gz')], [302, 200])
  assert.equal(await status('success'), 200)
  const repo = async (release: string) => fetch(`${copr.url}/coprs/packit/logs/repo/${release}/x.repo`)
  assert.equal((await repo('fedora-45')).status, 200)
  const missing = await repo('fedora-1')
  assert.equal(missing.status, 404)
  assert.match(Buffer.from(missing.headers.get('copr-error-data') ?? '', 'base64').toString(), /available chroots/)
})

test('a script has 4096 characters at most and runs in a chroot that there is; what it makes is told when it is made', async () => {
  await makeProject('custom')
  const build = (more: object) =>
    call('POST', '/build/create/custom', { ownername: 'packit', projectname: 'custom', chroots: [FEDORA], ...more })
  const good = { script: '#!/bin/sh\n# ours', chroot: 'fedora-latest-x86_64', resultdir: 'out' }
  assert.equal((await build({ ...good, script: 'x'.repeat(4097) })).status, 400)
  assert.equal((await build({ ...good, chroot: 'fedora-1-x86_64' })).status, 400)
  const { status, body } = await build(good)
  assert.equal(status, 200)

  const { body: config } = await call('GET', `/build/source-build-config/${body.id}`)
  assert.deepEqual([config.source_type, (config.source_dict as { script: string }).script], ['custom', good.script])
  assert.equal((await call('GET', `/build/source-chroot/${body.id}`)).status, 500)
  copr.endSource(body.id, 'succeeded')
  const { url } = (await call('GET', `/build/${body.id}`)).body.source_package as { url: string }
  assert.equal((await fetch(url)).status, 200)
})
