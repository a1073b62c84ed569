import type { State } from './state.ts'

/** Lists of jobs in the order of their links: address below `/jobs/`, name, and what they are. */
export const JOB_LISTS = [
  ['copr', 'RPM builds', 'One SRPM built for one or more chroots, by any builder.'],
  ['srpm', 'SRPM builds', 'The source package of each commit.'],
  ['testing-farm', 'Tests', 'Test runs of built packages.'],
  ['koji', 'Scratch builds', 'Koji builds of changes, thrown away afterwards.'],
  ['propose-downstream', 'Propose downstream', 'Releases carried into the distribution by their upstream.'],
  ['pull-from-upstream', 'Pull from upstream', 'Releases that the distribution fetches by itself.'],
  ['koji-downstream', 'Koji builds', 'Builds for the distribution itself.'],
  ['bodhi', 'Bodhi updates', 'Updates that bring built packages to users.'],
  ['openscanhub', 'OpenScanHub', 'What a scan of the change found that was not there before.'],
  ['koji-tag-requests', 'Koji tag requests', 'Builds put into side tags.'],
  ['log-detective', 'Log Detective', 'Guesses at the cause of failed builds.'],
] as const

/** Words of the API for statuses of jobs, and the state that each is shown as. */
const SHOWN: Partial<Record<string, readonly [status: string, label: string][]>> = {
  builds: [
    ['waiting_for_srpm', 'Waiting for SRPM'],
    ['pending', 'Running'],
    ['success', 'Passed'],
    ['failure', 'Failed'],
    ['error', 'Broke'],
    ['canceled', 'Cancelled'],
  ],
  srpms: [
    ['pending', 'Running'],
    ['success', 'Passed'],
    ['failure', 'Failed'],
    ['error', 'Broke'],
    ['canceled', 'Cancelled'],
  ],
  tests: [
    ['queued', 'Waiting'],
    ['running', 'Running'],
    ['passed', 'Passed'],
    ['failed', 'Failed'],
    ['error', 'Broke'],
    ['canceled', 'Cancelled'],
    ['skipped', 'Skipped'],
  ],
  koji: [
    ['queued', 'Waiting'],
    ['running', 'Running'],
    ['success', 'Passed'],
    ['failure', 'Failed'],
    ['error', 'Broke'],
    ['canceled', 'Cancelled'],
    ['skipped', 'Skipped'],
  ],
  updates: [
    ['queued', 'Waiting'],
    ['success', 'Passed'],
    ['error', 'Broke'],
    ['skipped', 'Skipped'],
  ],
  syncs: [
    ['running', 'Running'],
    ['finished', 'Passed'],
    ['error', 'Broke'],
  ],
  scans: [
    ['pending', 'Waiting'],
    ['running', 'Running'],
    ['succeeded', 'Passed'],
    ['failed', 'Failed'],
    ['canceled', 'Cancelled'],
  ],
  analyses: [
    ['running', 'Running'],
    ['complete', 'Passed'],
    ['error', 'Broke'],
    ['unknown', 'Unknown'],
  ],
}

/** The statuses that a list can be filtered by, as they are shown. */
export function statusWords(kind: keyof typeof SHOWN & string): { value: string; label: string }[] {
  return (SHOWN[kind] ?? []).map(([value, label]) => ({ value, label }))
}

const STATES_OF: Readonly<Record<string, State>> = {
  queued: 'pending',
  retry: 'pending',
  new: 'pending',
  waiting_for_srpm: 'pending',
  submitted: 'success',
  finished: 'success',
  passed: 'success',
  succeeded: 'success',
  complete: 'success',
  failed: 'failure',
  pending: 'running',
  running: 'running',
  success: 'success',
  failure: 'failure',
  error: 'error',
  canceled: 'canceled',
  skipped: 'skipped',
}

/** The state that a status of a part is shown as, where the API gives no state of it; `error` for what nobody knows. */
export function stateOfStatus(status: string | null | undefined): State {
  return status == null ? 'pending' : (STATES_OF[status] ?? 'error')
}
