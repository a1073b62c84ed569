import type { Db } from '../db/database.ts'
import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import { listEventsOfCommit } from '../db/events.ts'
import { findKnownProject } from '../db/projects.ts'
import { decideCommand } from '../domain/command/rights.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import type { RerunEvent } from '../domain/forge-event.ts'
import { rerunCheck } from '../jobs/rerun-check.ts'
import type { CommandDeps } from './commands/execute.ts'
import { findPermission } from './commands/look-up.ts'
import type { EventDeps } from './deps.ts'

/**
 * Runs again what a check, or all checks of a commit, are about; says why where that can't be. The forge shows its button to
 * those who may write; who pressed it is looked at all the same, as for the command.
 */
export async function rerunChecks(delivery: Delivery, event: RerunEvent, deps: CommandDeps): Promise<void> {
  const refusal = await refuseActor(event, deps)
  if (refusal !== undefined) {
    const settled = { state: 'decided' as const, decision: 'refused', reasons: [refusal] }
    await settleDelivery(deps.database.db, delivery.id, settled)
    return
  }
  await deps.database.transaction(async (tx) => {
    const project = await findKnownProject(tx, event.project)
    const eventIds = project ? await findEvents(tx, project.id, event) : []
    const reasons: string[] = []
    let accepted = 0
    for (const eventId of eventIds) {
      const { isAccepted, reason } = await rerunEvent(tx, eventId, event, deps)
      reasons.push(reason)
      if (isAccepted) accepted += 1
    }
    if (eventIds.length === 0) reasons.push(`nothing was built for the commit ${event.sha.slice(0, 8)} here`)
    await settleDelivery(tx, delivery.id, {
      state: 'decided',
      decision: accepted > 0 ? 'run again' : 'nothing to do',
      reasons,
      projectId: project?.id ?? null,
      eventId: eventIds[0] ?? null,
    })
  })
}

/** Why somebody may not have checks run again; `undefined` when they may. */
async function refuseActor({ project, actor }: RerunEvent, deps: CommandDeps): Promise<string | undefined> {
  const forge = deps.findForge(project.forge)
  if (!forge) return `no App is set up for ${project.forge}`
  const { namespace, name, installationId = null } = project
  const permission = await findPermission({
    event: { author: actor },
    forge,
    repository: { namespace, name, installationId },
  })
  const projectStatus = await deps.trust.findProjectStatus(deps.database.db, project, actor)
  const facts = { command: 'retry', permission, isAuthor: false, projectStatus, approval: 'not-needed' as const }
  const right = decideCommand(facts)
  return right.ok ? undefined : right.reason
}

/** The event that the check names, if it is one of this commit; else all of the commit that are current. */
async function findEvents(tx: Db, projectId: number, { eventId, sha }: RerunEvent): Promise<number[]> {
  const ofCommit = await listEventsOfCommit(tx, projectId, sha)
  if (eventId !== null) return ofCommit.filter(({ id }) => id === eventId).map(({ id }) => id)
  const current = ofCommit.filter(({ supersededBy }) => supersededBy === null)
  // when all were replaced, one of them is there to say so
  return (current.length > 0 ? current : ofCommit.slice(0, 1)).map(({ id }) => id)
}

/** Nothing is written before it is clear that it can be done: a refusal leaves the transaction as it was. */
async function rerunEvent(
  tx: Db,
  eventId: number,
  { check, actor }: RerunEvent,
  { queue, now }: EventDeps,
): Promise<{ isAccepted: boolean; reason: string }> {
  try {
    const { attempt } = await rerunCheck(tx, queue, { eventId, check }, now())
    return { isAccepted: true, reason: `${actor} asked for ${check ?? 'all checks'}: attempt ${attempt}` }
  } catch (error) {
    if (!(error instanceof ConflictError || error instanceof NotFoundError)) throw error
    return { isAccepted: false, reason: `${check ?? 'the checks'} can't be run again: ${error.message}` }
  }
}
