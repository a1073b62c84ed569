import type { State } from './state.ts'
import type { CheckRun, Comment, Issue, PullRequest, Repository, Status } from './things.ts'

/** A commit, or the head of a pull request. */
export type Spot = string | PullRequest | { repository: Repository; sha: string }

export interface ShownCheck {
  status: CheckRun['status']
  conclusion: string | null
  title: string | null
}

export interface ShownStatus {
  state: Status['state']
  description: string | null
  targetUrl: string | null
}

/** What a person sees who looks at the pages. */
export function look(state: State) {
  const isAt = (spot: Spot | undefined) => (one: { sha: string; repository: Repository }) => {
    if (spot === undefined) return true
    if (typeof spot === 'string') return one.sha === spot
    const sha = 'pull' in spot ? spot.pull.head.sha : spot.sha
    return one.sha === sha && one.repository === spot.repository
  }
  const allCheckRuns = (spot?: Spot): CheckRun[] => state.checkRuns.filter(isAt(spot))
  return {
    allCheckRuns,
    checkRuns: (spot: Spot): Record<string, ShownCheck> =>
      Object.fromEntries(
        allCheckRuns(spot).map(({ name, status, conclusion, output }) => [
          name,
          { status, conclusion, title: output.title },
        ]),
      ),
    findCheck(spot: Spot, name: string): CheckRun {
      const found = allCheckRuns(spot).findLast((one) => one.name === name)
      if (!found) throw new Error(`there is no check ${name}`)
      return found
    },
    statuses: (spot: Spot): Record<string, ShownStatus> =>
      Object.fromEntries(
        state.statuses
          .filter(isAt(spot))
          .map(({ context, state: its, description, targetUrl }) => [context, { state: its, description, targetUrl }]),
      ),
    comments(where: Issue | string): { author: string; body: string }[] {
      const isMeant = ({ on }: Comment) =>
        on.kind === 'commit' ? on.sha === where : typeof where !== 'string' && on.issue === where
      return state.comments.filter(isMeant).map(({ author, body }) => ({ author: author.login, body }))
    },
    reactions(comment: Comment | number): string[] {
      const id = typeof comment === 'number' ? comment : comment.id
      const found = state.comments.find((one) => one.id === id)
      return found?.reactions.map(({ content }) => content) ?? []
    },
  }
}
