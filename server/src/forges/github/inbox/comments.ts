import type { Fields } from '../../../domain/fields.ts'
import type { CommentEvent } from '../../../domain/forge-event.ts'
import { readProject } from '../pull-request.ts'
import { installationOf, type OwnApp, type Reader, unusedAction } from './reader.ts'

export const readIssueComment: Reader = ({ body, action, own }) => {
  if (action !== 'created' && action !== 'edited') return unusedAction(action, 'comments')
  const refusal = refuseAuthor(body.object('comment'), own)
  if (refusal) return refusal
  const issue = body.object('issue')
  return {
    ...readComment(body, action),
    on: issue.has('pull_request') ? 'pull_request' : 'issue',
    number: issue.integer('number'),
    sha: null,
  }
}

export const readCommitComment: Reader = ({ body, action, own }) => {
  if (action !== 'created') return unusedAction(action, 'comments on commits')
  const comment = body.object('comment')
  const refusal = refuseAuthor(comment, own)
  if (refusal) return refusal
  return { ...readComment(body, action), on: 'commit', number: null, sha: comment.sha('commit_id') }
}

/** Programs give no commands: two that answer each other would never end. */
function refuseAuthor(comment: Fields, { slug }: OwnApp): string | undefined {
  const user = comment.object('user')
  const login = user.text('login', 200)
  if (slug !== null && login === `${slug}[bot]`) return 'the service wrote this comment itself'
  if (user.optionalText('type') === 'Bot') return `${login} is a bot: commands are taken from people`
  return undefined
}

function readComment(body: Fields, action: CommentEvent['action']): Omit<CommentEvent, 'on' | 'number' | 'sha'> {
  const comment = body.object('comment')
  return {
    kind: 'comment',
    action,
    project: readProject(body.object('repository'), installationOf(body)),
    commentId: String(comment.integer('id')),
    // an empty comment has no command
    body: comment.optionalText('body', 65_536) ?? '',
    author: comment.object('user').text('login', 200),
    url: comment.optionalPage('html_url'),
  }
}
