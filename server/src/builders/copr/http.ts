import { setTimeout as sleep } from 'node:timers/promises'
import { askAgain } from '../../domain/ask-again.ts'
import { readText } from '../../domain/bounded-text.ts'
import { explainRefusal, noAnswer, oddAnswer } from './errors.ts'

export interface CoprAccess {
  /** Without a slash at the end. */
  url: string
  login: string
  token: string
  now?: () => Date
  /** Of one request; default 30 s, an upload ten minutes. */
  timeoutMs?: number
  uploadTimeoutMs?: number
}

export interface CoprRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api_3`; canonical paths may end in a slash. */
  path: string
  query?: Record<string, string>
  json?: object
  form?: FormData
  /** What it is for, as errors say it: `to build in acme/hello`. */
  what: string
}

/** Sends one request and gives its JSON; throws errors of `domain/errors.ts`. */
export type Ask = (request: CoprRequest) => Promise<unknown>

const TIMEOUT_MS = 30_000
const UPLOAD_TIMEOUT_MS = 10 * 60_000
const MAX_BYTES = 20 * 1024 ** 2
const MOST_REDIRECTS = 3

export function createAsk(access: CoprAccess): Ask {
  const { url, login, token, now = () => new Date() } = access
  const authorization = `Basic ${Buffer.from(`${login}:${token}`).toString('base64')}`

  return async ({ method = 'GET', path, query, json, form, what }) => {
    const address = `${url}/api_3${path}${query ? `?${new URLSearchParams(query)}` : ''}`
    const timeoutMs = form ? (access.uploadTimeoutMs ?? UPLOAD_TIMEOUT_MS) : (access.timeoutMs ?? TIMEOUT_MS)
    const headers: Record<string, string> = { accept: 'application/json', authorization }
    if (json) headers['content-type'] = 'application/json'
    const body = form ?? (json && JSON.stringify(json))
    const init = { method, headers, ...(body ? { body } : {}) }
    const send = () => fetchText(address, { ...init, signal: AbortSignal.timeout(timeoutMs) })
    const got = await (method === 'GET' ? askAgain(send, sleep) : send()).catch((error: unknown) => {
      throw noAnswer(url, error)
    })
    const parsed = parseJson(got.text)
    if (got.status < 200 || got.status > 299) {
      const refusal = { status: got.status, text: errorText(parsed), retryAfter: got.retryAfter }
      throw explainRefusal(refusal, url, what, now())
    }
    if (parsed === undefined) throw oddAnswer(url, 'an answer that is no JSON')
    return parsed
  }
}

async function fetchText(address: string, init: RequestInit) {
  const response = await followRedirects(address, init)
  const text = await readText(response.body, MAX_BYTES)
  return { status: response.status, text, retryAfter: response.headers.get('retry-after') }
}

/** Copr redirects what lacks its slash; another host would be given our token. */
async function followRedirects(address: string, init: RequestInit): Promise<Response> {
  let next = address
  for (let hop = 0; ; hop++) {
    const response = await fetch(next, { ...init, redirect: 'manual' })
    const location = response.headers.get('location')
    if (![301, 302, 307, 308].includes(response.status) || !location) return response
    const target = new URL(location, next)
    if (target.origin !== new URL(address).origin || hop === MOST_REDIRECTS)
      throw new TypeError(`it redirects to ${target.origin}${target.pathname}, which is not followed`)
    await response.body?.cancel()
    next = target.href
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Human text; it may have any form. */
function errorText(parsed: unknown): string {
  const error = (parsed as { error?: unknown } | undefined | null)?.error
  return typeof error === 'string' ? error : ''
}
