import type { FoundTarget } from '../builder.ts'

type Judged = Pick<FoundTarget, 'state' | 'reason' | 'end'>

/** mock's exit codes, by what they are about: `mockbuild/exception.py`. */
const BUILD_FAILED = 10
const TIMED_OUT = 11
const DNF_FAILED = 30
const BAD_PACKAGE = 40
const REASONS: Record<number, string> = {
  2: 'mock was not started by its wrapper: the account of the service has to be in the group `mock`',
  3: 'the configuration of mock is invalid',
  5: 'mock does not know an option that it was called with: it is too old',
  6: 'mock can’t build for this architecture here',
  20: 'mock could not set up the chroot',
  25: 'mock could not use its LVM storage',
  50: 'a command that mock ran failed',
  60: 'the root of the chroot is in use by another build',
  70: 'mock could not write its results',
  80: 'mock may not make namespaces here',
}

/** What no mirror has, however often it is asked. */
const MISSING = /No matching package to install|nothing provides|No match for argument|Unable to find a match/

/** How a chroot ended, from mock's exit code and the log. */
export function judgeMock(exitCode: number | null, log: string): Judged {
  if (exitCode === 0) return { state: 'success' }
  if (exitCode === BUILD_FAILED || exitCode === BAD_PACKAGE) return { state: 'failure' }
  if (exitCode === TIMED_OUT)
    return { state: 'failure', reason: 'it took longer than the time limit', end: 'timed-out' }
  if (exitCode === DNF_FAILED) {
    if (MISSING.test(log)) return { state: 'failure' }
    return { state: 'error', reason: 'mock could not install the packages that the build needs' }
  }
  const known = exitCode === null ? undefined : REASONS[exitCode]
  return { state: 'error', reason: known ?? `mock ended unexpectedly (exit code ${exitCode ?? 'none'})` }
}
