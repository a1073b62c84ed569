// How GitHub tells of accounts, repositories, Apps and installations; in answers and deliveries alike.
import type { State } from './state.ts'
import { fullName } from './state.ts'
import type { App, Installation, Repository, User } from './things.ts'

type Json = Record<string, unknown>

export const nodeId = (kind: string, id: number) => Buffer.from(`${kind}${id}`).toString('base64')
export const iso = (date: Date) => `${date.toISOString().slice(0, 19)}Z`
export const isoOrNull = (date: Date | null) => (date ? iso(date) : null)

export function userShape(state: State, { id, login, type }: User): Json {
  const url = `${state.apiUrl}/users/${encodeURIComponent(login)}`
  const page = type === 'Bot' ? `apps/${login.replace('[bot]', '')}` : login
  return {
    login,
    id,
    node_id: nodeId('U', id),
    avatar_url: `${state.url}/avatars/${id}`,
    gravatar_id: '',
    url,
    html_url: `${state.url}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  }
}

/** What `GET /user` tells. */
export function publicUserShape(state: State, user: User): Json {
  const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0 }
  const words = { name: user.login, company: null, blog: '', location: null, email: null, hireable: null, bio: null }
  const at = iso(new Date(0))
  return { ...userShape(state, user), ...words, ...counts, created_at: at, updated_at: at }
}

const PLACES = [
  'assignees{/user}',
  'branches{/branch}',
  'collaborators{/collaborator}',
  'comments{/number}',
  'commits{/sha}',
  'compare/{base}...{head}',
  'contents/{+path}',
  'contributors',
  'deployments',
  'downloads',
  'events',
  'forks',
  'hooks',
  'issues{/number}',
  'keys{/key_id}',
  'labels{/name}',
  'languages',
  'merges',
  'milestones{/number}',
  'notifications{?since,all,participating}',
  'pulls{/number}',
  'releases{/id}',
  'stargazers',
  'statuses/{sha}',
  'subscribers',
  'subscription',
  'tags',
  'teams',
]

/** Places whose field is not called as the place. */
const OTHER_PLACES: Record<string, string> = {
  archive_url: '{archive_format}{/ref}',
  blobs_url: 'git/blobs{/sha}',
  git_commits_url: 'git/commits{/sha}',
  git_refs_url: 'git/refs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  trees_url: 'git/trees{/sha}',
  issue_comment_url: 'issues/comments{/number}',
  issue_events_url: 'issues/events{/number}',
}

export function cloneUrl(state: State, repository: Repository): string {
  return state.cloneUrls === 'file' ? `file://${repository.dir}` : `${state.url}/${fullName(repository)}.git`
}

export const repositoryUrl = (state: State, repository: Repository) => `${state.apiUrl}/repos/${fullName(repository)}`
export const repositoryPage = (state: State, repository: Repository) => `${state.url}/${fullName(repository)}`

/** A repository as it is named within something else. */
export function minimalRepositoryShape(state: State, repository: Repository): Json {
  const url = repositoryUrl(state, repository)
  const places = PLACES.map((place) => [`${/^\w+/.exec(place)}_url`, `${url}/${place}`])
  const others = Object.entries(OTHER_PLACES).map(([name, place]) => [name, `${url}/${place}`])
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.isPrivate,
    owner: userShape(state, repository.owner),
    html_url: repositoryPage(state, repository),
    description: null,
    fork: repository.forkOf !== null,
    url,
    ...Object.fromEntries([...places, ...others]),
  }
}

export function repositoryShape(state: State, repository: Repository): Json {
  const page = repositoryPage(state, repository)
  const counts = { forks: 0, forks_count: 0, open_issues: 0, open_issues_count: 0, watchers: 0, watchers_count: 0 }
  return {
    ...minimalRepositoryShape(state, repository),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.pushedAt),
    pushed_at: iso(repository.pushedAt),
    git_url: `git://${new URL(state.url).host}/${fullName(repository)}.git`,
    ssh_url: `git@${new URL(state.url).hostname}:${fullName(repository)}.git`,
    clone_url: cloneUrl(state, repository),
    svn_url: page,
    homepage: null,
    mirror_url: null,
    language: null,
    license: null,
    size: 1,
    stargazers_count: 0,
    ...counts,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: repository.isPrivate ? 'private' : 'public',
    default_branch: repository.defaultBranch,
  }
}

export function fullRepositoryShape(state: State, repository: Repository): Json {
  const origin = repository.forkOf && repositoryShape(state, repository.forkOf)
  const counts = { network_count: 0, subscribers_count: 0 }
  return { ...repositoryShape(state, repository), ...counts, ...(origin && { parent: origin, source: origin }) }
}

export function appShape(state: State, app: App): Json {
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: nodeId('A', app.id),
    owner: userShape(state, app.owner),
    name: app.name,
    description: app.description,
    external_url: app.pageUrl,
    html_url: `${state.url}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  }
}

export function installationShape(state: State, installation: Installation): Json {
  const { id, app, account, repositories, permissions, events, createdAt, suspendedAt } = installation
  const place = account.type === 'Organization' ? `organizations/${account.login}/settings` : 'settings'
  return {
    id,
    client_id: app.clientId,
    account: userShape(state, account),
    repository_selection: repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${state.apiUrl}/app/installations/${id}/access_tokens`,
    repositories_url: `${state.apiUrl}/installation/repositories`,
    html_url: `${state.url}/${place}/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions,
    events,
    created_at: iso(createdAt),
    updated_at: iso(suspendedAt ?? createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspendedAt ? userShape(state, account) : null,
    suspended_at: isoOrNull(suspendedAt),
  }
}
