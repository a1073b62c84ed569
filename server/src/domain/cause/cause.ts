/** The kinds of failures that are told apart. */
export const CAUSE_KINDS = [
  'missing-build-requires',
  'prep-patch',
  'prep-other',
  'configure',
  'compiler',
  'linker',
  'script',
  'check',
  'install',
  'unpackaged-files',
  'missing-files',
  'time-out',
  'memory',
  'disk',
  'processes',
  'log-limit',
  'canceled',
  'srpm',
  'action',
  'merge-conflict',
  'source-missing',
  'macro-undefined',
  'missing-program',
  'network-denied',
  'spec-syntax',
  'changelog',
  'rpmlint',
  'architecture',
  'unknown',
] as const
export type CauseKind = (typeof CAUSE_KINDS)[number]

/** Why a step did not succeed, as shown on page, check, API and terminal. */
export interface Cause {
  /** What kind of failure it is, e.g. `compiler`, `check`, `missing-build-requires`. */
  kind: CauseKind
  /** The failed part of the step, e.g. `%check`; null where there is none. */
  section: string | null
  /** One sentence. */
  summary: string
  /** Number of the main line in the log, from 1; null when the log has nothing to show. */
  line: number | null
  /** The two to ten lines that say why. */
  lines: { number: number; text: string }[]
}

/** The step whose log is looked at, and what is known of its end besides. */
export interface CauseStep {
  kind: 'srpm' | 'build' | 'test'
  /** Of what: the chroot, e.g. `host-debian-12-x86_64`. */
  name?: string
  /** How the sandbox ended it; `finished` or left out when it ended by itself. */
  end?: 'finished' | 'timed-out' | 'out-of-memory' | 'disk-full' | 'log-limit' | 'canceled' | 'crashed'
  /** What the program that made the SRPM said. */
  failure?: { kind: string; message: string; action?: string; files?: readonly string[] }
}
