import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { FakeGithub } from './fake-github.ts'
import { ENV } from './git.ts'
import { cloneUrl } from './shapes.ts'
import { createFakeWorld, makeToken } from './test-caller.ts'

const run = promisify(execFile)

/** Refs of a repository as git tells them. */
async function lsRemote(url: string, authorization?: string): Promise<Record<string, string>> {
  const config = authorization ? ['-c', `http.extraHeader=Authorization: ${authorization}`] : []
  const { stdout } = await run('git', [...config, 'ls-remote', url], { env: { ...ENV, GIT_TERMINAL_PROMPT: '0' } })
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t').toReversed()),
  )
}

const basic = (token: string) => `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`

test('head and test merge of a pull request lie in the base repository, also from a fork', async () => {
  await using world = await createFakeWorld()
  const { github, pr } = world
  const url = `${github.url}/acme/hello.git`
  const refs = await lsRemote(url)
  assert.equal(refs['refs/pull/1/head'], world.sha)
  assert.equal(refs['refs/pull/1/merge'], pr.pull.merge.sha)
  assert.equal(refs['refs/heads/change-1'], undefined)
  const fork = await lsRemote(`${github.url}/zoe/hello.git`)
  assert.equal(fork['refs/heads/change-1'], world.sha)
  await github.push(pr)
  assert.equal((await lsRemote(url))['refs/pull/1/head'], pr.pull.head.sha)
})

test('a conflict leaves no test merge, and the pull request is not mergeable', async () => {
  await using world = await createFakeWorld()
  const { github, repository } = world
  const pr = await github.openPullRequest({ repository, files: { 'README.md': 'one\n' } })
  await github.pushBranch({ repository, files: { 'README.md': 'other\n' } })
  await github.push(pr, { 'README.md': 'two\n' })
  assert.equal((await lsRemote(`${github.url}/acme/hello.git`))['refs/pull/2/merge'], undefined)
  await world.ask('GET /repos/acme/hello/pulls/2')
  assert.equal((await world.ask('GET /repos/acme/hello/pulls/2')).body.mergeable, false)
})

test('a private repository is read with a token that is valid and may, and is unknown otherwise', async () => {
  await using world = await createFakeWorld()
  const { github, repository, installation } = world
  const url = `${github.url}/acme/hello.git`
  await github.setVisibility(repository, true)
  assert.ok((await lsRemote(url, basic(world.token))).HEAD)
  assert.ok((await lsRemote(url, `Bearer ${world.token}`)).HEAD)
  await assert.rejects(lsRemote(url), /could not read Username|Authentication failed/)
  const poor = await makeToken(github, installation, { permissions: { checks: 'write' } })
  await assert.rejects(lsRemote(url, basic(poor)), /not found/)
  world.wait(3600)
  await assert.rejects(lsRemote(url, basic(world.token)), /could not read Username|Authentication failed/)
})

test('a former name leads to the repository, and nothing is pushed', async () => {
  await using world = await createFakeWorld()
  const { github, repository } = world
  await github.rename(repository, 'hullo')
  assert.ok((await lsRemote(`${github.url}/acme/hello.git`)).HEAD)
  const refused = await fetch(`${github.url}/acme/hullo.git/info/refs?service=git-receive-pack`)
  assert.equal(refused.status, 403)
})

test('a commit is fetched by its id, and clone addresses can be files', async () => {
  await using github = await FakeGithub.start({ deliver: async () => 202, cloneUrls: 'file' })
  const repository = await github.createRepository({ owner: 'acme', name: 'hello' })

  const url = cloneUrl(github.state, repository)
  assert.match(url, /^file:\/\/\//)
  const pr = await github.openPullRequest({ repository, author: 'zoe', fromFork: true })
  const { dir } = await github.createRepository({ owner: 'acme', name: 'copy' })
  for (const source of [url, `${github.url}/acme/hello.git`])
    await run('git', ['fetch', '--depth=1', source, pr.pull.head.sha], { cwd: dir, env: ENV })
})
