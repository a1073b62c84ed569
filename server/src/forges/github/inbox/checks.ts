import type { Fields } from '../../../domain/fields.ts'
import type { ForgeProject } from '../../../domain/forge-event.ts'
import { readProject } from '../pull-request.ts'
import { installationOf, type OwnApp, type Reader, unusedAction } from './reader.ts'

export const readCheckRun: Reader = ({ body, action, own }) => {
  if (action !== 'rerequested' && action !== 'requested_action') return unusedAction(action, 'checks')
  const check = body.object('check_run')
  const refusal = refuseApp(check, own)
  if (refusal) return refusal
  const place = { ...readPlace(body, check), eventId: readEventId(check) }
  if (action === 'rerequested') return { kind: 'rerun', ...place, check: check.text('name') }
  return { kind: 'check_action', ...place, button: body.object('requested_action').text('identifier', 200) }
}

export const readCheckSuite: Reader = ({ body, action, own }) => {
  if (action !== 'rerequested') return unusedAction(action, 'check suites')
  const suite = body.object('check_suite')
  const refusal = refuseApp(suite, own)
  return refusal ?? { kind: 'rerun', ...readPlace(body, suite), eventId: null, check: null }
}

function readPlace(body: Fields, check: Fields): { project: ForgeProject; sha: string; actor: string } {
  return {
    project: readProject(body.object('repository'), installationOf(body)),
    sha: check.sha('head_sha'),
    actor: body.object('sender').text('login', 200),
  }
}

/** Checks of other Apps are theirs; one that names no App is looked up by its id of ours anyway. */
function refuseApp(check: Fields, own: OwnApp): string | undefined {
  if (!check.has('app')) return undefined
  const app = check.object('app')
  const slug = app.optionalText('slug')
  const isOther =
    (own.appId !== null && app.has('id') && app.integer('id') !== own.appId) ||
    (own.slug !== null && slug !== null && slug !== own.slug)
  return isOther ? `the check is one of the App ${slug ?? app.text('name')}, not of this service` : undefined
}

/** The id of our event, which our checks carry; another text was not written by this service. */
function readEventId(check: Fields): number | null {
  const id = check.optionalText('external_id')
  return id !== null && /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null
}
