import type { RenameEvent } from '../../../domain/forge-event.ts'
import { readProject } from '../pull-request.ts'
import { installationOf, type Reader, unusedAction, wordOf } from './reader.ts'

const ACTIONS: Record<string, RenameEvent['action']> = {
  renamed: 'renamed',
  transferred: 'transferred',
  deleted: 'deleted',
  privatized: 'visibility',
  publicized: 'visibility',
}

export const readRepositoryEvent: Reader = ({ body, action: word }) => {
  const action = wordOf(ACTIONS, word)
  if (!action) return unusedAction(word, 'repositories')
  const project = readProject(body.object('repository'), installationOf(body))
  return { kind: 'rename', action, forge: project.forge, project }
}

/** The account that has the App installed is called otherwise. */
export const readInstallationTarget: Reader = ({ body, action }) => {
  if (action !== 'renamed') return unusedAction(action, 'accounts')
  const account = body.object('account')
  return {
    kind: 'rename',
    action: 'renamed',
    forge: account.page('html_url').hostname,
    account: {
      from: body.object('changes').object('login').text('from', 200),
      to: account.text('login', 200),
    },
  }
}
