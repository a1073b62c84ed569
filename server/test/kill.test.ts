// The service is killed at moments spread over the sample's way from delivery to repository, and started again.
import assert from 'node:assert/strict'
import { lstatSync, readdirSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { type DemoPullRequest, makeDemoPullRequest } from '../src/cli/demo-repository.ts'
import { query } from '../src/db/database.ts'
import { openEmbedded } from '../src/db/open.ts'
import { makeDatabase } from './database.ts'
import { ServiceProcess } from './service-process.ts'

const DELIVERY = 'the-only-one'

/** When to kill: what must have happened in the process that is to be killed. */
interface Moment {
  name: string
  comes(service: ServiceProcess): boolean | Promise<boolean>
  /** Whether the delivery was to be sent before. */
  untold?: boolean
}

/** A file or link below a folder of the data directory that this process wrote. */
const wrote =
  (folder: string, pattern: RegExp, bytes = 0) =>
  (service: ServiceProcess) =>
    filesOf(join(service.dataDir, folder)).some((path) => pattern.test(path) && isNew(path, service, bytes))

const holdsLock = (service: ServiceProcess) => isNew(join(service.dataDir, 'lock'), service)

function isNew(path: string, service: ServiceProcess, bytes = 0): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.mtimeMs >= service.startedAt && found.size >= bytes
}

const afterMs = (ms: number) => async () => {
  await sleep(ms)
  return true
}

const did = (job: string) => (service: ServiceProcess) => service.did(job)
const answers = (service: ServiceProcess) => service.url !== ''

/** Each row is one data directory, killed at one moment after the other; it ends after the last. */
const SERIES: readonly (readonly Moment[])[] = [
  [
    { name: 'while the delivery is on its way', comes: wrote('storage/deliveries', /json$/), untold: true },
    { name: 'as soon as it is answered', comes: () => true },
    { name: 'while the mirror is fetched', comes: wrote('mirrors', /packit|HEAD|objects/) },
    { name: 'when the plan is decided', comes: did('run-head') },
    { name: 'when the log of the SRPM begins', comes: wrote('storage/srpm', /build\.log$/) },
    { name: 'when the SRPM is stored', comes: wrote('storage', /\.src\.rpm$/) },
  ],
  [
    { name: '40 ms after the answer', comes: afterMs(40) },
    { name: 'while the database is opened', comes: holdsLock },
    { name: 'in the middle of the log of the SRPM', comes: wrote('storage/srpm', /build\.log$/, 500) },
    { name: 'when the SRPM is made', comes: did('build-srpm') },
    { name: 'when the log of the build begins', comes: wrote('storage/builds', /build\.log$/) },
  ],
  [
    { name: '150 ms after the answer', comes: afterMs(150) },
    { name: 'as soon as it answers again', comes: answers },
    { name: 'in the middle of the log of the build', comes: wrote('storage/builds', /build\.log$/, 2000) },
    { name: 'when the packages are stored', comes: wrote('storage/builds', /\.rpm$/) },
    { name: 'when the repository is begun', comes: wrote('storage/repos', /x86_64\.rpm$|aarch64\.rpm$/) },
  ],
  [
    { name: '500 ms after the answer', comes: afterMs(500) },
    { name: 'when the build has started', comes: did('start-build') },
    { name: 'when its metadata is there', comes: wrote('storage/repos', /repomd\.xml$/) },
    { name: 'when it is in its place', comes: wrote('storage/repos', /\/host-[^/]*$/) },
    { name: 'when it is published', comes: did('publish-repository') },
  ],
]

let folder = ''
let template = ''
let expected: End
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packit-kill-'))
  template = join(folder, 'template')
  await makeDatabase(join(template, 'database'))
  expected = await runSeries('never', [])
})
after(() => rm(folder, { recursive: true, force: true }))

test('a run that nobody disturbs has one of everything', () => {
  const { rows, files } = expected
  assert.deepEqual([rows.deliveries.length, rows.events.length, rows.pipelines.length], [1, 1, 1])
  assert.deepEqual([rows.srpms, rows.pipelines[0]?.attempt], [[{ state: 'success' }], 1])
  assert.equal(rows.builds.length, 1)
  assert.deepEqual(rows.targets.filter(({ state }) => state === 'success').length, 1)
  assert.equal(rows.pipelines[0]?.published, true)
  assert.equal(files.filter((path) => /runs\/.*repomd\.xml$/.test(path)).length, 1)
})

test('killed at any moment and started again, the service comes to the same end', { concurrency: 2 }, async (t) => {
  const done = SERIES.map((moments, index) =>
    t.test(moments.map(({ name }) => name).join('; '), async () => {
      assert.deepEqual(await runSeries(`series-${index}`, moments), expected)
    }),
  )
  await Promise.all(done)
})

/** Delivers the sample's pull request, kills the service at each moment in turn, and lets the last one finish. */
async function runSeries(name: string, moments: readonly Moment[]): Promise<End> {
  const dataDir = join(folder, name)
  await cp(template, dataDir, { recursive: true })
  const pull = await makeDemoPullRequest(dataDir, new Date('2026-01-02T03:04:05Z'))
  let told = false
  for (const moment of moments) {
    await using service = ServiceProcess.launch(dataDir)
    if (moment.untold) {
      await service.answering()
      // a forge that was not answered sends it again, with the same id
      void tell(service, pull).catch(() => {})
    } else told ||= await tellOnce(service, pull)
    await service.until(() => moment.comes(service), `came to: ${moment.name}`)
    await service.kill()
  }
  await using service = await ServiceProcess.start(dataDir)
  if (!told) assert.equal(await tell(service, pull), 202)
  await service.until(() => hasEnded(service), 'came to the end', 50)
  assert.equal(await service.stop(), 0, service.errors)
  return readEnd(dataDir)
}

async function tellOnce(service: ServiceProcess, pull: DemoPullRequest): Promise<boolean> {
  await service.answering()
  assert.equal(await tell(service, pull), 202)
  return true
}

const tell = (service: ServiceProcess, { repository, base, head }: DemoPullRequest) =>
  service.deliver(
    {
      ...{ kind: 'pull_request', action: 'opened', number: 1, title: 'Greet', author: 'ann', base },
      repository: { url: repository, forge: 'localhost', namespace: 'acme', name: 'hello' },
      head: { repository_url: repository, ...head },
      updated_at: '2026-01-02T03:04:05Z',
    },
    DELIVERY,
  )

async function hasEnded(service: ServiceProcess): Promise<boolean> {
  const runs = await service.get<{ state: string }[]>('/api/runs')
  if (runs.length === 0 || runs.some(({ state }) => state === 'pending' || state === 'running')) return false
  const { queue } = await service.get<{ queue: { waiting: number; running: number } }>('/api/status')
  return queue.waiting + queue.running === 0
}

type End = Awaited<ReturnType<typeof readEnd>>

/** All that is there at the end, without what differs from run to run. */
async function readEnd(dataDir: string) {
  const storage = join(dataDir, 'storage')
  const files = filesOf(storage).map((path) => relative(storage, path))
  const logs = files.filter((path) => path.endsWith('build.log'))
  return {
    rows: await readRows(join(dataDir, 'database')),
    // what a killed process had half written has a name of its own there
    files: files
      .filter((path) => !path.startsWith('.new/'))
      .map(unified)
      .sort(),
    logs: Object.fromEntries(
      await Promise.all(
        logs.map(async (path) => [path, unified(await readFile(join(storage, path), 'utf8')).split('\n')]),
      ),
    ) as Record<string, string[]>,
    work: await readdir(join(dataDir, 'work')),
  }
}

async function readRows(dir: string) {
  const database = await openEmbedded(dir)
  try {
    const all = database.db.query
    const pipelines = await all.pipelines.findMany()
    const dead = await query(database.db, sql`select name from pgboss.job where name like 'dead-%'`)
    return {
      deliveries: (await all.deliveries.findMany()).map(({ state, decision, eventId }) => ({
        state,
        decision,
        eventId,
      })),
      events: (await all.projectEvents.findMany()).map(({ supersededBy }) => ({ supersededBy })),
      pipelines: pipelines.map(({ attempt, state, reason, publishedAt }) => ({
        ...{ attempt, state, reason },
        published: publishedAt !== null,
      })),
      srpms: (await all.srpmBuilds.findMany()).map(({ state }) => ({ state })),
      builds: (await all.builds.findMany()).map(({ buildId, cancelReason }) => ({ buildId, cancelReason })),
      targets: (await all.buildTargets.findMany({ orderBy: (t) => t.id })).map(({ target, state, files }) => ({
        ...{ target, state },
        files: (files ?? []).map(({ name, size }) => `${unified(name)} ${size > 0}`),
      })),
      checks: (await all.checks.findMany({ orderBy: (c) => c.name })).map(({ name, state, title }) => ({
        ...{ name, state, title },
      })),
      dead,
    }
  } finally {
    await database.close()
  }
}

/** Without times, checksums and names made up on the way. */
function unified(text: string): string {
  return text
    .replace(/rpm-tmp\.\w+/g, 'rpm-tmp')
    .replace(/\b[0-9a-f]{16,}\b/g, '…')
    .replace(/g[0-9a-f]{7,}/g, 'g…')
    .replace(/\d+/g, '0')
}

function filesOf(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    // not there yet, or gone meanwhile
    return []
  }
}
