import assert from 'node:assert/strict'
import { test } from 'node:test'
import { App, Octokit } from 'octokit'
import { PERMISSIONS } from '../needs.ts'
import { FakeGithub } from './fake-github.ts'

async function createWorld() {
  const github = await FakeGithub.start({
    deliver: async () => 202,
    // to react to a comment on a commit
    manifest: { default_permissions: { ...PERMISSIONS, contents: 'write' } },
  })
  const repository = await github.createRepository({ owner: 'acme', name: 'hello', files: { 'a/b.txt': 'b\n' } })
  const installation = await github.install(repository)
  const { appId, privateKey, apiUrl } = github.app
  const app = new App({
    appId,
    privateKey,
    Octokit: Octokit.defaults({ baseUrl: apiUrl, throttle: { enabled: false } }),
  })
  const octokit = await app.getInstallationOctokit(installation.id)
  return { github, repository, installation, app, octokit, at: { owner: 'acme', repo: 'hello' } }
}

test('what Octokit asks as an App is as GitHub describes it, and so is each answer', async () => {
  const { github, app, installation, at } = await createWorld()
  await using _ = github
  await github.ping()
  const { rest } = app.octokit
  assert.equal((await rest.apps.getAuthenticated()).data?.slug, 'packit-fake')
  assert.equal((await rest.apps.listInstallations()).data.length, 1)
  await rest.apps.getInstallation({ installation_id: installation.id })
  assert.equal((await rest.apps.getRepoInstallation(at)).data.id, installation.id)
  await rest.apps.getWebhookConfigForApp()
  const [newest] = (await rest.apps.listWebhookDeliveries({ per_page: 1 })).data
  assert.equal(newest?.event, 'ping')
  await rest.apps.getWebhookDelivery({ delivery_id: newest?.id ?? 0 })
  await rest.apps.redeliverWebhookDelivery({ delivery_id: newest?.id ?? 0 })
  assert.deepEqual(github.violations, [])
})

test('what Octokit asks as an installation is as GitHub describes it, and so is each answer', async () => {
  const { github, repository, octokit, at } = await createWorld()
  await using _ = github
  const { rest } = octokit
  const pr = await github.openPullRequest({ repository, author: 'zoe', fromFork: true, labels: ['x'] })
  const issue = github.openIssue(repository, 'zoe')
  const sha = pr.pull.head.sha
  await rest.apps.listReposAccessibleToInstallation()
  await rest.repos.get(at)
  const check = (await rest.checks.create({ ...at, name: 'packit', head_sha: sha, status: 'queued' })).data
  await rest.checks.update({
    ...at,
    check_run_id: check.id,
    conclusion: 'success',
    output: {
      title: 'Built',
      summary: 'all is well',
      annotations: [{ path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' }],
    },
    actions: [{ label: 'Again', description: 'Build it again', identifier: 'again' }],
  })
  await rest.checks.get({ ...at, check_run_id: check.id })
  await rest.checks.listAnnotations({ ...at, check_run_id: check.id })
  assert.equal((await rest.checks.listForRef({ ...at, ref: sha, check_name: 'packit' })).data.total_count, 1)
  await rest.checks.listSuitesForRef({ ...at, ref: sha })
  await rest.checks.listForSuite({ ...at, check_suite_id: check.check_suite?.id ?? 0 })
  assert.deepEqual(github.checkRuns(pr), { packit: { status: 'completed', conclusion: 'success', title: 'Built' } })

  await rest.repos.createCommitStatus({ ...at, sha, state: 'pending', context: 'packit', description: 'waiting' })
  await rest.repos.getCombinedStatusForRef({ ...at, ref: sha })
  await rest.repos.listCommitStatusesForRef({ ...at, ref: sha })

  for (const issue_number of [pr.number, issue.number]) {
    await rest.issues.get({ ...at, issue_number })
    const { id: comment_id } = (await rest.issues.createComment({ ...at, issue_number, body: 'hi' })).data
    await rest.issues.listComments({ ...at, issue_number, since: '2020-01-01T00:00:00Z' })
    await rest.issues.getComment({ ...at, comment_id })
    await rest.issues.updateComment({ ...at, comment_id, body: 'ho' })
    await rest.reactions.createForIssueComment({ ...at, comment_id, content: 'eyes' })
    await rest.reactions.createForIssueComment({ ...at, comment_id, content: 'eyes' })
    assert.equal((await rest.reactions.listForIssueComment({ ...at, comment_id })).data.length, 1)
  }
  const { id: comment_id } = (await rest.repos.createCommitComment({ ...at, commit_sha: sha, body: 'hi' })).data
  await rest.repos.listCommentsForCommit({ ...at, commit_sha: sha })
  await rest.repos.getCommitComment({ ...at, comment_id })
  await rest.reactions.createForCommitComment({ ...at, comment_id, content: 'eyes' })
  await rest.reactions.listForCommitComment({ ...at, comment_id })
  assert.deepEqual(github.violations, [])
})

test('what Octokit asks of repositories is as GitHub describes it, and so is each answer', async () => {
  const { github, repository, octokit, at } = await createWorld()
  await using _ = github
  const { rest } = octokit
  const pr = await github.openPullRequest({ repository, branch: 'topic/one' })
  await github.release({ repository, tag: 'v1', isAnnotated: true })
  assert.equal((await rest.pulls.get({ ...at, pull_number: pr.number })).data.mergeable, null)
  assert.equal((await rest.pulls.get({ ...at, pull_number: pr.number })).data.mergeable, true)
  assert.equal((await rest.pulls.list({ ...at, state: 'open' })).data.length, 1)
  const { object } = (await rest.git.getRef({ ...at, ref: 'tags/v1' })).data
  assert.equal(object.type, 'tag')
  const tag = (await rest.git.getTag({ ...at, tag_sha: object.sha })).data
  assert.equal((await rest.repos.getCommit({ ...at, ref: 'tags/v1' })).data.sha, tag.object.sha)
  const basehead = `main...${pr.pull.head.sha}`
  assert.equal((await rest.repos.compareCommitsWithBasehead({ ...at, basehead })).data.status, 'ahead')
  assert.equal((await rest.repos.listBranches(at)).data.length, 2)
  await rest.repos.getBranch({ ...at, branch: 'topic/one' })
  const { data } = await rest.repos.getContent({ ...at, path: 'a/b.txt', ref: 'main' })
  assert.equal('content' in data && Buffer.from(data.content, 'base64').toString(), 'b\n')
  assert.equal((await rest.repos.getCollaboratorPermissionLevel({ ...at, username: 'acme' })).data.permission, 'admin')
  await rest.rateLimit.get()
  assert.deepEqual(github.violations, [])
})
