import type { PullRequestEvent } from '../domain/forge-event.ts'

/** A head that a delivery tells of. */
export interface Head {
  sha: string
  /** What the branch pointed at before a push. */
  before: string | null
  baseRef: string
  action: PullRequestEvent['action'] | 'push'
  /** The forge's order among the deliveries of one trigger: a larger one is newer. */
  order: number
}

/** What is known of a trigger when a delivery about it is decided. */
export interface Known {
  open: boolean
  baseRef: string | null
  /** The newest delivery seen. */
  order: number
  /** Its events. */
  heads: readonly {
    id: number
    sha: string | null
    before: string | null
    order: number
    attempts: number
    /** All attempts there are; left out: every one up to the last. */
    taken?: readonly number[]
  }[]
  /** Other jobs are wanted with the labels that a delivery tells of than with those before; left out: they aren't. */
  labelsMatter?: boolean
}

export type Attempt =
  | { kind: 'run'; attempt: number; reason: string }
  | { kind: 'none'; reason: string }
  | { kind: 'stale'; reason: string }

/**
 * Whether a delivery about a head starts an attempt. Deliveries come doubled, late and out of order: each head gets one
 * attempt, unless it is asked for again (reopened, base changed, a head that came back), and only the newest head runs.
 */
export function decideAttempt(head: Head, known: Known): Attempt {
  const same = known.heads.find((h) => h.sha === head.sha)
  const newest = findNewest(known)
  if (isClosed(head, known, same)) return { kind: 'stale', reason: 'told late: it was closed meanwhile' }
  if (isOlder(head, known, newest)) return { kind: 'stale', reason: 'an older head, told late: a newer one is known' }
  if (!same || same.attempts === 0) return { kind: 'run', attempt: 1, reason: 'a new head' }
  const again = (reason: string): Attempt => ({ kind: 'run', attempt: same.attempts + 1, reason })
  if (newest && newest.id !== same.id) return again('a head that came back')
  if (head.action === 'reopened' && !known.open) return again('reopened')
  if (head.action === 'edited' && head.baseRef !== known.baseRef) return again(`the base changed to ${head.baseRef}`)
  if (head.action === 'labeled' && known.labelsMatter) return again('other jobs run with its labels now')
  return { kind: 'none', reason: 'this commit has a run already' }
}

/**
 * The same for an attempt that somebody asked for by its number: each is given once, in whatever order they come, and
 * only the newest head of what is open is run again.
 */
export function decideAgain({ sha }: Pick<Head, 'sha'>, attempt: number, known: Known): Attempt {
  const newest = findNewest(known)
  if (!known.open) return { kind: 'stale', reason: 'closed meanwhile' }
  if (newest?.sha !== sha) return { kind: 'stale', reason: 'a newer head is known' }
  if (newest.taken ? newest.taken.includes(attempt) : newest.attempts >= attempt)
    return { kind: 'none', reason: `attempt ${attempt} is there already` }
  return { kind: 'run', attempt, reason: 'asked for' }
}

function findNewest({ heads }: Known): Known['heads'][number] | undefined {
  return heads.reduce<Known['heads'][number] | undefined>((a, b) => (a && a.order >= b.order ? a : b), undefined)
}

/** What was closed stays so for all that was told before; a branch of the merge queue asks once for each commit. */
function isClosed(head: Head, known: Known, same: Known['heads'][number] | undefined): boolean {
  if (known.open) return false
  if (head.action === 'push') return same !== undefined
  return head.action === 'reopened' ? head.order < known.order : head.order <= known.order
}

function isOlder(head: Head, known: Known, newest: Known['heads'][number] | undefined): boolean {
  // times of a forge are whole seconds: of two heads of the same one that with which it was opened is older
  const isBefore = (order: number) => head.order < order || (head.order === order && head.action === 'opened')
  if (newest && newest.sha !== head.sha && isBefore(newest.order)) return true
  if (head.action !== 'push') return newest?.sha === head.sha && head.order < known.order && head.action !== 'opened'
  // a push that leads to where a known push began is older than that one, unless it undoes it
  return known.heads.some((h) => h.before === head.sha && h.sha !== head.before)
}
