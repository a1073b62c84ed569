import { findProjectStatus } from '../../db/allowlist.ts'
import { findApproval } from '../../db/approvals.ts'
import type { Db } from '../../db/database.ts'
import { findEvent } from '../../db/events.ts'
import type { ForgeProject } from '../../domain/forge-event.ts'
import type { ProjectStatus } from '../../domain/trust/allowlist.ts'
import { approveEvent } from '../../jobs/approve-event.ts'
import type { Queue } from '../../jobs/queue.ts'

/** What commands ask of those who decide whom the service works for. */
export interface CommandTrust {
  /** Of the project, with the asking account taken into account. */
  findProjectStatus(db: Db, project: ForgeProject, login: string): Promise<ProjectStatus>
  /** Whether the commit of an event waits for leave to be built. */
  findApproval(db: Db, eventId: number): Promise<'waits' | 'not-needed'>
  /**
   * Gives that leave and has the commit built, in the transaction of the command.
   *
   * @returns the attempt that it is built in; null when nothing waited
   * @throws {ConflictError} before anything is written, when it can't be given
   */
  approve(tx: Db, approval: { eventId: number; actor: string; at: Date }): Promise<number | null>
}

/** Allowlist and approvals as they are kept. */
export function commandTrust(queue: Queue): CommandTrust {
  return {
    findProjectStatus,
    async findApproval(db, eventId) {
      const waits = (await findEvent(db, eventId))?.plan?.problem?.kind === 'not-approved'
      return waits && !(await findApproval(db, eventId)) ? 'waits' : 'not-needed'
    },
    async approve(tx, { eventId, actor, at }) {
      const { attempt, approvedBefore } = await approveEvent(tx, queue, eventId, actor, at)
      return approvedBefore === null ? attempt : null
    },
  }
}
