import { ForbiddenError, NotFoundError } from '../domain/errors.ts'
import type { ReleaseEvent } from '../domain/forge-event.ts'
import type { EventDeps } from './deps.ts'
import { type EventHead, headOfRelease } from './event-head.ts'

/**
 * The head of a release: the forge is asked what its tag points at.
 *
 * @returns the head, or why there is none
 * @throws {UnavailableError} when the forge can't be asked now
 */
export async function findReleaseHead(
  event: ReleaseEvent,
  receipt: number,
  { findForge }: Pick<EventDeps, 'findForge'>,
): Promise<EventHead | string> {
  const { project, tag } = event
  const forge = findForge(project.forge)
  if (!forge) return `the commit of the tag ${tag} can't be looked up: no App of ${project.forge} is set up here`
  const { namespace, name, installationId = null } = project
  try {
    return headOfRelease(event, await forge.findTagCommit({ namespace, name, installationId }, tag), receipt)
  } catch (error) {
    if (error instanceof NotFoundError) return `the tag ${tag} is not there any more`
    if (error instanceof ForbiddenError) return `the tag ${tag} can't be looked up: ${error.message}`
    throw error
  }
}
