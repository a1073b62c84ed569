// The whole way with nothing fake: git, sandbox, rpmbuild, createrepo_c, dnf.
import assert from 'node:assert/strict'
import { cp, readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { TestRepository } from '../src/git/test-repository.ts'
import { installIntoEmptyRoot } from './install.ts'
import { createWorld, type World } from './world.ts'

const SAMPLE = fileURLToPath(new URL('../../examples/hello', import.meta.url))

async function sampleRepository(world: World, name = 'hello'): Promise<TestRepository> {
  const repository = await TestRepository.create(`${world.dir}/git/${name}`)
  await cp(SAMPLE, repository.path, { recursive: true })
  repository.git('add', '--all')
  await repository.commit({}, 'Say hello')
  repository.git('tag', 'v1.0.0')
  return repository
}

interface Detail {
  state: string
  reason: string | null
  repository: { name: string } | null
  causes: { section: string | null; summary: string; target: string | null }[]
  steps: { kind: string; name: string; state: string; log: string | null }[]
}

const detail = async (world: World, index = 0) =>
  world.get<Detail>(`/api/runs/merged/${(await world.runs())[index]?.merged_run_id}`)

test('the sample of a pull request is built, published, installed by dnf into an empty root, and runs', async () => {
  await using world = await createWorld({ real: true, testsHere: true })
  const repository = await sampleRepository(world)
  const config = await readFile(`${repository.path}/.packit.yaml`, 'utf8')
  const spec = await readFile(`${repository.path}/hello.spec`, 'utf8')
  await world.openPullRequest({
    repository,
    files: {
      '.packit.yaml': config.replace('jobs:\n', 'jobs:\n  - {job: tests, trigger: pull_request}\n'),
      'hello.spec': spec.replace('License:', 'BuildRoot: /var/tmp/hello\nLicense:'),
    },
  })
  await world.finish()

  const run = await detail(world)
  assert.match(run.reason ?? '', /^0 of 3 wanted targets: this installation builds for host-/)
  const host = run.steps.find((step) => step.name.startsWith('host-'))
  assert.equal(host?.state, 'success')
  const log = (await world.http.inject({ url: host?.log ?? '' })).body
  assert.match(log.split('\n')[0] ?? '', /build dependencies|Build dependencies/)
  assert.match(log, /Wrote: .*hello-1\.0\.0-1\.\d{20}\.pr1/)

  // tested on this machine, with what was found in the spec file at its line
  const rows = await world.service.database.db.query.checks.findMany()
  const check = rows.find(({ name }) => name === `testing-farm:${host?.name}`)
  assert.equal(check?.state, 'success', `${check?.title} ${check?.summary}`)
  const line = spec.split('\n').findIndex((text) => text.startsWith('License:')) + 1
  const found = check?.annotations.map(({ path, startLine, level, title }) => `${path}:${startLine} ${level} ${title}`)
  assert.deepEqual(found, [`hello.spec:${line} warning rpmlint: hardcoded-path-in-buildroot-tag`])

  const folder = await world.service.storage.localPath(`repos/${run.repository?.name}/${host?.name}`)
  assert.ok((await readdir(`${folder}/repodata`)).includes('repomd.xml'))
  await using installed = await installIntoEmptyRoot(folder, ['hello'])
  const said = await installed.run('/usr/bin/hello')
  assert.deepEqual(said, { status: 0, output: 'Hello, world!\n' })
})

test('a failing %check ends the run with its cause, and nothing is published', async () => {
  await using world = await createWorld({ real: true })
  const repository = await sampleRepository(world)
  const source = await readFile(`${repository.path}/src/hello.c`, 'utf8')
  await world.openPullRequest({ repository, files: { 'src/hello.c': source.replace('Hello', 'Bye') } })
  await world.finish()

  const run = await detail(world)
  assert.equal(run.state, 'failure')
  assert.equal(run.repository, null)
  assert.deepEqual(
    run.causes.map((c) => c.section),
    ['%check'],
  )
})

test('a build over the time limit is stopped, and says so', async () => {
  await using world = await createWorld({ real: true, env: { PACKIT_BUILD_TIME: '3s' } })
  const repository = await sampleRepository(world)
  const spec = await readFile(`${repository.path}/hello.spec`, 'utf8')
  await world.openPullRequest({ repository, files: { 'hello.spec': spec.replace('%build\n', '%build\nsleep 600\n') } })
  await world.finish()

  const run = await detail(world)
  assert.equal(run.state, 'failure')
  assert.match(run.reason ?? '', /time limit|PACKIT_BUILD_TIME|took longer/)
})

test('two pull requests at once, one of a fork, are both built', async () => {
  await using world = await createWorld({ real: true })
  const upstream = await sampleRepository(world)
  const fork = await TestRepository.create(`${world.dir}/git/fork`)
  fork.git('pull', '--quiet', upstream.path, 'main')
  const forked = await fork.commit({ NEWS: 'from a fork\n' }, 'From a fork')
  await Promise.all([
    world.openPullRequest({ repository: upstream, number: 1, files: { CHANGES: 'one\n' } }),
    world.tell(
      {
        number: 2,
        repository: upstream,
        base: { ref: 'main', sha: upstream.git('rev-parse', 'main') },
        head: { ref: 'main', sha: forked },
      },
      'opened',
      { body: { head: { repository_url: fork.path, ref: 'main', sha: forked } } },
    ),
  ])
  await world.finish()

  const runs = [await detail(world, 0), await detail(world, 1)]
  for (const run of runs) assert.equal(run.steps.find((step) => step.name.startsWith('host-'))?.state, 'success')
  assert.notEqual(runs[0]?.repository?.name, runs[1]?.repository?.name)
})

test('a source-git project whose upstream_ref names a branch gets the commits since then as patches', async () => {
  await using world = await createWorld({ real: true })
  const repository = await sampleRepository(world)
  repository.git('branch', 'upstream-work')
  repository.git('archive', '--prefix=hello-1.0/', '--output=hello-1.0.tar.gz', 'HEAD')
  const config = await readFile(`${repository.path}/.packit.yaml`, 'utf8')
  const sourceGit = 'upstream_ref: upstream-work\npatch_generation_ignore_paths: [.packit.yaml, hello-1.0.tar.gz]\n'
  await repository.commit({ '.packit.yaml': sourceGit + config }, 'Add the package')
  await world.openPullRequest({ repository, files: { 'README.md': 'Says hello.\n' } })
  await world.finish(60_000)

  const run = await detail(world)
  assert.equal(run.steps.find((step) => step.name.startsWith('host-'))?.state, 'success')
  const log = (await world.http.inject({ url: run.steps.find((step) => step.kind === 'srpm')?.log ?? '' })).body
  assert.match(log, /Patches since upstream-work\n[\s\S]*SRPM: hello-1\.0-2\.g/)
})
