// What people do with pull requests and issues.
import { NO_COMMIT } from './events.ts'
import { commit, deleteRef, type Files, fetchFrom, mergeCommits, setRef } from './git.ts'
import type { Hub } from './hub.ts'
import { announcePush, forkRepository, tipOf } from './repositories.ts'
import type { Issue, PullRequest, Repository, User } from './things.ts'

export interface NewPullRequest {
  repository: Repository
  /** Default: the repository's owner. */
  author?: User
  /** From a fork of the author's, instead of a branch of the repository. */
  fromFork?: boolean
  files?: Files
  title?: string
  body?: string
  branch?: string
  base?: string
  labels?: string[]
  isDraft?: boolean
}

function addIssue(hub: Hub, repository: Repository, author: User, title: string): Issue {
  const { state } = hub
  repository.lastNumber += 1
  const at = state.now()
  const base = { id: state.nextId(), number: repository.lastNumber, repository, title, author }
  const issue: Issue = {
    ...base,
    body: null,
    state: 'open',
    labels: [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    pull: null,
  }
  state.issues.push(issue)
  return issue
}

export function openIssue(hub: Hub, repository: Repository, author: User, title: string): Issue {
  return addIssue(hub, repository, author, title)
}

export async function openPullRequest(hub: Hub, wanted: NewPullRequest): Promise<PullRequest> {
  const { repository, author = repository.owner, fromFork = false, base = repository.defaultBranch } = wanted
  const source = fromFork ? await forkRepository(hub, repository, author) : repository
  const baseSha = await tipOf(repository, base)
  const issue = addIssue(hub, repository, author, wanted.title ?? 'A change')
  const ref = wanted.branch ?? `change-${issue.number}`
  const files = wanted.files ?? { 'change.txt': `change ${issue.number}\n` }
  if (fromFork) await fetchFrom(source.dir, repository.dir, baseSha, `refs/heads/${base}`)
  const made = { ref: `refs/heads/${ref}`, parent: baseSha, files, author: author.login, at: hub.state.now() }
  const sha = await commit(source.dir, { ...made, message: issue.title })
  const pull = {
    head: { ref, sha, owner: source.owner, repository: source },
    base: { ref: base, sha: baseSha },
    isDraft: wanted.isDraft ?? false,
    mergedAt: null,
    mergedBy: null,
    merge: { state: 'unknown' as const, sha: null },
  }
  const opened: PullRequest = Object.assign(issue, { pull, labels: wanted.labels ?? [], body: wanted.body ?? null })
  await setPullRefs(hub, opened)
  if (!fromFork) await announcePush(hub, repository, author, { ref: made.ref, before: NO_COMMIT, after: sha })
  await hub.events.pull('opened', opened, author)
  return opened
}

/** `refs/pull/N/head` and the test merge, in the base repository; mergeability is unknown until somebody asks. */
async function setPullRefs(hub: Hub, { repository, number, pull }: PullRequest): Promise<void> {
  const { head } = pull
  const ref = `refs/pull/${number}/head`
  if (head.repository && head.repository !== repository)
    await fetchFrom(repository.dir, head.repository.dir, head.sha, ref)
  else await setRef(repository.dir, ref, head.sha)
  pull.base.sha = await tipOf(repository, pull.base.ref)
  const message = `Merge ${head.sha} into ${pull.base.sha}`
  const sha = await mergeCommits(repository.dir, pull.base.sha, head.sha, { message, at: hub.state.now() })
  pull.merge = { state: 'unknown', sha: sha ?? null }
  const merge = `refs/pull/${number}/merge`
  await (sha ? setRef(repository.dir, merge, sha) : deleteRef(repository.dir, merge))
}

/** Pushes a commit to the head of a pull request. */
export async function pushToPull(
  hub: Hub,
  pr: PullRequest,
  { files = { 'change.txt': `again ${pr.pull.head.sha}\n` }, by = pr.author }: { files?: Files; by?: User } = {},
): Promise<string> {
  const { head } = pr.pull
  if (!head.repository) throw new Error('the repository of the head is gone')
  const before = head.sha
  const ref = `refs/heads/${head.ref}`
  const made = { ref, parent: before, files, message: 'Another change', author: by.login, at: hub.state.now() }
  head.sha = await commit(head.repository.dir, made)
  pr.updatedAt = hub.state.now()
  if (pr.state === 'open') await setPullRefs(hub, pr)
  await announcePush(hub, head.repository, by, { ref, before, after: head.sha })
  if (pr.state === 'open') await hub.events.pull('synchronize', pr, by, { before, after: head.sha })
  return head.sha
}

export async function closePull(hub: Hub, pr: PullRequest, by = pr.author): Promise<void> {
  pr.state = 'closed'
  pr.closedAt = pr.updatedAt = hub.state.now()
  await hub.events.pull('closed', pr, by)
}

export async function reopenPull(hub: Hub, pr: PullRequest, by = pr.author): Promise<void> {
  pr.state = 'open'
  pr.closedAt = null
  pr.updatedAt = hub.state.now()
  await setPullRefs(hub, pr)
  await hub.events.pull('reopened', pr, by)
}

export async function mergePull(hub: Hub, pr: PullRequest, by = pr.repository.owner): Promise<string> {
  const { repository, pull } = pr
  const before = await tipOf(repository, pull.base.ref)
  const message = `Merge pull request #${pr.number}`
  const after = await mergeCommits(repository.dir, before, pull.head.sha, { message, at: hub.state.now() })
  if (!after) throw new Error(`pull request ${pr.number} conflicts with ${pull.base.ref}`)
  const ref = `refs/heads/${pull.base.ref}`
  await setRef(repository.dir, ref, after)
  Object.assign(pull, { mergedAt: hub.state.now(), mergedBy: by, merge: { state: 'clean', sha: after } })
  await announcePush(hub, repository, by, { ref, before, after })
  await closePull(hub, pr, by)
  return after
}

export async function retarget(hub: Hub, pr: PullRequest, base: string): Promise<void> {
  const from = { ...pr.pull.base }
  pr.pull.base.ref = base
  pr.updatedAt = hub.state.now()
  await setPullRefs(hub, pr)
  const changes = { base: { ref: { from: from.ref }, sha: { from: from.sha } } }
  await hub.events.pull('edited', pr, pr.author, { changes })
}

export async function retitle(hub: Hub, pr: PullRequest, title: string): Promise<void> {
  const from = pr.title
  pr.title = title
  pr.updatedAt = hub.state.now()
  await hub.events.pull('edited', pr, pr.author, { changes: { title: { from } } })
}

export async function setLabel(hub: Hub, pr: PullRequest, label: string, isOn: boolean): Promise<void> {
  pr.labels = [...pr.labels.filter((one) => one !== label), ...(isOn ? [label] : [])]
  pr.updatedAt = hub.state.now()
  await hub.events.labeled(isOn ? 'labeled' : 'unlabeled', pr, pr.repository.owner, label)
}

export async function markReady(hub: Hub, pr: PullRequest): Promise<void> {
  pr.pull.isDraft = false
  pr.updatedAt = hub.state.now()
  await hub.events.pull('ready_for_review', pr, pr.author)
}
