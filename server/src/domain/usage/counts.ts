/** What sets a run off: the words of the compatible API. */
export const EVENT_TYPES = [
  'pull_request',
  'branch_push',
  'release',
  'issue',
  'koji_build_tag',
  'anitya_version',
  'anitya_multiple_versions',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** Jobs that are counted, by the words of the compatible API: names of tables of Packit Service. */
export const JOB_KINDS = [
  'srpm_builds',
  'copr_build_groups',
  'koji_build_groups',
  'vm_image_build_targets',
  'tft_test_run_groups',
  'sync_release_runs',
  'log_detective_run_groups',
] as const
export type JobKind = (typeof JOB_KINDS)[number]

/** How many things of a project were there in a period: `objects` are triggers, the others jobs. Zero is left out. */
export type Counts = Partial<Record<EventType, Partial<Record<'objects' | JobKind, number>>>>

/** What a project had in a period. */
export interface ProjectCounts {
  id: number
  url: string
  forge: string
  counts: Counts
}

/** All that is counted of a period. */
export interface UsageCounts {
  /** Projects that had anything. */
  active: ProjectCounts[]
  /** Projects there are, by forge. */
  all: Record<string, number>
}

/** Which number of a project is meant: of one event type, or of all of them together. */
export interface Measure {
  of: 'objects' | JobKind
  type?: EventType
}

/**
 * The number of a project. Of several event types the numbers are added, so that a job which two types led to counts
 * twice, as it does in Packit Service.
 */
export function countOf({ counts }: ProjectCounts, { of, type }: Measure): number {
  if (type) return counts[type]?.[of] ?? 0
  return Object.values(counts).reduce((sum, ofType) => sum + (ofType[of] ?? 0), 0)
}

export interface Ranked {
  id: number
  url: string
  number: number
}

/** Projects that have any, the most first; equal ones by address. */
export function rank(active: readonly ProjectCounts[], measure: Measure): Ranked[] {
  return active
    .map((project) => ({ id: project.id, url: project.url, number: countOf(project, measure) }))
    .filter(({ number }) => number > 0)
    .sort((a, b) => b.number - a.number || (a.url < b.url ? -1 : 1))
}
