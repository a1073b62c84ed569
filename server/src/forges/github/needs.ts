/** What the App may do on the repositories it is installed on, by GitHub's words: nothing more than is used. */
export const PERMISSIONS = {
  checks: 'write',
  statuses: 'write',
  pull_requests: 'write',
  issues: 'write',
  contents: 'read',
  metadata: 'read',
  merge_queues: 'read',
} as const satisfies Record<string, 'read' | 'write'>

/**
 * What GitHub tells us of: exactly the events that the inbox reads. Installations, and new names of accounts, are told to
 * every App without asking.
 */
export const EVENTS = [
  'check_run',
  'check_suite',
  'commit_comment',
  'issue_comment',
  'merge_group',
  'pull_request',
  'push',
  'release',
  'repository',
] as const

/** Why each permission is asked for, for people who are to grant it. */
export const REASONS: Record<keyof typeof PERMISSIONS, string> = {
  checks: 'shows how each build goes',
  statuses: 'the same, where checks are not to be had',
  pull_requests: 'answers commands in pull requests',
  issues: 'answers commands in issues, and tells of a broken configuration',
  contents: 'fetches the commits it builds',
  metadata: 'goes with every App',
  merge_queues: 'checks what a merge queue is about to merge',
}
