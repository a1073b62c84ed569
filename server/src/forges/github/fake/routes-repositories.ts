import { type Answer, notFound, ok, paged, Refusal } from './answers.ts'
import { type Call, commitFor, noCommit, type Routes, repositoryFor } from './call.ts'
import { listCommits, listRefs, mergeBase, readCommit, readFile, resolve } from './git.ts'
import { fullRepositoryShape, nodeId, repositoryPage, repositoryUrl, userShape } from './shapes.ts'
import { commitShape } from './shapes-of-words.ts'
import { listedPullShape, pullShape } from './shapes-of-work.ts'
import { isPull } from './state.ts'
import type { PullRequest, Repository } from './things.ts'

const contents = (call: Call) => repositoryFor(call, { permission: 'contents', level: 'read' })

export const REPOSITORY_ROUTES: Routes = {
  'repos/get': {
    handle: (call) =>
      ok(fullRepositoryShape(call.state, repositoryFor(call, { permission: 'metadata', level: 'read' }))),
  },
  'repos/get-collaborator-permission-level': { handle: getPermission },
  'pulls/get': { handle: getPull },
  'pulls/list': { handle: listPulls },
  'git/get-ref': { handle: getRef },
  'git/get-tag': { handle: getTag },
  'repos/get-commit': {
    handle: async (call: Call) => {
      const repository = contents(call)
      const sha = await commitFor(repository, call.params.ref, noCommit(call.params.ref))
      return ok(commitShape(call.state, repository, await readCommit(repository.dir, sha)))
    },
  },
  'repos/compare-commits-with-basehead': { handle: compare },
  'repos/list-branches': {
    handle: async (call: Call) => {
      const repository = contents(call)
      const found = await listRefs(repository.dir, 'refs/heads/')
      return paged(found, call.page, call.url, (items) =>
        items.map(({ ref, sha }) => branchShape(call, repository, ref.slice('refs/heads/'.length), sha)),
      )
    },
  },
  'repos/get-branch': { handle: getBranch },
  'repos/get-content': { handle: getContent },
}

function getPermission(call: Call): Answer {
  const repository = repositoryFor(call, { permission: 'metadata', level: 'read' })
  const user = call.state.findUser(String(call.params.username))
  if (!user) throw notFound()
  const permission = call.state.levelOf(repository, user)
  const may = (...levels: string[]) => levels.includes(permission)
  const permissions = {
    admin: may('admin'),
    maintain: may('admin'),
    push: may('admin', 'write'),
    triage: may('admin', 'write'),
    pull: permission !== 'none',
  }
  const shape = { ...userShape(call.state, user), permissions, role_name: permission }
  return ok({ permission, role_name: permission, user: shape })
}

function getPull(call: Call): Answer {
  const repository = repositoryFor(call, { permission: 'pull_requests', level: 'read' })
  const issue = call.state.findIssue(repository, Number(call.params.pull_number))
  if (!issue || !isPull(issue)) throw notFound()
  const shape = pullShape(call.state, issue)
  // asking is what makes GitHub find it out; the answer to this request does not know it yet
  if (issue.pull.merge.state === 'unknown') issue.pull.merge.state = issue.pull.merge.sha ? 'clean' : 'conflict'
  return ok(shape)
}

function listPulls(call: Call): Answer {
  const repository = repositoryFor(call, { permission: 'pull_requests', level: 'read' })
  const { state = 'open', head, base, sort = 'created', direction } = call.query
  const isMeant = ({ pull, state: its }: PullRequest) =>
    (state === 'all' || its === state) &&
    (base === undefined || pull.base.ref === base) &&
    (head === undefined || `${pull.head.repository?.owner.login}:${pull.head.ref}` === head)
  const at = (pull: PullRequest) => (sort === 'updated' ? pull.updatedAt : pull.createdAt).getTime()
  const found = call.state
    .pullsOf(repository)
    .filter(isMeant)
    .sort((a, b) => at(a) - at(b) || a.number - b.number)
  const isAscending = direction === undefined ? sort !== 'created' && sort !== undefined : direction === 'asc'
  return paged(isAscending ? found : found.toReversed(), call.page, call.url, (items) =>
    items.map((pull) => listedPullShape(call.state, pull)),
  )
}

async function getRef(call: Call): Promise<Answer> {
  const repository = contents(call)
  const ref = `refs/${call.params.ref}`
  const found = (await listRefs(repository.dir, ref)).find((one) => one.ref === ref)
  if (!found) throw notFound()
  const api = repositoryUrl(call.state, repository)
  const object = { type: found.type, sha: found.sha, url: `${api}/git/${found.type}s/${found.sha}` }
  return ok({ ref, node_id: nodeId('REF', repository.id), url: `${api}/git/${ref}`, object })
}

async function getTag(call: Call): Promise<Answer> {
  const repository = contents(call)
  const sha = String(call.params.tag_sha)
  const target = await resolve(repository.dir, sha, 'commit')
  const isTag = (await resolve(repository.dir, sha, 'tag')) === sha
  const found = (await listRefs(repository.dir, 'refs/tags/')).find((one) => one.sha === sha)
  if (!target || !isTag) throw notFound()
  const api = repositoryUrl(call.state, repository)
  const name = found?.ref.slice('refs/tags/'.length) ?? sha
  return ok({
    node_id: nodeId('TAG', repository.id),
    tag: name,
    sha,
    url: `${api}/git/tags/${sha}`,
    message: name,
    tagger: (await readCommit(repository.dir, target)).committer,
    object: { type: 'commit', sha: target, url: `${api}/git/commits/${target}` },
  })
}

async function compare(call: Call): Promise<Answer> {
  const repository = contents(call)
  const [one = '', other = ''] = String(call.params.basehead).split('...')
  const base = await commitFor(repository, one, notFound())
  const head = await commitFor(repository, other, notFound())
  const common = await mergeBase(repository.dir, base, head)
  if (!common) throw new Refusal(404, `No common ancestor between ${one} and ${other}.`)
  const [ahead, behind] = [await listCommits(repository.dir, base, head), await listCommits(repository.dir, head, base)]
  const shape = async (sha: string) => commitShape(call.state, repository, await readCommit(repository.dir, sha))
  const page = `${repositoryPage(call.state, repository)}/compare/${base}...${head}`
  const words = { true: { true: 'diverged', false: 'ahead' }, false: { true: 'behind', false: 'identical' } }
  return ok({
    url: `${repositoryUrl(call.state, repository)}/compare/${base}...${head}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: await shape(base),
    merge_base_commit: await shape(common),
    status: words[`${ahead.length > 0}`][`${behind.length > 0}`],
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: await Promise.all(ahead.map(shape)),
    files: [],
  })
}

function branchShape(call: Call, repository: Repository, name: string, sha: string): Record<string, unknown> {
  const url = `${repositoryUrl(call.state, repository)}/commits/${sha}`
  return { name, commit: { sha, url }, protected: false }
}

async function getBranch(call: Call): Promise<Answer> {
  const repository = contents(call)
  const name = String(call.params.branch)
  const sha = await resolve(repository.dir, `refs/heads/${name}`)
  if (!sha) throw new Refusal(404, 'Branch not found')
  const self = `${repositoryUrl(call.state, repository)}/branches/${name}`
  return ok({
    ...branchShape(call, repository, name, sha),
    commit: commitShape(call.state, repository, await readCommit(repository.dir, sha)),
    _links: { self, html: `${repositoryPage(call.state, repository)}/tree/${name}` },
    protection: { enabled: false },
    protection_url: `${self}/protection`,
  })
}

async function getContent(call: Call): Promise<Answer> {
  const repository = contents(call)
  const ref = call.query.ref ?? repository.defaultBranch
  const path = String(call.params.path)
  const commit = await commitFor(repository, ref, new Refusal(404, `No commit found for the ref ${ref}`))
  const blob = await readFile(repository.dir, commit, path)
  if (!blob) throw notFound()
  const sha = (await resolve(repository.dir, `${commit}:${path}`, 'blob')) ?? ''
  const url = `${repositoryUrl(call.state, repository)}/contents/${path}?ref=${ref}`
  const git_url = `${repositoryUrl(call.state, repository)}/git/blobs/${sha}`
  const html_url = `${repositoryPage(call.state, repository)}/blob/${ref}/${path}`
  return ok({
    type: 'file',
    encoding: 'base64',
    size: blob.length,
    name: path.split('/').at(-1),
    path,
    content: blob.toString('base64'),
    sha,
    url,
    git_url,
    html_url,
    download_url: html_url,
    _links: { self: url, git: git_url, html: html_url },
  })
}
