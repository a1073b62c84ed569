import type { ProjectStatus, RepositoryPath } from './allowlist.ts'

/** How much of a repository an account may change. */
export type Right = 'admin' | 'write' | 'read' | 'none'

/** What trust in a head follows from. */
export interface TrustFacts {
  project: RepositoryPath
  /** Plain git: whoever knows the operator's own secret told of the head. */
  isOperators: boolean
  status: ProjectStatus
  on: 'pull_request' | 'commit' | 'release'
  /** The head comes from another repository than the one it is for. */
  isFork: boolean
  author: string
  /** Somebody who may has approved this very commit. */
  isApproved: boolean
  /** Undefined = it was not asked for. */
  permission: Right | undefined
  /** The word that commands in comments begin with. */
  commandPrefix: string
}

/** Whether a head is built. `advice` says whom to ask for what. */
export type Trust =
  | { kind: 'trusted'; reason: string }
  | { kind: 'waits'; reason: string; advice: string }
  | { kind: 'refused'; reason: string; advice: string }

/** Whether the forge must be asked what the author may: where nothing else decides. */
export function needsPermission(facts: Omit<TrustFacts, 'permission'>): boolean {
  const isOutside = facts.on === 'pull_request' && facts.isFork
  return !facts.isOperators && facts.status.kind === 'allowed' && isOutside && !facts.isApproved
}

/**
 * Whether a head is built, waits for somebody's leave, or is refused. Asked for each run anew: what was true of an earlier
 * one decides nothing.
 */
export function decideTrust(facts: TrustFacts): Trust {
  const { isOperators, status, project, author } = facts
  if (isOperators) return { kind: 'trusted', reason: "plain git: told by the operator's own secret" }
  if (status.kind !== 'allowed') return { kind: 'refused', ...explainRefusal(project, status) }
  if (facts.on !== 'pull_request') return { kind: 'trusted', reason: 'pushed by somebody who may' }
  if (!facts.isFork) return { kind: 'trusted', reason: 'from a branch of the repository itself' }
  if (facts.isApproved) return { kind: 'trusted', reason: 'approved at this commit' }
  if (mayWrite(facts.permission)) return { kind: 'trusted', reason: `${author} may write to the repository` }
  return {
    kind: 'waits',
    reason: `${author} has no write access to ${project.namespace}/${project.name}`,
    advice:
      'Look at the change; then somebody with write access comments ' +
      `"${facts.commandPrefix} approve" or presses Approve at the check. ` +
      'That holds for this commit alone: a new push waits again.',
  }
}

export function mayWrite(permission: Right | undefined): boolean {
  return permission === 'admin' || permission === 'write'
}

/** Why nothing is done for a project, and what to do about it. */
export function explainRefusal(
  { forge, namespace, name }: RepositoryPath,
  status: ProjectStatus,
): { reason: string; advice: string } {
  const project = `${forge}/${namespace}/${name}`
  if (status.kind === 'denied') {
    return {
      reason: `${status.path} is denied on this service`,
      advice: 'Its operator denied it, and can tell why. Nothing was fetched or built.',
    }
  }
  const waits = status.path === null ? 'is not on the allowlist of this service' : 'waits to be allowed on this service'
  return {
    reason: `${project} ${waits}`,
    advice:
      `Ask its operator to allow it, by "packit-service allow ${forge}/${namespace}" or, for this repository alone, ` +
      `"packit-service allow ${project}"; open pull requests are then built by themselves. Nothing was fetched or built.`,
  }
}
