import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import { createWorld, type World } from './world.ts'

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

/** Has pull request 1 run again, as a whole. */
async function askForAll(world: World, name: string): Promise<void> {
  const answer = await world.post(`/api/projects/localhost/acme/${name}/runs`, { body: { pr: 1 } })
  assert.equal(answer.statusCode, 202, answer.body)
  await world.settle()
}

test('each package of a monorepo has a run of its own; jobs that differ in targets alone share an SRPM', async () => {
  await using world = await createWorld()
  await world.openPullRequest({ config: CONFIG, files: { 'server/a': '', 'client/a': '' } })
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

test('a package whose folders are left alone is not built, until somebody asks for all of it', async () => {
  await using world = await createWorld()
  const pr = await world.openPullRequest({ config: CONFIG, files: { 'client/main.c': 'int x;\n' } })
  await world.settle()
  const runs = await world.runs()
  assert.deepEqual(
    runs.map((run) => run.package),
    ['client'],
  )
  const id = runs[0]?.merged_run_id
  const { decision } = await world.get<{ decision: { jobs: { package: string; reason: string }[] } }>(
    `/api/runs/merged/${id}`,
  )
  assert.equal(decision.jobs.find((job) => job.package === 'server')?.reason, 'nothing below server was changed')

  // the whole pull request counts, not its last commit
  await world.push(pr)
  await world.settle()
  assert.equal((await world.runs()).at(-1)?.package, 'client')

  await askForAll(world, basename(pr.repository.path))
  assert.deepEqual(
    (await world.runs())
      .slice(-2)
      .map((run) => run.package)
      .sort(),
    ['client', 'server'],
  )
})

test('a change of the package configuration concerns every package', async () => {
  await using world = await createWorld()
  await world.openPullRequest({ config: CONFIG, files: { '.packit.yaml': `${CONFIG}# changed\n` } })
  await world.settle()
  assert.deepEqual((await world.runs()).map((run) => run.package).sort(), ['client', 'server'])
})

test('a commit that says so is passed over, with the reason, until somebody asks for it', async () => {
  await using world = await createWorld()
  const repository = await world.createRepository()
  const sha = await repository.commit({ NEWS: 'x' }, 'Tidy up\n\nNothing to see here. [Skip CI]')
  await world.deliver({
    kind: 'pull_request',
    action: 'opened',
    repository: { url: repository.path, forge: 'localhost', namespace: 'acme' },
    number: 1,
    title: 'Tidy up',
    author: 'ann',
    base: { ref: 'main', sha: repository.git('rev-parse', 'main~1') },
    head: { ref: 'main', sha },
  })
  await world.settle()
  const [run] = await world.runs()
  assert.deepEqual([run?.state, run?.reason], ['skipped', 'Skipped: the commit says [Skip CI]'])
  await askForAll(world, basename(repository.path))
  assert.equal((await world.runs()).at(-1)?.state, 'success')
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
