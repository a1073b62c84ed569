import type { GithubApp } from '../../forges/github/app.ts'
import { appJwt } from '../../forges/github/app-jwt.ts'
import { reasonOf } from '../../forges/github/setup/convert.ts'

/** An answer of GitHub's API; `status` 0 when there was none. */
export interface GithubAnswer {
  status: number
  body: unknown
  /** GitHub's clock. */
  date: Date | null
  /** Why there was no answer, or what GitHub says is wrong. */
  message: string
}

export type AskGithub = (path: string) => Promise<GithubAnswer>

const TIMEOUT_MS = 10_000

/** Asks as the App itself. Never throws: that GitHub is away is a finding, too. */
export function askAsApp(app: GithubApp, now: () => Date, fetcher: typeof fetch = fetch): AskGithub {
  return async (path) => {
    const started = now()
    try {
      const response = await fetcher(app.apiUrl + path, {
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${appJwt(app, started)}`,
          'user-agent': 'packit-service',
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const body: unknown = await response.json().catch(() => undefined)
      const date = new Date(response.headers.get('date') ?? Number.NaN)
      const message = (body as { message?: unknown } | null | undefined)?.message
      return {
        status: response.status,
        body,
        date: Number.isNaN(date.getTime()) ? null : date,
        message: typeof message === 'string' ? message : `it answers ${response.status}`,
      }
    } catch (error) {
      return { status: 0, body: undefined, date: null, message: reasonOf(error) }
    }
  }
}
