export const PROJECT_TABS = ['now', 'history', 'config', 'badge', 'prs', 'branches', 'releases', 'issues'] as const
export type ProjectTab = (typeof PROJECT_TABS)[number]

/** What rows of the grid are: one kind, or all. */
export const ROW_KINDS = ['pull_request', 'branch', 'release', 'all'] as const
export type RowKind = (typeof ROW_KINDS)[number]

/** Periods of the history, in days. */
export const HISTORY_DAYS = [7, 30, 90, 365] as const
export const USUAL_DAYS = 30

/** What the address of a project says. */
export interface ProjectSearch {
  /** Left out: `now`. */
  tab?: ProjectTab | undefined
  page?: number | undefined
  /** Of the grid: which rows, and where the page begins. */
  kind?: RowKind | undefined
  after?: number | undefined
  days?: number | undefined
  /** Of the badge: what it shows. */
  branch?: string | undefined
  pr?: number | undefined
  target?: string | undefined
}

export interface ProjectsSearch {
  q?: string | undefined
  page?: number | undefined
}
