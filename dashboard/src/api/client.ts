import createClient from 'openapi-fetch'
import { apiUrl } from './base.ts'
import { ApiError, toApiError } from './errors.ts'
import type { paths } from './schema.ts'

type ClockListener = (serverMinusLocalMs: number) => void
let tellClock: ClockListener = () => undefined

/** Is told with each answer how far the server's clock is ahead of ours. */
export function onServerClock(listener: ClockListener): void {
  tellClock = listener
}

/** `fetch` whose network errors are `ApiError`s with status 0. An abort stays an abort. */
export async function fetchOrExplain(input: Request | string, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init)
    const date = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isNaN(date)) tellClock(date - Date.now())
    return response
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'The service cannot be reached.')
  }
}

let csrf: string | null = null

/** What each write of the session is sent with from now on. */
export function setCsrf(token: string | null): void {
  csrf = token
}

/** The client made from the contract. Paths begin with `/api`. */
export const client = createClient<paths>({
  baseUrl: apiUrl('/').replace(/\/$/, ''),
  fetch: (request) => fetchOrExplain(request),
})

client.use({
  onRequest({ request }) {
    if (request.method !== 'GET' && csrf !== null) request.headers.set('X-Packit-CSRF', csrf)
    return request
  },
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of a good answer; throws an `ApiError` with the service's own message for any other. */
export function bodyOf<T>({ data, error, response }: Answer<T>): T {
  if (!response.ok || data === undefined) throw toApiError(response, error)
  return data
}

export interface Page<T> {
  items: T[]
  /** How many there are in all; null when the service doesn't say. */
  total: number | null
}

/** A list and its size, from the body and `Content-Range: runs 1-10/123`. */
export function pageOf<T>(answer: Answer<T[]>): Page<T> {
  const range = /\/(\d+)$/.exec(answer.response.headers.get('content-range') ?? '')
  return { items: bodyOf(answer), total: range ? Number(range[1]) : null }
}
