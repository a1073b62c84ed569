// What people say.
import type { Hub } from './hub.ts'
import type { Comment, Issue, Repository, User } from './things.ts'

/** Writes a comment on a pull request or issue, or on a commit. */
export async function writeComment(
  hub: Hub,
  where: Issue | { repository: Repository; sha: string },
  author: User,
  body: string,
): Promise<Comment> {
  const at = hub.state.now()
  const on: Comment['on'] =
    'sha' in where ? { kind: 'commit', sha: where.sha, path: null, line: null } : { kind: 'issue', issue: where }
  const base = { id: hub.state.nextId(), repository: where.repository, on, author, app: null, body }
  const comment: Comment = { ...base, createdAt: at, updatedAt: at, reactions: [] }
  hub.state.comments.push(comment)
  await hub.events.comment('created', comment, author)
  return comment
}

export async function editComment(hub: Hub, comment: Comment, body: string, by = comment.author): Promise<void> {
  const before = comment.body
  comment.body = body
  comment.updatedAt = hub.state.now()
  await hub.events.comment('edited', comment, by, before)
}
