// How GitHub tells of pull requests, checks and statuses; in answers and deliveries alike.
import {
  appShape,
  iso,
  isoOrNull,
  minimalRepositoryShape,
  nodeId,
  repositoryPage,
  repositoryShape,
  repositoryUrl,
  userShape,
} from './shapes.ts'
import type { State } from './state.ts'
import type { CheckRun, Issue, PullRequest, Repository, Status, Suite, User } from './things.ts'

type Json = Record<string, unknown>

export function labelShape(state: State, repository: Repository, name: string): Json {
  const url = `${repositoryUrl(state, repository)}/labels/${encodeURIComponent(name)}`
  return {
    id: name.length,
    node_id: nodeId('L', name.length),
    url,
    name,
    color: 'ededed',
    default: false,
    description: null,
  }
}

export function association(state: State, repository: Repository, user: User): string {
  if (repository.owner === user) return 'OWNER'
  return ['admin', 'write'].includes(state.levelOf(repository, user)) ? 'COLLABORATOR' : 'NONE'
}

/** What pull requests and issues have in common. */
function commonShape(state: State, issue: Issue): Json {
  const { repository, number } = issue
  const api = repositoryUrl(state, repository)
  return {
    id: issue.id,
    number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: userShape(state, issue.author),
    body: issue.body,
    labels: issue.labels.map((name) => labelShape(state, repository, name)),
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    assignee: null,
    assignees: [],
    milestone: null,
    active_lock_reason: null,
    author_association: association(state, repository, issue.author),
    comments_url: `${api}/issues/${number}/comments`,
    html_url: `${repositoryPage(state, repository)}/${issue.pull ? 'pull' : 'issues'}/${number}`,
  }
}

export function issueShape(state: State, issue: Issue): Json {
  const { repository, number } = issue
  const api = repositoryUrl(state, repository)
  const url = `${api}/issues/${number}`
  const page = `${repositoryPage(state, repository)}/pull/${number}`
  const pull = { url: `${api}/pulls/${number}`, html_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch` }
  return {
    ...commonShape(state, issue),
    node_id: nodeId('I', issue.id),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    events_url: `${url}/events`,
    comments: state.comments.filter(({ on }) => on.kind === 'issue' && on.issue === issue).length,
    ...(issue.pull && {
      draft: issue.pull.isDraft,
      pull_request: { ...pull, merged_at: isoOrNull(issue.pull.mergedAt) },
    }),
  }
}

function sideShape(
  state: State,
  { ref, sha, owner, repository }: { ref: string; sha: string; owner: User; repository: Repository | null },
): Json {
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: userShape(state, owner),
    repo: repository && repositoryShape(state, repository),
  }
}

/** A pull request in a list. */
export function listedPullShape(state: State, issue: PullRequest): Json {
  const { repository, number, pull } = issue
  const api = `${repositoryUrl(state, repository)}/pulls/${number}`
  const page = `${repositoryPage(state, repository)}/pull/${number}`
  const links = {
    self: api,
    html: page,
    issue: `${repositoryUrl(state, repository)}/issues/${number}`,
    comments: `${repositoryUrl(state, repository)}/issues/${number}/comments`,
    review_comments: `${api}/comments`,
    review_comment: `${repositoryUrl(state, repository)}/pulls/comments{/number}`,
    commits: `${api}/commits`,
    statuses: `${repositoryUrl(state, repository)}/statuses/${pull.head.sha}`,
  }
  return {
    ...commonShape(state, issue),
    url: api,
    node_id: nodeId('PR', issue.id),
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    statuses_url: links.statuses,
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: pull.merge.sha,
    requested_reviewers: [],
    requested_teams: [],
    head: sideShape(state, pull.head),
    base: sideShape(state, { ...pull.base, owner: repository.owner, repository }),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    auto_merge: null,
    draft: pull.isDraft,
  }
}

export function pullShape(state: State, issue: PullRequest): Json {
  const { merge, mergedAt, mergedBy } = issue.pull
  const words = { unknown: 'unknown', clean: 'clean', conflict: 'dirty' }
  return {
    ...listedPullShape(state, issue),
    merged: mergedAt !== null,
    mergeable: merge.state === 'unknown' ? null : merge.state === 'clean',
    rebaseable: merge.state === 'unknown' ? null : merge.state === 'clean',
    mergeable_state: words[merge.state],
    merged_by: mergedBy && userShape(state, mergedBy),
    comments: state.comments.filter(({ on }) => on.kind === 'issue' && on.issue === issue).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 0,
    changed_files: 1,
  }
}

/** Pull requests that a check belongs to: none where the head lies in a fork. */
function pullsAt(state: State, repository: Repository, sha: string): Json[] {
  const named = { id: repository.id, url: repositoryUrl(state, repository), name: repository.name }
  return state
    .pullsOf(repository)
    .filter(({ pull, state }) => pull.head.sha === sha && pull.head.repository === repository && state === 'open')
    .map(({ id, number, pull }) => ({
      id,
      number,
      url: `${named.url}/pulls/${number}`,
      head: { ref: pull.head.ref, sha, repo: named },
      base: { ref: pull.base.ref, sha: pull.base.sha, repo: named },
    }))
}

export function suiteShape(state: State, suite: Suite): Json {
  const { repository, sha } = suite
  const runs = state.checkRuns.filter((run) => run.suite === suite)
  const isDone = runs.length > 0 && runs.every((run) => run.status === 'completed')
  const isGood = runs.every((run) => ['success', 'neutral', 'skipped'].includes(run.conclusion ?? ''))
  const url = `${repositoryUrl(state, repository)}/check-suites/${suite.id}`
  const head = state.pullsOf(repository).find(({ pull }) => pull.head.sha === sha)
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: head?.pull.head.repository === repository ? head.pull.head.ref : null,
    head_sha: sha,
    status: isDone ? 'completed' : runs.some((run) => run.status !== 'queued') ? 'in_progress' : 'queued',
    conclusion: isDone ? (isGood ? 'success' : 'failure') : null,
    url,
    before: null,
    after: sha,
    pull_requests: pullsAt(state, repository, sha),
    app: appShape(state, suite.app),
    repository: minimalRepositoryShape(state, repository),
    created_at: iso(suite.createdAt),
    updated_at: iso(suite.createdAt),
    head_commit: {
      id: sha,
      tree_id: sha,
      message: '',
      timestamp: iso(suite.createdAt),
      author: { name: 'GitHub', email: 'noreply@github.invalid' },
      committer: { name: 'GitHub', email: 'noreply@github.invalid' },
    },
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
  }
}

export function checkRunShape(state: State, run: CheckRun): Json {
  const url = `${repositoryUrl(state, run.repository)}/check-runs/${run.id}`
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.sha,
    external_id: run.externalId,
    url,
    html_url: `${repositoryPage(state, run.repository)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: iso(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: appShape(state, run.suite.app),
    pull_requests: pullsAt(state, run.repository, run.sha),
  }
}

export function statusShape(state: State, status: Status): Json {
  const { repository, sha, creator } = status
  return {
    url: `${repositoryUrl(state, repository)}/statuses/${sha}`,
    avatar_url: null,
    id: status.id,
    node_id: nodeId('S', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    creator: userShape(state, creator),
  }
}
