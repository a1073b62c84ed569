// What people do with repositories: make, fork, push, tag, release, rename.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { NO_COMMIT } from './events.ts'
import { commit, createBare, deleteRef, type Files, fetchFrom, resolve, setRef, tag as tagCommit } from './git.ts'
import type { Hub } from './hub.ts'
import { iso, repositoryPage, repositoryUrl, userShape } from './shapes.ts'
import { fullName } from './state.ts'
import type { Repository, User } from './things.ts'

export interface NewRepository {
  owner: User
  name: string
  files?: Files
  isPrivate?: boolean
  defaultBranch?: string
}

async function addRepository(hub: Hub, wanted: NewRepository, forkOf: Repository | null): Promise<Repository> {
  const { owner, name, isPrivate = false, defaultBranch = 'main' } = wanted
  const { state } = hub
  if (state.findRepository(owner.login, name)) throw new Error(`there is a repository ${owner.login}/${name} already`)
  const id = state.nextId()
  const at = state.now()
  const dir = join(hub.root, `${id}.git`)
  await createBare(dir)
  const levels = new Map()
  const base = { id, owner, name, isPrivate, defaultBranch, dir, forkOf, levels, isDeleted: false }
  const repository: Repository = { ...base, lastNumber: 0, createdAt: at, pushedAt: at }
  state.repositories.push(repository)
  state.formerNames.delete(fullName(repository).toLowerCase())
  return repository
}

/** Makes a repository with one commit. */
export async function createRepository(hub: Hub, wanted: NewRepository): Promise<Repository> {
  const repository = await addRepository(hub, wanted, null)
  const { defaultBranch, dir, owner } = repository
  const files = wanted.files ?? { 'README.md': `# ${wanted.name}\n` }
  const ref = `refs/heads/${defaultBranch}`
  await commit(dir, { ref, files, message: 'Begin', author: owner.login, at: hub.state.now() })
  return repository
}

/** The person's fork; made if there is none. */
export async function forkRepository(hub: Hub, origin: Repository, owner: User): Promise<Repository> {
  const known = hub.state.repositories.find((one) => one.forkOf === origin && one.owner === owner && !one.isDeleted)
  if (known) return known
  const { name, isPrivate, defaultBranch } = origin
  const fork = await addRepository(hub, { owner, name, isPrivate, defaultBranch }, origin)
  const tip = await tipOf(origin)
  await fetchFrom(fork.dir, origin.dir, tip, `refs/heads/${defaultBranch}`)
  return fork
}

/** The newest commit of a branch. */
export async function tipOf(repository: Repository, branch = repository.defaultBranch): Promise<string> {
  const sha = await resolve(repository.dir, `refs/heads/${branch}`)
  if (!sha) throw new Error(`${fullName(repository)} has no branch ${branch}`)
  return sha
}

export interface BranchPush {
  repository: Repository
  branch?: string
  files?: Files
  message?: string
  by?: User
}

/** Pushes a commit to a branch; the branch is made from the default one if need be. */
export async function pushToBranch(hub: Hub, push: BranchPush): Promise<string> {
  const { repository, branch = repository.defaultBranch, by = repository.owner, message = 'A change' } = push
  const ref = `refs/heads/${branch}`
  const before = await resolve(repository.dir, ref)
  const parent = before ?? (await tipOf(repository))
  const files = push.files ?? { 'change.txt': `${randomUUID()}\n` }
  const after = await commit(repository.dir, { ref, parent, files, message, author: by.login, at: hub.state.now() })
  await announcePush(hub, repository, by, { ref, before: before ?? NO_COMMIT, after })
  return after
}

/** Tells of a push, and asks every App for checks of the new commit, as GitHub does. */
export async function announcePush(
  hub: Hub,
  repository: Repository,
  by: User,
  change: { ref: string; before: string; after: string },
): Promise<void> {
  const { state, events } = hub
  repository.pushedAt = state.now()
  await events.push(repository, by, change)
  if (!change.ref.startsWith('refs/heads/') || change.after === NO_COMMIT) return
  for (const app of state.apps) {
    if (state.findInstallation(app, repository)?.permissions.checks !== 'write') continue
    const isKnown = state.suites.some((one) => one.app === app && one.sha === change.after)
    if (isKnown) continue
    const suite = { id: state.nextId(), repository, app, sha: change.after, createdAt: state.now() }
    state.suites.push(suite)
    await events.checkSuite('requested', suite, by)
  }
}

export async function deleteBranch(hub: Hub, repository: Repository, branch: string, by: User): Promise<void> {
  const before = await tipOf(repository, branch)
  await deleteRef(repository.dir, `refs/heads/${branch}`)
  await announcePush(hub, repository, by, { ref: `refs/heads/${branch}`, before, after: NO_COMMIT })
}

export interface NewTag {
  repository: Repository
  tag: string
  /** Default: the newest commit of the default branch. */
  sha?: string
  isAnnotated?: boolean
  by?: User
}

/** Tags a commit, and gives it. */
export async function pushTag(hub: Hub, { repository, tag, sha, isAnnotated, by }: NewTag): Promise<string> {
  const target = sha ?? (await tipOf(repository))
  if (isAnnotated) await tagCommit(repository.dir, tag, target)
  else await setRef(repository.dir, `refs/tags/${tag}`, target)
  const change = { ref: `refs/tags/${tag}`, before: NO_COMMIT, after: target }
  await announcePush(hub, repository, by ?? repository.owner, change)
  return target
}

/** Publishes a release, whose tag is made if need be. */
export async function publishRelease(
  hub: Hub,
  release: NewTag & { title?: string; body?: string; isPrerelease?: boolean },
): Promise<string> {
  const { state, events } = hub
  const { repository, tag, by = repository.owner } = release
  const known = await resolve(repository.dir, `refs/tags/${tag}`)
  const sha = known ?? (await pushTag(hub, release))
  const id = state.nextId()
  const url = `${repositoryUrl(state, repository)}/releases/${id}`
  const at = iso(state.now())
  const shape = {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: `${repositoryPage(state, repository)}/releases/tag/${encodeURIComponent(tag)}`,
    id,
    node_id: '',
    tag_name: tag,
    target_commitish: repository.defaultBranch,
    name: release.title ?? tag,
    draft: false,
    author: userShape(state, by),
    prerelease: release.isPrerelease ?? false,
    created_at: at,
    published_at: at,
    assets: [],
    tarball_url: `${repositoryUrl(state, repository)}/tarball/${tag}`,
    zipball_url: `${repositoryUrl(state, repository)}/zipball/${tag}`,
    body: release.body ?? '',
  }
  for (const action of ['created', 'published', 'released'])
    await events.ofRepository('release', repository, by, { action, release: shape })
  return sha
}

function remember(hub: Hub, repository: Repository): void {
  hub.state.formerNames.set(fullName(repository).toLowerCase(), repository)
}

export async function renameRepository(hub: Hub, repository: Repository, name: string): Promise<void> {
  const from = repository.name
  remember(hub, repository)
  repository.name = name
  hub.state.formerNames.delete(fullName(repository).toLowerCase())
  const payload = { action: 'renamed', changes: { repository: { name: { from } } } }
  await hub.events.ofRepository('repository', repository, repository.owner, payload)
}

export async function transferRepository(hub: Hub, repository: Repository, owner: User): Promise<void> {
  const from = repository.owner
  remember(hub, repository)
  repository.owner = owner
  const kind = from.type === 'Organization' ? 'organization' : 'user'
  const payload = { action: 'transferred', changes: { owner: { from: { [kind]: userShape(hub.state, from) } } } }
  await hub.events.ofRepository('repository', repository, owner, payload)
}

export async function setVisibility(hub: Hub, repository: Repository, isPrivate: boolean): Promise<void> {
  repository.isPrivate = isPrivate
  const payload = { action: isPrivate ? 'privatized' : 'publicized' }
  await hub.events.ofRepository('repository', repository, repository.owner, payload)
}

/** Pull requests that came from it stay, without a repository of their head. */
export async function deleteRepository(hub: Hub, repository: Repository): Promise<void> {
  const told = hub.events.ofRepository('repository', repository, repository.owner, { action: 'deleted' })
  repository.isDeleted = true
  for (const { pull } of hub.state.issues) if (pull?.head.repository === repository) pull.head.repository = null
  await told
}
