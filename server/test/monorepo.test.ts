import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from './world.ts'

const CONFIG = `packages:
  server:
    downstream_package_name: hello-server
    paths: [server]
    specfile_path: hello-server.spec
  client:
    downstream_package_name: hello-client
    paths: [client]
    specfile_path: hello-client.spec
jobs:
- job: copr_build
  trigger: pull_request
  targets: [fedora-45-x86_64]
- job: copr_build
  trigger: pull_request
  packages: [client]
  identifier: epel
  targets: [epel-10-x86_64]
`

test('each package of a monorepo has a run of its own; jobs that differ in targets alone share an SRPM', async () => {
  await using world = await createWorld()
  await world.openPullRequest({ config: CONFIG })
  await world.settle()

  const runs = await world.runs()
  assert.deepEqual(
    runs.map((run) => [run.package, run.state, run.copr.map((c) => c.target)]),
    [
      ['server', 'success', ['fedora-45-x86_64']],
      ['client', 'success', ['fedora-45-x86_64', 'epel-10-x86_64']],
    ],
  )
  assert.deepEqual(world.srpms.made.map((input) => input.package).sort(), ['client', 'server'])
  const detail = await world.get<{ event_id: number; siblings: { package: string }[] }>(
    `/api/runs/merged/${runs[0]?.merged_run_id}`,
  )
  assert.deepEqual(
    detail.siblings.map((s) => s.package),
    ['client'],
  )
  assert.deepEqual(Object.keys(await world.checks(detail.event_id)).sort(), [
    'packit',
    'rpm-build:epel-10-x86_64:epel',
    'rpm-build:fedora-45-x86_64:client',
    'rpm-build:fedora-45-x86_64:server',
  ])
})

test('two projects whose names would be the same have repositories of their own', async () => {
  await using world = await createWorld()
  const one = await world.createRepository('one')
  const two = await world.createRepository('two')
  const tell = (repository: typeof one, namespace: string, name: string) => {
    const sha = repository.git('rev-parse', 'main')
    const pr = { number: 1, repository, base: { ref: 'main', sha }, head: { ref: 'main', sha } }
    return world.tell(pr, 'opened', {
      body: { repository: { url: repository.path, forge: 'localhost', namespace, name } },
    })
  }
  await tell(one, 'a-b', 'c')
  await tell(two, 'a', 'b-c')
  await world.settle()
  const names = (await world.service.database.db.query.pipelines.findMany()).map((p) => p.repositoryName)
  assert.equal(new Set(names).size, 2)
  assert.ok(names.includes('localhost-a-b-c-1'))
})
