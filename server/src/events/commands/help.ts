import type { Db } from '../../db/database.ts'
import { findEvent, findNewestEvent } from '../../db/events.ts'
import type { Project } from '../../db/projects.ts'
import { helpText } from '../../domain/command/help.ts'
import type { CommentEvent } from '../../domain/forge-event.ts'
import type { EventDeps } from '../deps.ts'
import { answered, type Outcome } from './outcome.ts'

const ON = { pull_request: 'pull_request', branch_push: 'commit', release: 'release' } as const

/** What can be asked for where the comment stands, by the newest commit that is known of it. */
export async function help(
  db: Db,
  { on, number, sha }: CommentEvent,
  project: Project,
  { settings }: EventDeps,
): Promise<Outcome> {
  const place = on === 'pull_request' ? { number: number ?? 0 } : on === 'commit' ? { sha: sha ?? '' } : {}
  const eventId = await findNewestEvent(db, project.id, place)
  const found = eventId === undefined ? undefined : await findEvent(db, eventId)
  const kind = found?.trigger.kind
  const trigger = kind === 'pull_request' || kind === 'branch_push' || kind === 'release' ? ON[kind] : null
  const text = helpText({
    on,
    prefix: settings.commandPrefix,
    runsTests: settings.runsTests,
    sha: found?.event.commitSha ?? null,
    trigger: on === 'issue' ? null : trigger,
    plan: found?.plan ?? null,
  })
  return answered(text)
}
