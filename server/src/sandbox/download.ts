import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { ConfigError, UnavailableError } from '../domain/errors.ts'
import { explain, openUrl, type RequestRules } from './download-request.ts'

/** What one run may download. */
export interface DownloadLimits {
  /** Of one file. */
  fileBytes: number
  /** Of all files together. */
  totalBytes: number
  /** How many downloads, failed ones included. */
  count: number
  /** For one download, redirects and name look-ups included. */
  timeMs: number
}

export const DEFAULT_DOWNLOAD_LIMITS: DownloadLimits = {
  fileBytes: 1024 ** 3,
  totalBytes: 4 * 1024 ** 3,
  count: 200,
  timeMs: 10 * 60_000,
}

export interface DownloadOptions extends RequestRules {
  limits?: Partial<DownloadLimits>
  /** One line about each download, without a line end. */
  log: (line: string) => void
  /** Ends the download at hand and refuses further ones. */
  signal?: AbortSignal | undefined
}

/** Fetches `url` into the file `into` of the host, which appears, or is replaced, only when it is whole. */
export type Download = (url: string, into: string) => Promise<void>

/** What a run has used of its limits. */
interface Account {
  count: number
  bytes: number
}

/**
 * The downloads of one run: what a sandboxed step, which has no network, asks for. Nothing is resumed or tried again.
 *
 * The returned function throws `ConfigError` (not allowed, too large), `NotFoundError` or `UnavailableError`; each
 * message is a sentence for the packager.
 */
export function openDownloads(options: DownloadOptions): Download {
  const limits = { ...DEFAULT_DOWNLOAD_LIMITS, ...options.limits }
  const account: Account = { count: 0, bytes: 0 }
  return async (asked, into) => {
    const startedAt = performance.now()
    const shown = showUrl(asked)
    try {
      account.count += 1
      if (account.count > limits.count) throw new ConfigError(`more than ${limits.count} downloads in one run`)
      const { bytes, sha256 } = await fetchFile(asked, into, { options, limits, account })
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      options.log(`Downloaded ${shown} (${formatBytes(bytes)}, ${seconds} s, sha256 ${sha256})`)
    } catch (error) {
      options.log(`Not downloaded: ${shown}: ${error instanceof Error ? error.message : String(error)}`)
      throw error
    }
  }
}

interface Run {
  options: DownloadOptions
  limits: DownloadLimits
  account: Account
}

async function fetchFile(asked: string, into: string, run: Run): Promise<{ bytes: number; sha256: string }> {
  const overdue = AbortSignal.timeout(run.limits.timeMs)
  const signal = run.options.signal ? AbortSignal.any([run.options.signal, overdue]) : overdue
  const part = `${into}.${randomUUID()}.part`
  try {
    // made before the first byte is asked for: a stream that opens it itself could do so after it was removed.
    // 'wx' never follows a link that somebody has put in the way
    await using file = await open(part, 'wx', 0o644)
    const answer = await openUrl(asked, run.options, signal)
    const done = await writeFile(answer, file, { signal, run })
    await rename(part, into)
    return done
  } catch (error) {
    await rm(part, { force: true })
    if (overdue.aborted) throw tooSlow(asked, run.limits.timeMs)
    throw URL.canParse(asked) ? explain(new URL(asked), error) : error
  }
}

async function writeFile(
  answer: IncomingMessage,
  file: FileHandle,
  { signal, run: { limits, account } }: { signal: AbortSignal; run: Run },
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const take = (more: number) => {
    if (bytes + more > limits.fileBytes) {
      throw new ConfigError(`the file is larger than ${formatBytes(limits.fileBytes)}`)
    }
    if (account.bytes + more > limits.totalBytes) {
      throw new ConfigError(`the downloads of this run are larger than ${formatBytes(limits.totalBytes)} together`)
    }
  }
  async function* metered(source: AsyncIterable<Buffer>) {
    take(Number(answer.headers['content-length'] ?? 0))
    for await (const chunk of source) {
      take(chunk.length)
      bytes += chunk.length
      account.bytes += chunk.length
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(answer, metered, file.createWriteStream(), { signal })
  return { bytes, sha256: hash.digest('hex') }
}

function tooSlow(asked: string, timeMs: number): UnavailableError {
  return new UnavailableError(`${showUrl(asked)} took longer than ${timeMs / 1000} s`, 60_000)
}

/** A URL as it may stand in a log: no password, no control characters, not endless. */
function showUrl(text: string): string {
  if (!URL.canParse(text)) return JSON.stringify(text.slice(0, 200))
  const url = new URL(text)
  url.username = ''
  url.password = ''
  return url.href.length > 500 ? `${url.href.slice(0, 500)}…` : url.href
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'] as const
  const power = Math.min(3, Math.floor(Math.log10(Math.max(bytes, 1)) / 3))
  return `${Number((bytes / 1000 ** power).toFixed(1))} ${units[power]}`
}
