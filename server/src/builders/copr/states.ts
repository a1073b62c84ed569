import type { State } from '../../domain/status.ts'

/** What Copr's words for sources and chroots mean. */
const STATES: Readonly<Record<string, State>> = {
  pending: 'pending',
  waiting: 'pending',
  starting: 'pending',
  importing: 'running',
  running: 'running',
  succeeded: 'success',
  forked: 'success',
  failed: 'failure',
  skipped: 'skipped',
  canceled: 'canceled',
  unknown: 'error',
}

/** `undefined` for a word that isn't known: what was known before holds, and Copr is asked again. */
export function toState(word: string): State | undefined {
  return Object.hasOwn(STATES, word) ? STATES[word] : undefined
}

/** A build, as far as the states of its chroots depend on it. */
export interface BuildWords {
  state: string
}

/** A chroot of a build, in Copr's words. */
export interface ChrootWords {
  state: string
  startedAt: Date | null
}

/**
 * How a chroot stands. Never decided by when it ended: several ways to end leave no time.
 *
 * @param isUpload  the SRPM was ours: that Copr could not take it in is no failure of the change
 */
export function judgeChroot(
  build: BuildWords,
  chroot: ChrootWords,
  isUpload: boolean,
): { state: State; reason?: string } | undefined {
  // a cancelled task ends like a failed one, and one that no worker took never ends at all
  if (build.state === 'canceled') return { state: 'canceled', reason: 'the build was cancelled in Copr' }
  const state = toState(chroot.state)
  if (state === undefined) return undefined
  if (state === 'skipped')
    return { state, reason: 'the package excludes this architecture (ExclusiveArch, ExcludeArch)' }
  if (state === 'canceled') return { state, reason: 'Copr ended the chroot: its distribution is at its end of life' }
  if (state === 'error') return { state, reason: 'Copr does not know how the build ended' }
  if (state === 'failure' && chroot.startedAt === null)
    return isUpload
      ? { state: 'error', reason: 'Copr could not take the SRPM in' }
      : { state, reason: 'the SRPM could not be made in Copr' }
  return { state }
}
