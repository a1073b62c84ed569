import { type Answer, notFound, type Page, Refusal } from './answers.ts'
import { authorize, type Caller, canRead, type Wanted } from './callers.ts'
import type { Deliveries } from './deliveries.ts'
import type { Events } from './events.ts'
import { resolve } from './git.ts'
import type { Limits } from './limits.ts'
import type { State } from './state.ts'
import type { App, Repository } from './things.ts'

/** One request to the API, as its handler sees it: described, checked and let in. */
export interface Call<Body = unknown> {
  state: State
  events: Events
  deliveries: Deliveries
  limits: Limits
  caller: Caller
  params: Record<string, string | number>
  query: Record<string, unknown>
  body: Body
  url: URL
  page: Page
}

export interface Route {
  /** Counts for the limit on what others are told of. */
  isContent?: boolean
  /** Called with the body that the description allows. */
  handle: (call: Call<never>) => Answer | Promise<Answer>
}

export type Routes = Record<string, Route>

/** The repository that a request names, if the caller may do this with it. */
export function repositoryFor(call: Call, wanted: Wanted): Repository {
  const repository = namedRepository(call)
  authorize(call.state, call.caller, repository, wanted)
  return repository
}

/** The same without a look at what the caller may; redirects from former names, as GitHub does. */
export function namedRepository({ state, caller, params, url }: Call): Repository {
  const { owner, repo } = params
  const found = state.findRepository(String(owner), String(repo))
  if (found) return found
  const moved = state.formerNames.get(`${owner}/${repo}`.toLowerCase())
  if (!moved || moved.isDeleted || !canRead(state, caller, moved)) throw notFound()
  throw new Moved(url.href.replace(/\/repos\/[^/]+\/[^/?]+/, `/repositories/${moved.id}`))
}

/** The repository is called otherwise now. */
export class Moved extends Refusal {
  readonly location: string
  constructor(location: string) {
    super(301, 'Moved Permanently', { headers: { location } })
    this.location = location
  }

  toAnswerFor(method: string): Answer {
    const { message, location, headers } = this
    // 301 would make a GET of every other method
    return { status: method === 'GET' ? 301 : 307, body: { message, url: location }, headers }
  }
}

/** The commit that a part of the address names. */
export async function commitFor(repository: Repository, name: unknown, missing: Refusal): Promise<string> {
  const sha = await resolve(repository.dir, String(name).replace(/^(heads|tags)\//, 'refs/$1/'))
  if (!sha) throw missing
  return sha
}

export const noCommit = (name: unknown) => new Refusal(422, `No commit found for SHA: ${name}`)

/** The App that asks by an installation; only Apps may write checks. */
export function appOf(caller: Caller): App {
  if (caller.kind === 'installation') return caller.installation.app
  throw new Refusal(403, 'You must authenticate via a GitHub App.')
}
