import { listEntries } from '../db/allowlist.ts'
import { terminalText } from '../domain/escape.ts'
import { type AllowlistChange, changeAllowlist } from '../jobs/change-allowlist.ts'
import type { DataDeps } from './data-commands.ts'
import { OPERATOR } from './token-commands.ts'

export type AllowCommand =
  | { name: 'allow-change'; path: string; status: AllowlistChange['status'] }
  | { name: 'allow-list'; waiting: boolean }

const WORDS = {
  approved_automatically: 'allowed by itself',
  approved_manually: 'allowed',
  denied: 'denied',
  waiting: 'waiting',
}

/**
 * Allows, denies or forgets a path; a repeat says so and succeeds.
 *
 * @throws {ConflictError} when it is no path
 */
export async function changeEntry(
  { path: written, status }: Extract<AllowCommand, { name: 'allow-change' }>,
  { database, queue, now }: DataDeps,
): Promise<string[]> {
  const at = now()
  const changed = await database.transaction((tx) =>
    changeAllowlist(tx, queue, { path: written, status, actor: OPERATOR }, at),
  )
  const { path, before, after, again } = changed
  const what = terminalText(`${describePath(path)} ${path}`)
  const says = after ? `is ${WORDS[after]}` : 'has no entry'
  if (before === after) return [after ? `${what} ${says} already` : `${what} ${says}`]
  const lines = [after ? `${what} ${says}${before ? ` (it was ${WORDS[before]})` : ''}` : `${what} ${says} any more`]
  if (status === 'denied') lines.push('what runs goes on; nothing of it is started or run again')
  if (status === 'approved' && !path.includes('/'))
    lines.push(
      `that is everybody there; for one account write ${terminalText(path.includes('.') ? `${path}/NAME` : `github.com/${path}`)}`,
    )
  if (again > 0) lines.push(`${again} open pull request${again === 1 ? ' is' : 's are'} decided again`)
  return lines
}

function describePath(path: string): string {
  if (path.endsWith('.git')) return 'the repository'
  return path.includes('/') ? 'the namespace' : 'the forge'
}

export async function showAllowlist(waiting: boolean, { database }: DataDeps): Promise<string[]> {
  const entries = await listEntries(database.db, waiting ? 'waiting' : undefined)
  if (entries.length === 0) {
    return [waiting ? 'nobody waits to be allowed' : 'nobody is allowed yet: allow github.com/NAMESPACE[/REPOSITORY]']
  }
  return entries.map(({ namespace, status, actor, decidedAt }) => {
    const by = [actor && `by ${actor}`, decidedAt?.toISOString()].filter(Boolean).join(', ')
    return terminalText([namespace, WORDS[status], by].filter(Boolean).join('  '))
  })
}
