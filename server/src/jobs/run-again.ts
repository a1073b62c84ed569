import type { Db } from '../db/database.ts'
import { listHeads } from '../db/events.ts'
import { lockNamedTrigger, type TriggerName } from '../db/projects.ts'
import { findProject, type ProjectName } from '../db/read-projects.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import type { Queue } from './queue.ts'
import { refuseNotAllowed } from './refuse-not-allowed.ts'

/**
 * Has the newest head of a pull request, branch or release built again, as a new attempt. Asked for twice before the
 * attempt has begun, there is one.
 *
 * @throws {NotFoundError} when no delivery ever told of it
 * @throws {ConflictError} when it can't be built: the pull request is closed, no commit is known, the project is not
 * allowed
 */
export async function runAgain(
  tx: Db,
  queue: Queue,
  project: ProjectName,
  named: TriggerName,
): Promise<{ eventId: number; attempt: number; commit: string }> {
  const found = await findProject(tx, project)
  if (!found) throw new NotFoundError('No info about project stored in DB')
  const what = describeTrigger(named)
  const trigger = await lockNamedTrigger(tx, found.id, named)
  if (!trigger) throw new NotFoundError(`${what} of ${project.namespace}/${project.name} is not known here`)
  if (!trigger.open) throw new ConflictError(`${what} is closed`)
  const [newest] = await listHeads(tx, trigger.id)
  if (!newest?.sha || !trigger.cloneUrl) {
    throw new ConflictError(`${what} can't be built: no delivery told of a commit, and from where to fetch it`)
  }
  await refuseNotAllowed(tx, newest.id)
  const attempt = newest.attempts + 1
  await queue.add(tx, 'run-event', { eventId: newest.id, attempt, cause: 'command' })
  return { eventId: newest.id, attempt, commit: newest.sha }
}

function describeTrigger(named: TriggerName): string {
  if (named.kind === 'pull_request') return `pull request ${named.number}`
  return `${named.kind === 'release' ? 'release' : 'branch'} ${named.name}`
}
