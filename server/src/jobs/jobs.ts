import type { Selection } from '../domain/selection.ts'

/** The jobs between the stages: kind, file and function share one name, and data is ids. */
export interface Jobs {
  /** Stage 2: what a delivery means. Quick: what takes longer is handed over. */
  'decide-delivery': { deliveryId: number }
  /** Stage 2: the head that a delivery tells of → its plan and runs. */
  'run-head': { deliveryId: number }
  /** Stage 2: a comment with a command → what it asks for, or why not. */
  'run-command': { deliveryId: number }
  /** Stage 2: a further attempt of an event, that somebody asked for. */
  'run-event': { eventId: number; attempt: number; cause: 'command' | 'retry'; selection?: Selection }
  /** Stage 3: one commit → its SRPM. */
  'build-srpm': { srpmBuildId: number }
  /** Stage 3: how an SRPM stands that the builder makes; `poll` as for `settle-build`. */
  'settle-source': { srpmBuildId: number; poll: boolean; polls?: number }
  /** Stage 3: an SRPM → a builder. */
  'start-build': { buildRowId: number }
  /** Stage 3: how a build stands; `poll` asks again by itself until the build has ended. */
  'settle-build': { buildRowId: number; poll: boolean; polls?: number }
  /** Stage 3: the built packages of a run → a dnf repository. */
  'publish-repository': { runId: number }
  /** Stage 3: what tests are for is there → a request to their runner. */
  'start-tests': { testTargetId: number }
  /** Stage 3: how requested tests stand; `poll` asks again by itself until they have ended. */
  'settle-test': { testRequestId: number; poll: boolean; polls?: number }
  /** Stage 4: the state of an event → the checks that a forge shall show. */
  'report-event': { eventId: number }
  /** Stage 4: the checks of an event → the forge. */
  'show-checks': { eventId: number }
  /** An outside system stopped answering, or answers again: what waits for it is reported, run by run, from behind `after` on. */
  'tell-backend': { backend: string; after?: number }
  /** Stage 4: a comment or reaction → the forge. */
  'send-post': { postId: number }
  /** Every few minutes: deliveries that never arrived, or that we could not take, are sent again by the forge. */
  'sweep-deliveries': Record<string, never>
  /** At each start and every hour: pull requests and installations that no delivery told of. */
  'sweep-pull-requests': Record<string, never>
  /** Daily: what target aliases stand for. */
  'refresh-targets': Record<string, never>
  /** At each start: derived columns that older rows lack. */
  'fill-derived-ids': Record<string, never>
  /** Nightly: what has outlived its keeping. */
  'remove-expired': Record<string, never>
  /** Every three minutes: the usage statistics of well-known periods. */
  'refresh-usage': Record<string, never>
}

export type JobKind = keyof Jobs

/**
 * What somebody waits to see on a forge, and that is over in a moment: so many are taken at a time by each worker, and the
 * `LONG_KINDS` give way to them.
 */
export const QUICK_KINDS: { readonly [K in JobKind]?: number } = {
  'decide-delivery': 6,
  'report-event': 6,
  'show-checks': 8,
}

/**
 * Kinds whose handler reads all there is: what is told while one waits, that one will see, so that the more there is to do, the
 * less is done twice.
 */
export const MERGED_KINDS: ReadonlySet<JobKind> = new Set([
  'report-event',
  'show-checks',
  'settle-build',
  'settle-test',
])

/** What starts processes, which hold up everything else here while they start. */
export const LONG_KINDS: ReadonlySet<JobKind> = new Set([
  'run-head',
  'run-event',
  'build-srpm',
  'start-build',
  'publish-repository',
])

/** What comes by the clock, and what nobody waits for. */
const BY_THE_CLOCK = [
  'sweep-deliveries',
  'sweep-pull-requests',
  'refresh-targets',
  'fill-derived-ids',
  'remove-expired',
  'refresh-usage',
] as const satisfies readonly JobKind[]
export const RARE_KINDS: ReadonlySet<JobKind> = new Set(BY_THE_CLOCK)

export const JOB_KINDS = [
  'decide-delivery',
  'run-head',
  'run-command',
  'run-event',
  'build-srpm',
  'settle-source',
  'start-build',
  'settle-build',
  'publish-repository',
  'start-tests',
  'settle-test',
  'report-event',
  'show-checks',
  'tell-backend',
  'send-post',
  ...BY_THE_CLOCK,
] as const satisfies readonly JobKind[]

/** How often a job whose code throws is tried before its run ends as an error of ours. */
export const BUG_TRIES = 3

/** How often a job may be found without its worker before its run ends as an error of ours. */
export const CRASH_RETURNS = 5

/** How long a job waits for a system that is away. */
export const UNAVAILABLE_DEADLINE_MS = 60 * 60_000
