// One process owns a data directory: who comes second, who comes after a killed one, and who is stopped in good order.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDemoPullRequest } from '../src/cli/demo-repository.ts'
import { findOwner, holdDirectory } from '../src/cli/owner.ts'
import { openEmbedded } from '../src/db/open.ts'
import { makeDatabase } from './database.ts'
import { runCommand, ServiceProcess } from './service-process.ts'

/** A data directory with a database, gone at the end of a test. */
async function openDataDir(): Promise<{ dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), 'packit-owner-'))
  await makeDatabase(join(dir, 'database'))
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}

const DELETED_BRANCH = {
  ...{ kind: 'push', ref: 'refs/heads/old', before: '1'.repeat(40), after: '0'.repeat(40) },
  repository: { url: 'https://example.org/acme/hello' },
}

test('who comes second is told who is first; data commands go through that one', async () => {
  await using data = await openDataDir()
  await using first = await ServiceProcess.start(data.dir)
  assert.equal(await first.deliver(DELETED_BRANCH, 'one'), 202)
  await first.until(() => first.did('decide-delivery'), 'decided')

  const owner = new RegExp(`in use by process ${first.pid}, which serves ${first.url}\\.`)
  for (const args of [['serve'], ['demo', '--once'], ['migrate']]) {
    const { code, errors, output } = await runCommand(data.dir, args)
    assert.equal(code, 2, `${args}: ${output}`)
    assert.match(errors, owner)
  }
  assert.equal((await stat(join(data.dir, 'control.sock'))).mode & 0o777, 0o600)

  const list = await runCommand(data.dir, ['deliveries'])
  assert.deepEqual([list.code, list.errors], [0, ''])
  assert.match(list.output, /^1 {2}\S+ {2}git {2}push {2}nothing to do {2}branch old was deleted\n$/)
  const replay = await runCommand(data.dir, ['replay', '1'])
  assert.deepEqual([replay.code, replay.output], [0, 'delivery 1 will be decided again\n'])
  await first.until(
    () => first.lines.filter(({ job, outcome }) => job === 'decide-delivery' && outcome === 'done').length === 2,
    'decided again',
  )
  const cancel = await runCommand(data.dir, ['cancel', '7'])
  assert.equal(cancel.code, 2)
  assert.match(cancel.errors, /there is no run 7/)
  // it serves on
  assert.equal((await first.get<{ ready: boolean }>('/api/readyz')).ready, true)
})

test('what a killed owner left is taken over, by commands and by the next service', async () => {
  await using data = await openDataDir()
  await using first = await ServiceProcess.start(data.dir)
  assert.equal(await first.deliver(DELETED_BRANCH, 'one'), 202)
  await first.kill()
  assert.match(await readFile(join(data.dir, 'lock'), 'utf8'), new RegExp(`"pid": ${first.pid},`))

  // nobody answers on the socket that it left: the command opens the database itself, and leaves it free
  const list = await runCommand(data.dir, ['deliveries'])
  assert.deepEqual([list.code, list.errors], [0, ''])
  assert.match(list.output, /^1 {2}\S+ {2}git {2}push /)
  assert.equal(await findOwner(data.dir), undefined)
  assert.equal((await runCommand(data.dir, ['replay', '2'])).code, 2)
  assert.equal((await runCommand(data.dir, ['replay', '1'])).code, 0)

  await using next = await ServiceProcess.start(data.dir)
  assert.equal((await findOwner(data.dir))?.pid, next.pid)
  await next.until(() => next.did('decide-delivery'), 'decided what was to be decided again')
})

test('SIGTERM hands over what runs, and the next start finishes it', async () => {
  await using data = await openDataDir()
  const pull = await makeSlowPullRequest(data.dir)
  await using first = await ServiceProcess.start(data.dir)
  const { repository, base, head } = pull
  const body = {
    ...{ kind: 'pull_request', action: 'opened', number: 1, title: 'Slow', author: 'ann', base },
    repository: { url: repository, forge: 'localhost', namespace: 'acme' },
    head: { repository_url: repository, ...head },
  }
  assert.equal(await first.deliver(body, 'one'), 202)
  await first.until(() => hasLine(data.dir, 'srpm/1/build.log', /Preparation|post-upstream-clone/), 'made the SRPM', 20)
  assert.equal(await first.stop(), 0, first.errors)
  assert.ok(first.did('build-srpm', 'handed over'), JSON.stringify(first.lines.slice(-5)))

  await using second = await ServiceProcess.start(data.dir)
  const log = `builds/1/${await findHostChroot(second)}/build.log`
  await second.until(() => hasLine(data.dir, log, /^\+ sleep 2/m), 'built', 20)
  assert.equal(await second.stop('SIGINT'), 0, second.errors)

  await using third = await ServiceProcess.start(data.dir)
  await third.until(() => third.did('publish-repository'), 'published', 20)
  assert.equal(await third.stop(), 0, third.errors)
  const database = await openEmbedded(join(data.dir, 'database'))
  const { srpmBuilds, builds, pipelines } = database.db.query
  assert.deepEqual(
    (await srpmBuilds.findMany()).map(({ state }) => state),
    ['success'],
  )
  assert.equal((await builds.findMany()).length, 1)
  assert.deepEqual(
    (await pipelines.findMany()).map(({ attempt, publishedAt }) => [attempt, publishedAt !== null]),
    [[1, true]],
  )
  await database.close()
})

test('an owner in another container is believed for as long as it touches its lock', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-owner-'))
  const lock = join(dir, 'lock')
  const other = { pid: 1, startTime: '1', place: 'elsewhere', address: 'http://10.0.0.7:8080', since: '' }
  await writeFile(lock, JSON.stringify(other))
  await assert.rejects(holdDirectory(dir), /in use by process 1, which serves http:\/\/10\.0\.0\.7:8080/)
  const longAgo = new Date(Date.now() - 60_000)
  await utimes(lock, longAgo, longAgo)
  const held = await holdDirectory(dir)
  assert.equal((await findOwner(dir))?.pid, process.pid)
  await assert.rejects(holdDirectory(dir), /in use by process/)
  await held.release()
  assert.equal(await findOwner(dir), undefined)
  await rm(dir, { recursive: true })
})

test('a lock whose process id belongs to somebody else by now, or that says nothing, is taken over', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-owner-'))
  const lock = join(dir, 'lock')
  const own = await holdDirectory(dir)
  const mine = JSON.parse(await readFile(lock, 'utf8')) as object
  await own.release()
  for (const text of [JSON.stringify({ ...mine, startTime: '1' }), '', '{"pid":']) {
    await writeFile(lock, text)
    const held = await holdDirectory(dir)
    await held.release()
  }
  await rm(dir, { recursive: true })
})

/** The sample's pull request, whose SRPM and build take two seconds each. */
async function makeSlowPullRequest(dir: string) {
  const { repository } = await makeDemoPullRequest(dir, new Date('2026-01-02T03:04:05Z'))
  const config = join(repository, '.packit.yaml')
  const spec = join(repository, 'hello.spec')
  await writeFile(config, `${await readFile(config, 'utf8')}\nactions:\n  post-upstream-clone: ["sleep 2"]\n`)
  await writeFile(spec, (await readFile(spec, 'utf8')).replace('%build\n', '%build\nsleep 2\n'))
  // commits what lies in the work tree
  return makeDemoPullRequest(dir, new Date('2026-01-02T03:04:06Z'))
}

async function hasLine(dataDir: string, key: string, pattern: RegExp): Promise<boolean> {
  return pattern.test(await readFile(join(dataDir, 'storage', key), 'utf8').catch(() => ''))
}

async function findHostChroot(service: ServiceProcess): Promise<string> {
  const { builders } = await service.get<{ builders: { chroots: string[] }[] }>('/api/status')
  return builders[0]?.chroots[0] ?? ''
}
