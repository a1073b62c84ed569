import type { ProjectStatus } from '../trust/allowlist.ts'
import { mayWrite, type Right } from '../trust/decide-trust.ts'

/** What somebody wants, and who they are, wherever they ask: in a comment, by a button, on our pages. */
export interface CommandFacts {
  /** The command's word, e.g. `build`. */
  command: string
  permission: Right
  /** They opened the pull request it is about; false on issues and commits. */
  isAuthor: boolean
  /** Of the project, with the asking account taken into account (`decideProjectStatus`). */
  projectStatus: ProjectStatus
  /** Whether the commit it is about may be built: `waits` for leave, or not. */
  approval: 'waits' | 'not-needed'
}

export type CommandRight = { ok: true } | { ok: false; reason: string; advice: string }

/** What anybody may whom nobody denied: it starts nothing. */
const OPEN: readonly string[] = ['help']

/** What needs write access, whoever opened the pull request: it gives leave, or publishes. */
const FOR_WRITERS: readonly string[] = [
  'approve',
  'vm-image-build',
  'propose-downstream',
  'pull-from-upstream',
  'koji-build',
  'koji-tag',
  'create-update',
  'upstream-koji-build',
]

/** What starts nothing on a commit, so that it needs no approval of it. */
const BUILDS_NOTHING: readonly string[] = ['help', 'approve', 'cancel']

/** Whether somebody may have a command done. The same for comments, buttons and people on our pages. */
export function decideCommand(facts: CommandFacts): CommandRight {
  const { command, permission, isAuthor, projectStatus, approval } = facts
  if (projectStatus.kind === 'denied') {
    return refuse(`${projectStatus.path} is denied on this service`, 'Its operator denied it, and can tell why.')
  }
  if (OPEN.includes(command)) return { ok: true }
  if (projectStatus.kind !== 'allowed') {
    return refuse('this project is not allowed on this service', 'Ask its operator to allow it.')
  }
  if (!mayWrite(permission) && (FOR_WRITERS.includes(command) || !isAuthor)) {
    const others = FOR_WRITERS.includes(command) ? '' : ', or to be the author of the pull request'
    return refuse(`"${command}" needs write access to the repository${others}`, 'Ask somebody who has it.')
  }
  if (approval === 'waits' && !BUILDS_NOTHING.includes(command)) {
    return refuse(
      'this commit waits for approval',
      'Somebody with write access looks at the change and approves it first.',
    )
  }
  return { ok: true }
}

function refuse(reason: string, advice: string): CommandRight {
  return { ok: false, reason, advice }
}

/** Whether somebody may give an outsider's commit leave to be built: a token of the operator's, or write access. */
export function mayApprove(who: { scopes: readonly string[] } | { permission: Right }): boolean {
  if ('permission' in who) return mayWrite(who.permission)
  return who.scopes.includes('runs:write') || who.scopes.includes('admin')
}
