import type { Recent } from './recent.ts'
import type { IconName, State } from './state.ts'

/** What the service found, as far as it is shown. */
interface SearchHit {
  label: string
  detail: string | null
  page: string
  state: State | null
}

type SearchResult = Record<'projects' | 'pull_requests' | 'commits' | 'packages', SearchHit[]>

/** A line of the list below the search field. */
export interface Choice extends Recent {
  state: State | null
}

export interface ChoiceGroup {
  name: string
  /** Of choices without a state. */
  icon: IconName
  choices: Choice[]
}

/** What was found as groups to choose from; those without a hit are left out. */
export function groupsOf({ projects, pull_requests, commits, packages }: SearchResult): ChoiceGroup[] {
  const groups: [string, SearchHit[]][] = [
    ['Projects', projects],
    ['Pull requests', pull_requests],
    ['Commits', commits],
    ['Packages', packages],
  ]
  return groups
    .filter(([, hits]) => hits.length > 0)
    .map(([name, hits]) => ({
      name,
      icon: 'cube',
      choices: hits.map(({ label, detail, page, state }) => ({ label, detail, page, state })),
    }))
}

/** What one looked at and for, where nothing was typed yet. */
export function recentGroups(list: readonly Recent[]): ChoiceGroup[] {
  return list.length === 0
    ? []
    : [{ name: 'Recent', icon: 'clock', choices: list.map((each) => ({ ...each, state: null })) }]
}

/**
 * Which line the arrow keys come to, round and round; -1 is none, as before the first press.
 *
 * @param by  1 for down, -1 for up
 */
export function nextIndex(index: number, by: 1 | -1, count: number): number {
  if (count === 0) return -1
  if (index < 0) return by === 1 ? 0 : count - 1
  return (index + by + count) % count
}
