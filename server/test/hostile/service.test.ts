// Pull requests whose content attacks, sent by the real webhook to a service with nothing fake.
import assert from 'node:assert/strict'
import { rm, symlink } from 'node:fs/promises'
import { test } from 'node:test'
import type { TestRepository } from '../../src/git/test-repository.ts'
import { specOf } from '../rpm.ts'
import { createWorld } from '../world.ts'

const CONFIG = `specfile_path: hello.spec
upstream_package_name: hello
downstream_package_name: hello
actions: { get-current-version: "echo 1.0" }
jobs: [{ job: copr_build, trigger: pull_request, targets: [fedora-rawhide] }]
`
const SOURCE = 'Source0: hello-1.0.tar.gz'
/** It took the service seconds before lines were cut. */
const HARD_TO_MATCH = `head -c 100000 /dev/zero | tr '\\0' a | sed 's/^/x: line 1: %%/'; sleep 0.3; exit 1`

/** What a pull request brings, and how its run must end. */
const ATTACKS: Record<string, { spec: string; config?: string; link?: string; ends: RegExp }> = {
  'a link in place of the spec file': { spec: specOf({}), link: '/etc/shadow', ends: /Specfile hello\.spec not found/ },
  'a path out of the repository': {
    spec: specOf({}),
    config: CONFIG.replace('hello.spec', '../../etc/passwd'),
    ends: /leads out of the repository/,
  },
  'a macro that never ends': {
    spec: specOf({ header: SOURCE, top: '%global x %(while :; do :; done)' }),
    ends: /time/,
  },
  'a fork bomb': {
    spec: specOf({ header: SOURCE, build: 'b() { (b &); (b &); sleep 60; }; b; sleep 60' }),
    ends: /time limit|fork|[Rr]esource/,
  },
  'a line that is hard to match': { spec: specOf({ header: SOURCE, build: HARD_TO_MATCH }), ends: /%build/ },
}

interface Detail {
  state: string
  reason: string | null
  causes: { summary: string; lines: { text: string }[] }[]
}

test('each of many attacks at once ends its own run with a reason, while the service goes on to answer', async () => {
  const limits = { PACKIT_BUILD_TIME: '8s', PACKIT_BUILD_PROCESSES: '64', PACKIT_BUILD_PARALLEL: '2' }
  await using world = await createWorld({ real: true, env: limits })
  let slowestMs = 0
  let over = false
  const asking = (async () => {
    while (!over) {
      const askedAt = performance.now()
      assert.equal((await world.http.inject({ url: '/api/healthz' })).statusCode, 200)
      await new Promise((resolve) => setTimeout(resolve, 20))
      slowestMs = Math.max(slowestMs, performance.now() - askedAt)
    }
  })()
  for (const { spec, config = CONFIG, link } of Object.values(ATTACKS)) {
    const files = { '.packit.yaml': config, 'hello.spec': spec }
    const repository = await world.createRepository(`hello-${Math.random().toString(36).slice(2)}`, files)
    if (link) await replaceByLink(repository, 'hello.spec', link)
    await world.openPullRequest({ repository })
  }
  await world.finish(120_000)
  over = true
  await asking

  const runs = await world.runs()
  for (const [i, [what, { ends }]] of Object.entries(ATTACKS).entries()) {
    const run = await world.get<Detail>(`/api/runs/merged/${runs[i]?.merged_run_id}`)
    assert.notEqual(run.state, 'success', what)
    assert.match([run.reason, ...run.causes.map((cause) => cause.summary)].join('\n'), ends, what)
  }
  assert.ok(slowestMs < 3_000, `an answer took ${slowestMs} ms`)
})

async function replaceByLink(repository: TestRepository, name: string, target: string): Promise<void> {
  await rm(`${repository.path}/${name}`)
  await symlink(target, `${repository.path}/${name}`)
  await repository.commit({}, 'Replace by a link')
}
