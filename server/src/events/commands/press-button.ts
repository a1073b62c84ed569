import { addAudit } from '../../db/audit.ts'
import type { Delivery } from '../../db/deliveries.ts'
import { settleDelivery } from '../../db/deliveries.ts'
import { findEvent, listHeads, lockTriggerOfEvent } from '../../db/events.ts'
import { decideCommand } from '../../domain/command/rights.ts'
import { ConflictError } from '../../domain/errors.ts'
import type { CheckActionEvent } from '../../domain/forge-event.ts'
import type { CommandDeps } from './execute.ts'
import { findPermission } from './look-up.ts'

/** The word of the button that gives leave, below the check of a commit that waits for it. */
export const APPROVE_BUTTON = 'approve'

/** Does what a button of a check asks for: the same as the command of its name, by the same rights. */
export async function pressButton(delivery: Delivery, event: CheckActionEvent, deps: CommandDeps): Promise<void> {
  const { database } = deps
  const settle = (decision: string, reason: string, db = database.db, eventId: number | null = null) =>
    settleDelivery(db, delivery.id, { state: 'decided', decision, reasons: [reason], eventId })
  const { project, actor, eventId, sha } = event
  const forge = deps.findForge(project.forge)
  if (event.button !== APPROVE_BUTTON || eventId === null || !forge) {
    await settle('nothing to do', `no check of ours has the button ${JSON.stringify(event.button)}`)
    return
  }
  const { namespace, name, installationId = null } = project
  const repository = { namespace, name, installationId }
  const permission = await findPermission({ event: { author: actor }, forge, repository })
  await database.transaction(async (tx) => {
    await lockTriggerOfEvent(tx, eventId)
    const found = await findEvent(tx, eventId)
    const of = found?.project
    const isOurs = of?.forge === project.forge && of.namespace === namespace && of.name === name
    // the number came with a check of the forge: it is believed only for a commit of the same repository
    if (!found || !isOurs || found.event.commitSha !== sha)
      return settle('nothing to do', 'the check is none of a commit that is known here', tx)
    const status = await deps.trust.findProjectStatus(tx, project, actor)
    const facts = { command: 'approve', permission, isAuthor: false, projectStatus: status }
    const right = decideCommand({ ...facts, approval: 'not-needed' })
    const [newest] = await listHeads(tx, found.trigger.id)
    const refusal = !right.ok
      ? right.reason
      : newest?.id !== eventId || !found.trigger.open
        ? 'the pull request has a newer commit, or is closed'
        : undefined
    const waits = (await deps.trust.findApproval(tx, eventId)) === 'waits'
    if (refusal === undefined && !waits) return settle('nothing to do', 'nothing waits for approval', tx, eventId)
    const at = deps.now()
    const who = `${project.forge}/${actor}`
    const why = refusal ?? (await approve())
    const action = `command.approve${why === undefined ? '' : '.refused'}`
    const detail = { button: event.button, event: eventId, ...(why === undefined ? {} : { reason: why }) }
    await addAudit(tx, { actor: who, action, subject: `${project.forge}/${namespace}/${name}@${sha}`, detail, at })
    return settle(why === undefined ? 'approved' : 'refused', why ?? `by ${actor}`, tx, eventId)

    async function approve(): Promise<string | undefined> {
      try {
        await deps.trust.approve(tx, { eventId: eventId ?? 0, actor: who, at })
        return undefined
      } catch (error) {
        if (error instanceof ConflictError) return error.message
        throw error
      }
    }
  })
}
