/** The canonical states of every step (SRPM, build target, test, check, run). */
export const STATES = ['pending', 'running', 'success', 'failure', 'error', 'canceled', 'skipped'] as const
export type State = (typeof STATES)[number]

/** The words of the compatible API for SRPMs and builds (`status`). */
export const BUILD_STATUSES = [
  'success',
  'pending',
  'failure',
  'error',
  'waiting_for_srpm',
  'retry',
  'canceled',
] as const
export type BuildStatus = (typeof BUILD_STATUSES)[number]

/** The words of the compatible API for the other kinds of jobs. */
export const TEST_STATUSES = [
  ...['new', 'queued', 'running', 'passed', 'failed', 'skipped', 'error', 'unknown', 'needs_inspection', 'retry'],
  ...['complete', 'canceled', 'cancel-requested'],
] as const
export const KOJI_STATUSES = [
  ...['queued', 'pending', 'running', 'success', 'failure', 'canceled', 'error', 'retry', 'skipped'],
] as const
export const UPDATE_STATUSES = ['queued', 'retry', 'success', 'error', 'skipped'] as const
export const SYNC_STATUSES = ['running', 'finished', 'error'] as const
export const SCAN_STATUSES = ['pending', 'running', 'succeeded', 'failed', 'canceled'] as const
export const ANALYSIS_STATUSES = ['complete', 'running', 'unknown', 'error'] as const

/**
 * The word of the compatible API for an SRPM or a build target.
 *
 * @param waitsForSrpm  a build target whose SRPM is not there yet
 */
export function toBuildStatus(state: State, waitsForSrpm = false): BuildStatus {
  if (state === 'pending') return waitsForSrpm ? 'waiting_for_srpm' : 'pending'
  if (state === 'running') return 'pending'
  if (state === 'skipped') return 'canceled'
  return state
}

/** Words of the compatible API that are no states, and what they mean: of each kind of job, as an import brings them. */
export const STATUS_STATES: Readonly<Record<string, State>> = {
  waiting_for_srpm: 'pending',
  retry: 'pending',
  new: 'pending',
  queued: 'pending',
  building: 'running',
  uploading: 'running',
  registering: 'running',
  'cancel-requested': 'running',
  passed: 'success',
  complete: 'success',
  finished: 'success',
  submitted: 'success',
  succeeded: 'success',
  failed: 'failure',
  needs_inspection: 'failure',
  unknown: 'error',
}

/** What a status says: `pending` as long as there is none, `error` for a word that nobody knows. */
export function stateOfStatus(status: string | null): State {
  if (status === null) return 'pending'
  return STATES.find((state) => state === status) ?? STATUS_STATES[status] ?? 'error'
}

/** Where a state stops changing. */
export function hasEnded(state: State): boolean {
  return state !== 'pending' && state !== 'running'
}

/** What is said of something that goes on until whoever runs it has stopped it; `reason` tells who asked for that. */
export function cancellingText(reason: string): string {
  return `Cancelling: ${reason}`
}

/**
 * The states that an observation may move on from, in whatever order and however often it comes: only ever forward.
 *
 * @returns none when it can't be the next state of anything (`pending`)
 */
export function statesBefore(next: State): State[] {
  if (next === 'pending') return []
  return next === 'running' ? ['pending'] : ['pending', 'running']
}

interface Look {
  word: string
  /** What the state is called in a GitHub check run: `status`, or `conclusion` when it has ended. */
  checkRun: 'queued' | 'in_progress' | 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped'
  /** One character for terminals; the dashboard has an icon of its own for each state. */
  mark: string
  color: 'grey' | 'blue' | 'green' | 'red' | 'orange' | 'purple'
}

/** Word, mark and colour of each state: the same three everywhere. */
export const LOOKS: Record<State, Look> = {
  pending: { word: 'Waiting', checkRun: 'queued', mark: '…', color: 'grey' },
  running: { word: 'Running', checkRun: 'in_progress', mark: '▶', color: 'blue' },
  success: { word: 'Passed', checkRun: 'success', mark: '✓', color: 'green' },
  failure: { word: 'Failed', checkRun: 'failure', mark: '✗', color: 'red' },
  error: { word: 'Broke', checkRun: 'neutral', mark: '▲', color: 'orange' },
  canceled: { word: 'Cancelled', checkRun: 'cancelled', mark: '⊘', color: 'grey' },
  skipped: { word: 'Skipped', checkRun: 'skipped', mark: '»', color: 'purple' },
}

/**
 * The state of a whole from the states of its parts: what is still to come first, then the worst.
 *
 * @returns `success` only if at least one part succeeded and none broke or failed; `skipped` when nothing ran at all
 */
export function combineStates(states: readonly State[]): State {
  const has = (state: State) => states.includes(state)
  if (has('running')) return 'running'
  if (has('pending')) return states.every((s) => s === 'pending' || s === 'skipped') ? 'pending' : 'running'
  for (const worst of ['failure', 'error', 'canceled', 'success'] as const) if (has(worst)) return worst
  return 'skipped'
}
