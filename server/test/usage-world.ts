import { type Api, createApi } from './api-world.ts'
import type { DatabaseKind } from './database.ts'

export const HELLO = 'https://github.com/acme/hello'
export const TOOL = 'https://gitlab.com/group/sub/tool'

/** The HTTP server on the rows of `api-rows.ts`, which are of 28 May 2026, 20:26 to 20:33 UTC; its clock is moved by tests. */
export async function createUsageApi(kind: DatabaseKind = 'embedded') {
  const clock = { now: Date.parse('2026-05-29T10:20:30Z') }
  const api = await createApi({ kind, deps: { now: () => new Date(clock.now) } })
  return Object.assign(api, { clock })
}

/** Asks as an old client does: follows the redirect, which is relative to where it was. */
export async function follow({ get }: Api, url: string) {
  const { statusCode, headers } = await get(url)
  const location = String(headers.location)
  if (statusCode !== 302 || /^\/|:/.test(location)) throw new Error(`${url}: ${statusCode} ${location}`)
  return get(new URL(location, `http://x${url}`).pathname)
}
