import type { Fields } from '../../../domain/fields.ts'
import type { PullRequestEvent } from '../../../domain/forge-event.ts'
import { readPullRequest as readPullRequestObject } from '../pull-request.ts'
import { installationOf, type Reader, unusedAction, wordOf } from './reader.ts'

const ACTIONS: Record<string, PullRequestEvent['action']> = {
  opened: 'opened',
  reopened: 'reopened',
  synchronize: 'updated',
  closed: 'closed',
  edited: 'edited',
  ready_for_review: 'ready',
  labeled: 'labeled',
  unlabeled: 'labeled',
}

export const readPullRequest: Reader = ({ body, action: word }) => {
  const action = wordOf(ACTIONS, word)
  if (!action) return unusedAction(word, 'pull requests')
  if (action === 'edited' && !baseChanged(body)) return 'only the text of the pull request was edited'
  const pull = body.object('pull_request')
  if (!pull.object('head').has('repo') && action !== 'closed')
    return 'the repository that the pull request came from is gone'
  return readPullRequestObject(pull, action, installationOf(body))
}

function baseChanged(body: Fields): boolean {
  return body.has('changes') && body.object('changes').has('base')
}
