import { created, invalid, notFound, ok, paged } from './answers.ts'
import { type Call, commitFor, noCommit, type Routes, repositoryFor } from './call.ts'
import type { Wanted } from './callers.ts'
import { commentShape, reactionShape } from './shapes-of-words.ts'
import { issueShape } from './shapes-of-work.ts'
import type { App, Comment, Issue, Reaction, Repository, User } from './things.ts'

const LONGEST = 65_536

/** Comments of pull requests need one of these; of issues, the first. */
const ON_PULLS = ['issues', 'pull_requests']
const ON_COMMITS: Wanted = { permission: 'contents', level: 'read' }

export const COMMENT_ROUTES: Routes = {
  'issues/get': {
    handle: (call) => ok(issueShape(call.state, findIssue(call, 'read'))),
  },
  'issues/list-comments': {
    handle: (call: Call) => {
      const issue = findIssue(call, 'read')
      return list(call, ({ on }) => on.kind === 'issue' && on.issue === issue)
    },
  },
  'issues/create-comment': {
    isContent: true,
    handle: (call: Call<{ body: string }>) => {
      const issue = findIssue(call, 'write')
      return write(call, issue.repository, { kind: 'issue', issue })
    },
  },
  'issues/get-comment': { handle: (call) => ok(commentShape(call.state, findComment(call, 'issue', 'read'))) },
  'issues/update-comment': { isContent: true, handle: (call) => update(call, findComment(call, 'issue', 'write')) },
  'reactions/list-for-issue-comment': { handle: (call) => reactions(call, findComment(call, 'issue', 'read')) },
  'reactions/create-for-issue-comment': {
    isContent: true,
    handle: (call) => react(call, findComment(call, 'issue', 'write')),
  },
  'repos/list-comments-for-commit': {
    handle: async (call: Call) => {
      const repository = repositoryFor(call, ON_COMMITS)
      const sha = await commitFor(repository, call.params.commit_sha, noCommit(call.params.commit_sha))
      return list(call, ({ on, repository: its }) => on.kind === 'commit' && on.sha === sha && its === repository)
    },
  },
  'repos/create-commit-comment': {
    isContent: true,
    handle: async (call: Call<{ body: string; path?: string; line?: number }>) => {
      const repository = repositoryFor(call, ON_COMMITS)
      const sha = await commitFor(repository, call.params.commit_sha, noCommit(call.params.commit_sha))
      const { path = null, line = null } = call.body
      return write(call, repository, { kind: 'commit', sha, path, line })
    },
  },
  'repos/get-commit-comment': { handle: (call) => ok(commentShape(call.state, findComment(call, 'commit', 'read'))) },
  'repos/update-commit-comment': {
    isContent: true,
    handle: (call) => update(call, findComment(call, 'commit', 'write')),
  },
  'reactions/list-for-commit-comment': { handle: (call) => reactions(call, findComment(call, 'commit', 'read')) },
  'reactions/create-for-commit-comment': {
    isContent: true,
    handle: (call) => react(call, findComment(call, 'commit', 'write')),
  },
}

function findIssue(call: Call, level: 'read' | 'write'): Issue {
  // who may see neither shall not learn whether there is such a number
  const repository = repositoryFor(call, { permission: ON_PULLS, level })
  const issue = call.state.findIssue(repository, Number(call.params.issue_number))
  if (!issue) throw notFound()
  repositoryFor(call, { permission: issue.pull ? ON_PULLS : 'issues', level })
  return issue
}

function findComment(call: Call, kind: 'issue' | 'commit', level: 'read' | 'write'): Comment {
  const repository = repositoryFor(call, kind === 'issue' ? { permission: ON_PULLS, level } : ON_COMMITS)
  const found = call.state.comments.find(({ id }) => id === Number(call.params.comment_id))
  if (found?.repository !== repository || found.on.kind !== kind) throw notFound()
  return found
}

function list(call: Call, isMeant: (comment: Comment) => boolean) {
  const since = call.query.since === undefined ? 0 : Date.parse(String(call.query.since))
  const found = call.state.comments.filter((one) => isMeant(one) && one.updatedAt.getTime() >= since)
  return paged(found, call.page, call.url, (items) => items.map((one) => commentShape(call.state, one)))
}

function checkText(body: string): void {
  if (body.trim() === '') throw invalid('IssueComment', 'body', 'body cannot be blank')
  if ([...body].length > LONGEST)
    throw invalid('IssueComment', 'body', `body is too long (maximum is ${LONGEST} characters)`)
}

function authorOf({ caller }: Call): { author: User; app: App | null } {
  if (caller.kind === 'user') return { author: caller.user, app: null }
  if (caller.kind !== 'installation') throw notFound()
  return { author: caller.installation.app.bot, app: caller.installation.app }
}

function write(call: Call<{ body: string }>, repository: Repository, on: Comment['on']) {
  const { state, body, events } = call
  checkText(body.body)
  const at = state.now()
  const base = { id: state.nextId(), repository, on, ...authorOf(call), body: body.body }
  const comment: Comment = { ...base, createdAt: at, updatedAt: at, reactions: [] }
  state.comments.push(comment)
  void events.comment('created', comment, comment.author)
  return created(commentShape(state, comment))
}

function update(call: Call<{ body: string }>, comment: Comment) {
  const { state, body, events } = call
  const { author } = authorOf(call)
  checkText(body.body)
  const before = comment.body
  comment.body = body.body
  comment.updatedAt = state.now()
  void events.comment('edited', comment, author, before)
  return ok(commentShape(state, comment))
}

function reactions(call: Call, { reactions: all }: Comment) {
  const { content } = call.query
  const found = all.filter((one) => content === undefined || one.content === content)
  return paged(found, call.page, call.url, (items) => items.map((one) => reactionShape(call.state, one)))
}

/** A reaction that is there already is answered with 200 and not made again. */
function react(call: Call<{ content: string }>, comment: Comment) {
  const { state, body } = call
  const { author: user } = authorOf(call)
  const known = comment.reactions.find((one) => one.user === user && one.content === body.content)
  if (known) return ok(reactionShape(state, known))
  const reaction: Reaction = { id: state.nextId(), user, content: body.content, createdAt: state.now() }
  comment.reactions.push(reaction)
  return created(reactionShape(state, reaction))
}
