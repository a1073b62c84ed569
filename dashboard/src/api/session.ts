import { queryOptions } from '@tanstack/react-query'
import { basePath } from './base.ts'
import { bodyOf, client, setCsrf } from './client.ts'
import type { Session } from './types.ts'

/** What they do may change at their forge; who they are only by a page of ours. */
const FRESH_MS = 60_000

/** Who is signed in. */
export const sessionQuery = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: async ({ signal }): Promise<Session> => remember(bodyOf(await client.GET('/api/session', { signal }))),
    staleTime: FRESH_MS,
  })

/** Who is signed in, and whether they may retry, cancel and approve a run. */
export const runRightsQuery = (run: number) =>
  queryOptions({
    queryKey: ['session', run],
    queryFn: async ({ signal }): Promise<Session> =>
      remember(bodyOf(await client.GET('/api/session', { params: { query: { run } }, signal }))),
    staleTime: FRESH_MS,
  })

/** Signs in by a token, or by the code of a link. Throws an `ApiError` with the service's words. */
export async function signIn(proof: { token: string } | { code: string }): Promise<Session> {
  return remember(bodyOf(await client.POST('/api/session', { body: proof })))
}

export async function signOut(): Promise<void> {
  bodyOf(await client.DELETE('/api/session'))
  setCsrf(null)
}

/** Goes to a page of ours by a new load: everything that was asked for as somebody else is forgotten. */
export function goAnew(path: string): void {
  window.location.assign(basePath() + path.replace(/^\/+/, ''))
}

function remember(session: Session): Session {
  setCsrf(session.csrf)
  return session
}
