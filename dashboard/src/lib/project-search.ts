export const PROJECT_TABS = ['prs', 'branches', 'releases'] as const
export type ProjectTab = (typeof PROJECT_TABS)[number]

/** What the address of a project says. */
export interface ProjectSearch {
  tab?: ProjectTab | undefined
  page?: number | undefined
}

export interface ProjectsSearch {
  q?: string | undefined
  page?: number | undefined
}
