import { apiUrl } from './base.ts'
import { fetchOrExplain } from './client.ts'
import { ApiError, toApiError } from './errors.ts'
import type { components } from './schema.ts'

/** Bytes asked for at once. */
export const LOG_CHUNK = 1_048_576

export interface LogPart {
  bytes: Uint8Array
  /** Bytes of the whole log so far. */
  size: number
  /** Nothing more will be written. */
  complete: boolean
}

/**
 * Reads a log from an offset on, at most `LOG_CHUNK` bytes.
 *
 * @param path    the log's API path, e.g. `/api/srpm-builds/7/log`
 * @param offset  in bytes
 * @throws        {ApiError} with status 404 while the log doesn't exist
 */
export async function readLog(path: string, offset: number, signal?: AbortSignal): Promise<LogPart> {
  // one byte that we have already: asking exactly at the end is an error (416), which consoles show in red
  const start = Math.max(0, offset - 1)
  const headers = { range: `bytes=${start}-${offset + LOG_CHUNK - 1}` }
  const response = await fetchOrExplain(apiUrl(path), { headers, ...(signal ? { signal } : {}) })
  const complete = response.headers.get('x-log-state') === 'complete'
  const range = /(\d+)?-?\d*\/(\d+)$/.exec(response.headers.get('content-range') ?? '')
  if (response.status === 416) {
    return { bytes: new Uint8Array(), size: range ? Number(range[2]) : offset, complete }
  }
  if (!response.ok) throw toApiError(response, await bodyText(response))
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (response.status === 206) {
    const fresh = bytes.subarray(offset - start)
    return { bytes: fresh, size: range ? Number(range[2]) : offset + fresh.length, complete }
  }
  // 200: the whole log, from a server or proxy that knows no ranges
  return { bytes: bytes.subarray(offset), size: bytes.length, complete }
}

/**
 * Bytes of a log from `from` to before `to`.
 *
 * @throws {ApiError} when the log is gone meanwhile
 */
export async function readLogPart(path: string, from: number, to: number, signal?: AbortSignal): Promise<Uint8Array> {
  const headers = { range: `bytes=${from}-${to - 1}` }
  const response = await fetchOrExplain(apiUrl(path), { headers, ...(signal ? { signal } : {}) })
  if (!response.ok) throw toApiError(response, await bodyText(response))
  const bytes = new Uint8Array(await response.arrayBuffer())
  return response.status === 206 ? bytes : bytes.subarray(from, to)
}

/** Where the lines of a log begin, as the service counted them; null when it cannot tell. */
export async function readLogIndex(path: string, signal?: AbortSignal): Promise<LogIndex | null> {
  const response = await fetchOrExplain(`${apiUrl(path)}/index`, signal ? { signal } : {})
  if (!response.ok) return null
  const { block_bytes, first_lines } = (await response.json()) as components['schemas']['LogIndex']
  return { blockBytes: block_bytes, firstLines: first_lines }
}

export interface LogIndex {
  blockBytes: number
  /** For each block, the number of the first line that begins in it or later. */
  firstLines: number[]
}

async function bodyText(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Whether a log may simply not have begun yet. */
export function isMissingLog(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404
}
