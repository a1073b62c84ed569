// How GitHub tells of comments, reactions and commits; in answers and deliveries alike.
import type { Commit } from './git.ts'
import { appShape, iso, nodeId, repositoryPage, repositoryUrl, userShape } from './shapes.ts'
import { association } from './shapes-of-work.ts'
import type { State } from './state.ts'
import type { Comment, Reaction, Repository } from './things.ts'

type Json = Record<string, unknown>

export function commentShape(state: State, comment: Comment): Json {
  const { id, repository, on, author, body } = comment
  const api = repositoryUrl(state, repository)
  const page = repositoryPage(state, repository)
  const common = {
    id,
    user: userShape(state, author),
    body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: association(state, repository, author),
    reactions: reactionsShape(
      comment.reactions,
      `${api}/${on.kind === 'issue' ? 'issues/' : ''}comments/${id}/reactions`,
    ),
  }
  if (on.kind === 'commit') {
    const place = { path: on.path, position: on.path ? 1 : null, line: on.line }
    const url = `${api}/comments/${id}`
    const html_url = `${page}/commit/${on.sha}#commitcomment-${id}`
    return { ...common, node_id: nodeId('CC', id), url, html_url, commit_id: on.sha, ...place }
  }
  const { number, pull } = on.issue
  return {
    ...common,
    node_id: nodeId('IC', id),
    url: `${api}/issues/comments/${id}`,
    html_url: `${page}/${pull ? 'pull' : 'issues'}/${number}#issuecomment-${id}`,
    issue_url: `${api}/issues/${number}`,
    performed_via_github_app: comment.app && appShape(state, comment.app),
  }
}

function reactionsShape(reactions: Reaction[], url: string): Json {
  const words = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'eyes', 'rocket']
  const counts = words.map((word) => [word, reactions.filter(({ content }) => content === word).length])
  return { url, total_count: reactions.length, ...Object.fromEntries(counts) }
}

export function reactionShape(state: State, { id, user, content, createdAt }: Reaction): Json {
  return { id, node_id: nodeId('RE', id), user: userShape(state, user), content, created_at: iso(createdAt) }
}

export function commitShape(state: State, repository: Repository, commit: Commit): Json {
  const api = repositoryUrl(state, repository)
  const page = repositoryPage(state, repository)
  const url = `${api}/commits/${commit.sha}`
  const toUser = (name: string) => {
    const user = state.findUser(name)
    return user ? userShape(state, user) : null
  }
  return {
    sha: commit.sha,
    node_id: nodeId('C', repository.id),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    url,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: toUser(commit.author.name),
    committer: toUser(commit.committer.name),
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${page}/commit/${sha}` })),
  }
}
