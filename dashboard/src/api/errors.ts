/** The service answered with an error, or didn't answer (`status` 0). `message` is the service's own. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly retryAfterMs: number | null

  constructor(status: number, message: string, retryAfterMs: number | null = null) {
    super(message)
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

/** Whether asking again may help: the service is away, restarting, or too busy. */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.status === 0 || (error.status >= 502 && error.status <= 504) || error.status === 429
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404
}

/** Whether one has to sign in first: the service has private repositories, or the session has ended. */
export function needsSignIn(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}

/** At most this often a question is repeated. */
export const MAX_RETRIES = 3
const LONGEST_WAIT_MS = 60_000

/** How long to wait before the next try, in milliseconds: what the service asked for, else 1, 2, 4 s. */
export function retryDelay(failures: number, error: unknown): number {
  const asked = error instanceof ApiError ? error.retryAfterMs : null
  return Math.min(LONGEST_WAIT_MS, asked ?? 1_000 * 2 ** failures)
}

/** Reads `Retry-After` (seconds or a date); null when it is absent or makes no sense. */
export function parseRetryAfter(value: string | null, now: number = Date.now()): number | null {
  if (!value) return null
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

/**
 * The sentence in an error body, whichever of the service's shapes it has: `detail`, `error`, `message`, `errors`.
 *
 * @returns null when there is none, e.g. for a proxy's HTML page
 */
export function messageOf(body: unknown): string | null {
  if (typeof body === 'string') return body.length < 500 && !body.trimStart().startsWith('<') ? body || null : null
  if (typeof body !== 'object' || body === null) return null
  const { detail, error, errors, message, title } = body as Record<string, unknown>
  for (const text of [detail, error]) if (typeof text === 'string' && text) return text
  if (typeof errors === 'object' && errors !== null) {
    const texts = Object.values(errors).filter((text) => typeof text === 'string')
    if (texts.length > 0) return texts.join(' ')
  }
  for (const text of [message, title]) if (typeof text === 'string' && text) return text
  return null
}

/** An `ApiError` out of an answer that isn't what was asked for. */
export function toApiError(response: Response, body: unknown): ApiError {
  const message = messageOf(body) ?? `The service answered ${response.status} ${response.statusText}`.trim()
  return new ApiError(response.status, message, parseRetryAfter(response.headers.get('retry-after')))
}
