import { setTimeout as sleep } from 'node:timers/promises'
import { askAgain } from '../../domain/ask-again.ts'
import { readText } from '../../domain/bounded-text.ts'
import { ConfigError, ForbiddenError, SetupError, UnavailableError } from '../../domain/errors.ts'
import { readRefusal } from './protocol.ts'

export interface FarmAccess {
  /** Address of the API with its version, without a slash at the end. */
  url: string
  token: string
  /** The setting that holds the token, to name it. */
  setting: string
}

export interface ClientOptions extends FarmAccess {
  /** Of one request, its answer included; default 30 s. */
  timeoutMs?: number
  now?: () => Date
}

export interface Answer {
  status: number
  body: unknown
}

/** No answer was heard: what was asked for may have been done. */
export class LostAnswer extends UnavailableError {
  override name = 'LostAnswer'
}

export interface FarmClient {
  /** @throws as `createClient` says */
  get(path: string): Promise<Answer>
  /** @param secrets texts that no error may show */
  post(path: string, body: unknown, secrets: readonly string[]): Promise<Answer>
  delete(path: string): Promise<Answer>
}

const TIMEOUT_MS = 30_000
const MAX_BYTES = 16 * 1024 ** 2
/** Of what is told of a refusal; cut when no secret is in it any more, of which else a part would be left. */
const MAX_REASON = 2_000
const AWAY_RETRY_MS = 60_000
const LIMIT_RETRY_MS = 60_000
const MAX_REDIRECTS = 3
/** Answers that are no refusal but say how things stand. */
const MEANT: Record<Call['method'], readonly number[]> = {
  GET: [200, 404],
  POST: [200, 201],
  DELETE: [200, 204, 404, 409],
}

/**
 * Asks Testing Farm; the token goes to this host alone.
 *
 * Throws `ConfigError` for a refused request, `SetupError` for a refused token, `ForbiddenError`, `LostAnswer` when a request
 * may have arrived and nothing came back, `UnavailableError` for anything else that is no answer.
 */
export function createClient(options: ClientOptions): FarmClient {
  const ask = (method: Call['method'], path: string, body?: unknown, secrets: readonly string[] = []) =>
    askFarm(options, { method, path, body, secrets })
  return {
    get: (path) => ask('GET', path),
    post: (path, body, secrets) => ask('POST', path, body, secrets),
    delete: (path) => ask('DELETE', path),
  }
}

interface Call {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  body: unknown
  secrets: readonly string[]
}

async function askFarm(options: ClientOptions, call: Call): Promise<Answer> {
  const { timeoutMs = TIMEOUT_MS } = options
  const attempt = () => send(options, call, AbortSignal.timeout(timeoutMs))
  const heard = await (call.method === 'GET' ? askAgain(attempt, sleep) : attempt()).catch((error: unknown) => {
    const why = isOverdue(error) ? `no answer within ${timeoutMs / 1000} s` : explain(error)
    const Kind = mayHaveArrived(error) ? LostAnswer : UnavailableError
    throw new Kind(`Testing Farm can't be asked now: ${why}`, AWAY_RETRY_MS, { cause: error })
  })
  return judge(options, call, heard)
}

interface Heard {
  status: number
  retryAfter: string | null
  text: string
}

async function send({ url, token }: FarmAccess, { method, path, body }: Call, signal: AbortSignal): Promise<Heard> {
  const {
    status,
    headers,
    body: answer,
  } = await follow(`${url}${path}`, {
    method,
    signal,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'user-agent': 'packit-service',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status, retryAfter: headers.get('retry-after'), text: await readText(answer, MAX_BYTES) }
}

/** Redirects are followed on the same host, and only where nothing is written. */
async function follow(url: string, init: RequestInit): Promise<Response> {
  let at = url
  for (let hops = 0; ; hops += 1) {
    const response = await fetch(at, { ...init, redirect: 'manual' })
    const to = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || to === null) return response
    await response.body?.cancel()
    const next = new URL(to, at)
    if (init.method !== 'GET' || next.origin !== new URL(at).origin || hops >= MAX_REDIRECTS)
      throw new Error(`it redirects to ${next.origin}${next.pathname}`)
    at = next.href
  }
}

/** A connection that was never made has carried nothing. */
function mayHaveArrived(error: unknown): boolean {
  if (isOverdue(error)) return true
  const code = (innermost(error) as { code?: unknown }).code
  return !['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'].includes(String(code))
}

function isOverdue(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function judge(options: ClientOptions, call: Call, { status, text, retryAfter }: Heard): Answer {
  const body = parse(text)
  const isWhole = body !== undefined || call.method === 'DELETE'
  if (MEANT[call.method].includes(status) && isWhole) return { status, body }
  const refusal = readRefusal(body)
  const said = redact(refusal?.text ?? 'it gave no reason', [options.token, ...call.secrets]).slice(0, MAX_REASON)
  if (status === 401)
    throw new SetupError(`Testing Farm does not accept the token of ${options.setting}: ${said}. Renew the token.`)
  if (status === 429) {
    const waitMs = retryAfterMs(retryAfter, options) ?? LIMIT_RETRY_MS
    throw new UnavailableError('Testing Farm takes no more requests now', waitMs, { hasDeadline: false, isBusy: true })
  }
  if (status === 404 || status === 405)
    throw new SetupError(
      `There is no Testing Farm at ${options.url}: it answers ${status} to ${call.path}. Look at its address.`,
    )
  if (refusal?.hasErrors || [400, 413, 415, 422].includes(status))
    throw new ConfigError(`Testing Farm refuses the request: ${said}`)
  if (status === 403)
    throw new ForbiddenError(`Testing Farm does not let the token of ${options.setting} do that: ${said}`)
  const what = status < 300 ? 'it answered with something else than JSON' : `it answered ${status}`
  const message = `Testing Farm can't be asked now: ${what}`
  // the gateway's word says nothing of what lies behind it
  throw new LostAnswer(message, retryAfterMs(retryAfter, options) ?? AWAY_RETRY_MS)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function retryAfterMs(header: string | null, { now = () => new Date() }: ClientOptions): number | undefined {
  if (header === null) return undefined
  const text = header.trim()
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(1_000, at - now().getTime())
}

/** The runner's words may quote what it was sent. */
function redact(text: string, secrets: readonly string[]): string {
  const spellings = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
  const longestFirst = spellings.filter((secret) => secret.length > 0).sort((a, b) => b.length - a.length)
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '(hidden)'), text)
}

function innermost(error: unknown): unknown {
  let cause = error
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
  return cause ?? {}
}

/** Why there was no answer: fetch itself says only that it failed. */
export function explain(error: unknown): string {
  const cause = innermost(error)
  return cause instanceof Error ? cause.message || String(cause) : String(cause)
}
