import { readText } from '../domain/bounded-text.ts'
import { UnavailableError } from '../domain/errors.ts'
import { readChroots, readReleases } from './answers.ts'
import type { TargetSource } from './source.ts'

export interface TargetSourceOptions {
  /** Address of Bodhi. */
  bodhiUrl: string
  /** Address of Copr, for its list of chroots. */
  coprUrl: string
  /** Of one request; default 30 s. */
  timeoutMs?: number
}

/** The built-in table is of it. */
const FEDORA_COPR = 'https://copr.fedorainfracloud.org'
const TIMEOUT_MS = 30_000
/** Both lists have some ten thousand bytes. */
const MAX_BYTES = 5 * 1024 ** 2
const ROWS = 100
/** Bodhi has three dozen living releases, containers and flatpaks included. */
const MAX_PAGES = 20
const RETRY_AFTER_MS = 10 * 60_000

/** Bodhi's releases and Copr's chroots; nothing has to be signed in for. */
export function createTargetSource({ bodhiUrl, coprUrl, timeoutMs = TIMEOUT_MS }: TargetSourceOptions): TargetSource {
  const get = (url: string, signal: AbortSignal | undefined) => getJson(url, timeoutMs, signal)
  return {
    copr: coprUrl === FEDORA_COPR ? undefined : coprUrl,
    async listReleases(signal) {
      const pages: unknown[] = []
      for (let page = 1, last = 1; page <= last; page += 1) {
        const query = `state=current,pending,frozen&rows_per_page=${ROWS}&page=${page}`
        const url = `${bodhiUrl}/releases/?${query}`
        const answer = (await get(url, signal)) as { pages?: unknown } | null
        pages.push(answer)
        last = Math.min(Number(answer?.pages) || 1, MAX_PAGES)
      }
      return understand(bodhiUrl, () => readReleases(pages))
    },
    async listChroots(signal) {
      const answer = await get(`${coprUrl}/api_3/mock-chroots/list`, signal)
      return understand(coprUrl, () => readChroots(answer))
    },
  }
}

async function getJson(url: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<unknown> {
  const overdue = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      signal: signal ? AbortSignal.any([signal, overdue]) : overdue,
    })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    return JSON.parse(await readText(response.body, MAX_BYTES))
  } catch (error) {
    signal?.throwIfAborted()
    const why = overdue.aborted ? `no answer within ${timeoutMs / 1000} s` : explain(error)
    throw new UnavailableError(`${url}: ${why}`, RETRY_AFTER_MS, { cause: error })
  }
}

function explain(error: unknown): string {
  if (error instanceof SyntaxError) return 'the answer is no JSON'
  if (!(error instanceof Error)) return String(error)
  // fetch itself says only that it failed
  return error.cause instanceof Error ? error.cause.message || error.message : error.message
}

/** What can't be read is the source's to mend: it is asked again. */
function understand<T>(url: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new UnavailableError(`${url}: ${explain(error)}`, RETRY_AFTER_MS, { cause: error })
  }
}
