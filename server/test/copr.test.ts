// The whole way through Copr: webhook, SRPM, project and build there, its states, logs and repository, the report.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { FakeCopr } from '../src/builders/copr/fake/fake-copr.ts'
import { createWorld, type World } from './world.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'
const BAD_LOG = 'Executing(%check): /bin/sh\nFAIL: test_one\nerror: Bad exit status from /var/tmp/rpm-tmp.x (%check)\n'

interface Detail {
  event_id: number
  state: string
  install: string[]
  repository: { name: string; url: string } | null
  expired_at: number | null
  causes: { section: string | null; target: string }[]
  steps: { kind: string; target: string | null; state: string; reason: string | null; log: string | null }[]
}

interface Build {
  build_id: string
  copr_owner: string | null
  copr_project: string | null
  web_url: string
  build_logs_url: string
  builder: string
  log: string
}

async function detail(world: World, index = 0): Promise<Detail> {
  const runs = await world.runs()
  return world.get<Detail>(`/api/runs/merged/${runs[index]?.merged_run_id}`)
}

/** Waits for a state that follows from polls: nothing tells when it is there. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50)
}

test('a pull request is built in Copr for all its chroots at once, and Copr’s repository is reported', async () => {
  await using copr = await FakeCopr.start()
  await using world = await createWorld({ copr, env: { PACKIT_POLL_INTERVAL: '1s' } })
  await world.openPullRequest()
  await world.settle()
  const [build, ...more] = copr.builds
  assert.ok(build)
  assert.equal(more.length, 0)
  assert.match(build.project.name, /^localhost-acme-hello-.*-1$/)
  copr.end(build.id, FEDORA, 'succeeded')
  copr.end(build.id, EPEL, 'failed', { log: BAD_LOG })
  await until(async () => (await detail(world)).state === 'failure')
  await world.settle()

  const run = await detail(world)
  assert.deepEqual(
    run.causes.map(({ target, section }) => [target, section]),
    [[EPEL, '%check']],
  )
  const { owner, name } = build.project
  const repoFile = `${copr.url}/coprs/${owner}/${name}/repo/fedora-45/${owner}-${name}-fedora-45.repo`
  assert.deepEqual(run.install, [
    `sudo curl -fo /etc/yum.repos.d/${owner}-${name}-fedora-45.repo ${repoFile}`,
    'sudo dnf install hello-1.0-1',
  ])
  assert.equal((await fetch(repoFile)).status, 200)
  assert.equal(run.repository?.url, `${copr.url}/coprs/${owner}/${name}/`)
  const [entry] = (await world.runs())[0]?.copr ?? []
  const shown = await world.get<Build>(`/api/copr-builds/${entry?.packit_id}`)
  assert.deepEqual(
    { ...shown, build_logs_url: '', log: '' },
    {
      ...shown,
      ...{ build_id: String(build.id), builder: 'copr', copr_owner: owner, copr_project: name },
      ...{ web_url: `${copr.url}/coprs/build/${build.id}/`, build_logs_url: '', log: '' },
    },
  )
  assert.match(shown.build_logs_url, /\/results\/.*\/builder-live\.log\.gz$/)
  assert.match((await world.http.inject({ url: shown.log })).body, /Wrote: /)
  assert.deepEqual(await world.checks(run.event_id), {
    [`rpm-build:${FEDORA}`]: 'success',
    [`rpm-build:${EPEL}`]: 'failure',
    packit: 'failure',
  })
})
