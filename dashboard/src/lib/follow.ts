import { KeptList } from './kept.ts'

/** A project, or one of its pull requests, whose newest run somebody wants on the home page. */
export interface Followed {
  /** `forge/namespace/repo` */
  project: string
  /** null: all of the project */
  pr: number | null
}

/** More would make the home page a list to search in; each is a question to the service. */
export const MOST_FOLLOWED = 20

/** What is followed, the newest first. */
export const followed = new KeptList<Followed>('followed', readFollowed)

export function isFollowed(list: readonly Followed[], what: Followed): boolean {
  return list.some((each) => isSame(each, what))
}

/** The list with it in front, or without it if it was there. Of too many the oldest goes. */
export function toggleFollowed(list: readonly Followed[], what: Followed): Followed[] {
  const others = list.filter((each) => !isSame(each, what))
  return others.length < list.length ? others : [what, ...others].slice(0, MOST_FOLLOWED)
}

/** The good entries of whatever was stored. */
export function readFollowed(stored: unknown): Followed[] {
  if (!Array.isArray(stored)) return []
  const found: Followed[] = []
  for (const each of stored.slice(0, MOST_FOLLOWED)) {
    const { project, pr = null } = (each ?? {}) as { project?: unknown; pr?: unknown }
    if (typeof project !== 'string' || project.split('/').length < 3) continue
    if (pr === null || (typeof pr === 'number' && Number.isSafeInteger(pr) && pr > 0)) found.push({ project, pr })
  }
  return found
}

/** Its parts as the address of a project's page has them: forge, and the rest with all its slashes. */
export function partsOf({ project }: Followed): { forge: string; path: string } {
  const slash = project.indexOf('/')
  return { forge: project.slice(0, slash), path: project.slice(slash + 1) }
}

function isSame(a: Followed, b: Followed): boolean {
  return a.project === b.project && a.pr === b.pr
}
