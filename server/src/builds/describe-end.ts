import type { SandboxEnd } from '../sandbox/sandbox.ts'

const SENTENCES: Record<SandboxEnd, string | null> = {
  finished: null,
  'timed-out': 'stopped: it took longer than the time limit (PACKIT_BUILD_TIME)',
  'out-of-memory': 'stopped: it needed more memory than the limit (PACKIT_BUILD_MEMORY)',
  'disk-full': 'stopped: its work tree grew over the limit (PACKIT_BUILD_DISK)',
  'log-limit': 'stopped: it printed more than the limit (PACKIT_BUILD_LOG)',
  canceled: 'cancelled',
  crashed: 'the sandbox ended unexpectedly',
}

/** In a sentence, which limit ended a step; null when it ended by itself. */
export function describeEnd(end: SandboxEnd): string | null {
  return SENTENCES[end]
}
