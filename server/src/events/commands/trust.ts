import type { Db } from '../../db/database.ts'
import type { ForgeProject } from '../../domain/forge-event.ts'
import type { ProjectStatus } from '../../domain/trust/allowlist.ts'

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

/** Where no allowlist is kept: whoever reaches the service may use it, and nothing waits. */
export const openToAll: CommandTrust = {
  findProjectStatus: async (_, { forge }) => ({ kind: 'allowed', path: forge }),
  findApproval: async () => 'not-needed',
  approve: async () => null,
}
