import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import { createWorld, type World } from './world.ts'

/** The only run, and why it ended. */
async function endOf(world: World) {
  await world.settle()
  const [run, ...more] = await world.runs()
  assert.equal(more.length, 0)
  const detail = await world.get<{
    causes: { summary: string; lines: { number: number; text: string }[] }[]
    decision: { summary: string }
  }>(`/api/runs/merged/${run?.merged_run_id}`)
  return { state: run?.state, reason: run?.reason, causes: detail.causes }
}

test('an invalid configuration ends the run, with the place of each error', async () => {
  await using world = await createWorld()
  await world.openPullRequest({ config: 'jobs:\n- job: copr_buil\n  trigger: pull_request\n  targts: [x]\n' })
  const end = await endOf(world)
  assert.equal(end.state, 'failure')
  assert.match(end.reason ?? '', /\.packit\.yaml is invalid/)
  const [cause] = end.causes
  assert.match(cause?.summary ?? '', /:2:.*copr_build/s)
  assert.ok(cause?.lines.some((line) => line.number === 2 && line.text.includes('copr_buil')))
})

test('a repository without a configuration has a finished run that says so', async () => {
  await using world = await createWorld()
  const repository = await world.createRepository('bare', { README: 'hello\n' })
  await world.openPullRequest({ repository })
  const end = await endOf(world)
  assert.equal(end.state, 'skipped')
  assert.match(end.reason ?? '', /No package configuration/)
})

test('a repository that is gone, a wrong base, and a vanished head each say so', async () => {
  for (const [name, expected] of [
    ['gone', /repository/i],
    ['base', /no-such-branch/],
    ['head', /commit/],
  ] as const) {
    await using world = await createWorld()
    const repository = await world.createRepository(name)
    const sha = repository.git('rev-parse', 'main')
    const pr = { number: 1, repository, base: { ref: 'main', sha }, head: { ref: 'main', sha } }
    if (name === 'gone') await rm(repository.path, { recursive: true })
    const body =
      name === 'base'
        ? { base: { ref: 'no-such-branch' } }
        : name === 'head'
          ? { head: { ref: 'lost', sha: '1'.repeat(40) } }
          : {}
    await world.tell(pr, 'opened', { body })
    const end = await endOf(world)
    assert.equal(end.state, 'failure', name)
    assert.match(`${end.reason} ${end.causes.map((c) => c.summary).join(' ')}`, expected, name)
  }
})

test('a merge conflict ends the run neutral, with the files named', async () => {
  await using world = await createWorld()
  world.srpms.failure = { kind: 'merge-conflict', message: 'hello.c conflicts with main', files: ['hello.c'] }
  await world.openPullRequest()
  const end = await endOf(world)
  assert.equal(end.state, 'skipped')
  assert.equal(end.reason, 'Merge conflicts present')
  assert.match(end.causes.map((c) => `${c.summary} ${c.lines.map((l) => l.text).join(' ')}`).join(' '), /hello\.c/)
})
