import { RequestError } from 'octokit'
import { ConfigError, ConflictError, ForbiddenError, NotFoundError, UnavailableError } from '../../domain/errors.ts'
import { isLimited, retryAfterMs } from './budget.ts'

/** The installation of the App that was asked by is gone: it may have been installed anew, under another id. */
export class InstallationGoneError extends NotFoundError {
  override name = 'InstallationGoneError'
}

const RETRY_MS = 15_000
/** What the operator has to mend is not asked for all the time. */
const OPERATOR_RETRY_MS = 60_000

/** Fields that the packager's configuration decides. */
const PACKAGERS_FIELDS = new Set(['name', 'context'])

/**
 * Why GitHub did not do it, sorted by who can act; what is no answer of GitHub stays as it is.
 *
 * @param what  what was asked about, e.g. `the pull request 7 of acme/hello`
 */
export function explainError(error: unknown, what: string, now: Date): unknown {
  if (!(error instanceof RequestError)) return error
  const options = { cause: error }
  const { status, response } = error
  if (!response) return new UnavailableError(`${notNow(what)}: ${describeCause(error)}`, RETRY_MS, options)
  const headers = { get: (name: string) => headerText(response.headers, name) }
  const message = messageOf(response.data)
  if (isLimited(status, headers, message)) {
    const waitMs = retryAfterMs(headers.get('retry-after'), now) ?? resetMs(headers, now) ?? 60_000
    return new UnavailableError(`${notNow(what)}: its limit is reached`, Math.max(1_000, waitMs), {
      ...options,
      hasDeadline: false,
      isBusy: true,
    })
  }
  if (status === 401)
    return new UnavailableError(
      `GitHub does not accept the App's key (${message})${describeClock(headers.get('date'), now)}; ` +
        'see PACKIT_GITHUB_APP_ID, PACKIT_GITHUB_PRIVATE_KEY and the clock of this machine',
      OPERATOR_RETRY_MS,
      options,
    )
  if (status === 403 || status === 451)
    return new ForbiddenError(`GitHub does not let the App at ${what}: ${message}`, options)
  if (status === 404 || status === 410)
    return new NotFoundError(`there is no ${bare(what)} on GitHub, or the App can't see it`, options)
  if (status === 409) return new ConflictError(`GitHub can't do that to ${what} as it is: ${message}`, options)
  if (status === 422 || status === 400 || status === 413) return explainRefused(response.data, what, options)
  const waitMs = retryAfterMs(headers.get('retry-after'), now) ?? RETRY_MS
  return new UnavailableError(`${notNow(what)}: it answered with status ${status}`, Math.max(1_000, waitMs), options)
}

function notNow(what: string): string {
  return `GitHub can't be asked for ${what} now`
}

function bare(what: string): string {
  return what.replace(/^the /, '')
}

/** Why there was no answer: the innermost cause names it. */
function describeCause(error: Error): string {
  let cause: unknown = error
  while (cause instanceof Error && cause.cause !== undefined && cause.name !== 'TimeoutError') cause = cause.cause
  if (!(cause instanceof Error)) return error.message
  if (cause.name === 'TimeoutError') return 'it did not answer in time'
  const code = 'code' in cause ? ` (${String(cause.code)})` : ''
  return `${cause.message || error.message}${code}`
}

function describeClock(date: string | null, now: Date): string {
  const at = date === null ? Number.NaN : Date.parse(date)
  const seconds = Math.round((now.getTime() - at) / 1000)
  if (Number.isNaN(at) || Math.abs(seconds) < 30) return ''
  return `; this machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} GitHub's`
}

function resetMs(headers: { get(name: string): string | null }, now: Date): number | undefined {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  if (headers.get('x-ratelimit-remaining') !== '0' || Number.isNaN(reset)) return undefined
  return reset * 1000 + 1_000 - now.getTime()
}

/** A field that GitHub did not take: named, with its message. */
function explainRefused(data: unknown, what: string, options: ErrorOptions): Error {
  const faults = faultsOf(data)
  const message = [messageOf(data), ...faults.map(({ text }) => text)].join('; ')
  if (/no commit found|not.*(find|exist)|inaccessible|not accessible/i.test(message))
    return new NotFoundError(`GitHub knows nothing of ${what}: ${message}`, options)
  const text = `GitHub refuses ${what}: ${message}`
  return faults.some(({ field }) => PACKAGERS_FIELDS.has(field))
    ? new ConfigError(text, options)
    : new Error(text, options)
}

function faultsOf(data: unknown): { field: string; text: string }[] {
  const errors = typeof data === 'object' && data !== null && 'errors' in data ? data.errors : []
  if (typeof errors === 'string') return [{ field: '', text: errors }]
  if (!Array.isArray(errors)) return []
  return errors.slice(0, 10).map((item: unknown) => {
    if (typeof item !== 'object' || item === null) return { field: '', text: String(item).slice(0, 300) }
    const { field, code, message } = item as Record<string, unknown>
    const said = [message, code].find((part) => typeof part === 'string' && part !== '')
    return {
      field: String(field ?? ''),
      text: `${field ?? 'a field'}: ${String(said ?? 'not accepted').slice(0, 300)}`,
    }
  })
}

/** What GitHub says; of a proxy's page nothing. */
function messageOf(data: unknown): string {
  const message = typeof data === 'object' && data !== null && 'message' in data ? data.message : undefined
  return typeof message === 'string' && message !== '' ? message.slice(0, 500) : 'it gave no reason'
}

function headerText(headers: Record<string, unknown>, name: string): string | null {
  const value = headers[name]
  return value === undefined ? null : String(value)
}
