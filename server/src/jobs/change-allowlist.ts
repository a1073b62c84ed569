import { listRefusedHeads, lockEntry, removeEntry, setEntry } from '../db/allowlist.ts'
import { addAudit } from '../db/audit.ts'
import type { Db } from '../db/database.ts'
import { findProject } from '../db/read-projects.ts'
import type { AllowlistStatus } from '../domain/trust/allowlist.ts'
import { parseEntryPath } from '../domain/trust/entry-path.ts'
import type { Queue } from './queue.ts'

export interface AllowlistChange {
  /** `forge`, `forge/namespace` or `forge/namespace/repository`, as somebody wrote it. */
  path: string
  status: 'approved' | 'denied' | 'removed'
  /** As the audit log names them. */
  actor: string
}

export interface ChangedEntry {
  /** As the allowlist has it: a repository ends with `.git`. */
  path: string
  before: AllowlistStatus | undefined
  after: AllowlistStatus | undefined
  /** How many open pull requests, refused until now, are decided again. */
  again: number
}

/** So many refused pull requests are decided again at once; the others with their next push. */
const MOST_AGAIN = 1000

/**
 * Allows, denies or forgets a namespace, a project, an account or a whole forge. What runs goes on. Repeats change nothing.
 *
 * @throws {ConflictError} when the path is none
 */
export async function changeAllowlist(
  tx: Db,
  queue: Queue,
  { path: written, status, actor }: AllowlistChange,
  now: Date,
): Promise<ChangedEntry> {
  const path = await settlePath(tx, written)
  const before = await lockEntry(tx, path)
  const after = AFTER[status]
  if (before === after) return { path, before, after, again: 0 }
  if (after === undefined) await removeEntry(tx, path)
  else await setEntry(tx, { path, status: after, actor, at: now })
  const detail = { status: after ?? null, before: before ?? null }
  await addAudit(tx, { actor, action: `allowlist.${status}`, subject: path, detail, at: now })
  const mayAllow = status === 'approved' || (status === 'removed' && before === 'denied')
  return { path, before, after, again: mayAllow ? await decideAgain(tx, queue, path) : 0 }
}

const AFTER = { approved: 'approved_manually', denied: 'denied', removed: undefined } as const

/** A path that may be a group or a repository is the repository, if there is one: no forge has both under one name. */
async function settlePath(tx: Db, written: string): Promise<string> {
  const { path, repository } = parseEntryPath(written)
  return repository && (await findProject(tx, repository)) ? `${path}.git` : path
}

async function decideAgain(tx: Db, queue: Queue, path: string): Promise<number> {
  const heads = await listRefusedHeads(tx, path, MOST_AGAIN)
  for (const { eventId, attempts } of heads) {
    await queue.add(tx, 'run-event', { eventId, attempt: attempts + 1, cause: 'command' })
  }
  return heads.length
}
