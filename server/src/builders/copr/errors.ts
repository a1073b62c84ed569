import {
  ConfigError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  SetupError,
  UnavailableError,
} from '../../domain/errors.ts'
import { plainText } from '../../domain/escape.ts'

const RETRY_MS = 15_000
const LIMIT_RETRY_MS = 60_000
const MOST_TEXT = 500

/**
 * Why there was no answer: whatever was asked for may have been done all the same.
 *
 * @param where  address of Copr
 */
export function noAnswer(where: string, error: unknown): UnavailableError {
  return new UnavailableError(`Copr (${where}) does not answer: ${innermost(error)}`, RETRY_MS, {
    cause: error,
    hasDeadline: false,
  })
}

/** An answer that is none of Copr's: a page of the proxy in front of it. */
export function oddAnswer(where: string, what: string): UnavailableError {
  return new UnavailableError(`Copr (${where}) gives ${what}`, RETRY_MS, { hasDeadline: false })
}

/**
 * What a refusal means, sorted by who can act.
 *
 * @param what  was asked, e.g. `to build in acme/hello`
 * @param text  of the error, for people only; empty when there is none
 */
export function explainRefusal(
  answer: { status: number; text: string; retryAfter: string | null },
  where: string,
  what: string,
  now: Date,
): Error {
  const { status } = answer
  const said = plainText(answer.text).trim().slice(0, MOST_TEXT) || `status ${status}`
  if (status === 401)
    return new SetupError(
      `Copr (${where}) does not accept PACKIT_COPR_LOGIN and PACKIT_COPR_TOKEN (${said}); tokens end after 180 days: get new ones at ${where}/api/`,
    )
  if (status === 403) return new ForbiddenError(`Copr refuses ${what}: ${said}`)
  if (status === 404) return new NotFoundError(`Copr does not find what was asked for ${what}: ${said}`)
  if (status === 409) return new ConflictError(`Copr can't do that now (${what}): ${said}`)
  if (status === 429) {
    const waitMs = retryAfterMs(answer.retryAfter, now) ?? LIMIT_RETRY_MS
    return new UnavailableError(`Copr (${where}) asks to wait`, waitMs, { hasDeadline: false, isBusy: true })
  }
  if (status === 408 || status === 425 || status >= 500) {
    const waitMs = retryAfterMs(answer.retryAfter, now) ?? RETRY_MS
    // some errors of users are answered like bugs: those that tell a reason are not asked for ever
    const hasDeadline = status === 500 && answer.text !== ''
    return new UnavailableError(`Copr (${where}) could not do it (${what}): ${said}`, waitMs, {
      hasDeadline,
      isBusy: hasDeadline,
    })
  }
  return new ConfigError(`Copr refuses ${what}: ${said}`)
}

/** What `Retry-After` asks for: seconds, or an HTTP date. */
function retryAfterMs(text: string | null, now: Date): number | undefined {
  if (text === null) return undefined
  if (/^\d{1,6}$/.test(text.trim())) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}

/** `fetch` itself says only that it failed. */
function innermost(error: unknown): string {
  let cause = error
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  if (!(cause instanceof Error)) return String(cause)
  if (cause.name === 'TimeoutError') return 'it took too long'
  return cause.message || cause.name
}
