import { KeptList } from './kept.ts'

/** A project, or one of its pull requests, whose newest run somebody wants on the home page. */
export interface Watched {
  /** `forge/namespace/repo` */
  project: string
  /** null: all of the project */
  pr: number | null
}

/** More would make the home page a list to search in; each is a question to the service. */
export const MOST_WATCHED = 20

/** What is watched, the newest first. */
export const watched = new KeptList<Watched>('watched', readWatched)

export function isWatched(list: readonly Watched[], what: Watched): boolean {
  return list.some((each) => isSame(each, what))
}

/** The list with it in front, or without it if it was there. Of too many the oldest goes. */
export function toggleWatched(list: readonly Watched[], what: Watched): Watched[] {
  const others = list.filter((each) => !isSame(each, what))
  return others.length < list.length ? others : [what, ...others].slice(0, MOST_WATCHED)
}

/** The good entries of whatever was stored. */
export function readWatched(stored: unknown): Watched[] {
  if (!Array.isArray(stored)) return []
  const found: Watched[] = []
  for (const each of stored.slice(0, MOST_WATCHED)) {
    const { project, pr = null } = (each ?? {}) as { project?: unknown; pr?: unknown }
    if (typeof project !== 'string' || project.split('/').length < 3) continue
    if (pr === null || (typeof pr === 'number' && Number.isSafeInteger(pr) && pr > 0)) found.push({ project, pr })
  }
  return found
}

/** Its parts as the address of a project's page has them: forge, and the rest with all its slashes. */
export function partsOf({ project }: Watched): { forge: string; path: string } {
  const slash = project.indexOf('/')
  return { forge: project.slice(0, slash), path: project.slice(slash + 1) }
}

function isSame(a: Watched, b: Watched): boolean {
  return a.project === b.project && a.pr === b.pr
}
