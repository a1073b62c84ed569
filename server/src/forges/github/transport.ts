import type { Budget, LimitKey } from './budget.ts'
import type { EtagCache } from './etags.ts'

/** What a request is for. */
export interface Purpose {
  /** The function of `Forge` that asks, as the metrics name it. */
  operation: string
  key: LimitKey
}

/** Status of an answer; `none` where no answer came. */
export type OnAnswer = (operation: string, status: number | 'none') => void

export interface TransportOptions {
  budget: Budget
  etags: EtagCache
  onAnswer: OnAnswer
  /** Requests at a time, of all installations together; GitHub takes 100. */
  mostAtATime: number
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>

const MOST_REDIRECTS = 3
const KEPT_HEADERS = ['content-type', 'link']

/**
 * What octokit is given as `fetch`: a few requests at a time, the same answer where nothing changed, redirects (of
 * renamed repositories) on the same host only, and each answer noted for limits and metrics.
 */
export function createTransport({ budget, etags, onAnswer, mostAtATime }: TransportOptions): (p: Purpose) => Fetch {
  const slots = createSlots(mostAtATime)
  return (purpose) => async (url, init) => {
    await slots.take()
    try {
      return await fetchOnce(url, init, purpose)
    } catch (error) {
      onAnswer(purpose.operation, 'none')
      throw error
    } finally {
      slots.give()
    }
  }

  async function fetchOnce(url: string, init: RequestInit, { operation, key }: Purpose): Promise<Response> {
    const etagKey = init.method === 'GET' ? `${key} ${url}` : undefined
    const kept = etagKey === undefined ? undefined : etags.get(etagKey)
    const headers = new Headers(init.headers)
    if (kept) headers.set('if-none-match', kept.etag)
    const answer = await followRedirects(url, { ...init, headers })
    // a connection that is dropped in the middle of the body throws here
    const body = await answer.text()
    const message = answer.status === 403 || answer.status === 429 ? body.slice(0, 2_000) : ''
    budget.observe(key, { status: answer.status, headers: answer.headers, message })
    onAnswer(operation, answer.status)
    if (answer.status === 304 && kept) return new Response(kept.body, { headers: kept.headers })
    const etag = answer.headers.get('etag')
    if (etagKey !== undefined && etag && answer.status === 200)
      etags.keep(etagKey, { etag, body, headers: pick(answer.headers) })
    return new Response(body === '' ? null : body, { status: answer.status, headers: answer.headers })
  }
}

/** Repositories with a former name are redirected to; another host would be given our token. */
async function followRedirects(url: string, init: RequestInit): Promise<Response> {
  let next = url
  for (let hop = 0; ; hop++) {
    const answer = await fetch(next, { ...init, redirect: 'manual' })
    const location = answer.headers.get('location')
    if (![301, 302, 307, 308].includes(answer.status) || !location) return answer
    const target = new URL(location, next)
    if (target.origin !== new URL(url).origin || hop === MOST_REDIRECTS)
      throw new TypeError(`it redirects to ${target.origin}${target.pathname}, which is not followed`)
    await answer.body?.cancel()
    next = target.href
  }
}

function pick(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])),
  )
}

/** Lets so many go on at a time; the rest waits in order. */
function createSlots(count: number) {
  let free = count
  const waiting: (() => void)[] = []
  return {
    async take(): Promise<void> {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
    },
    give(): void {
      const next = waiting.shift()
      if (next) next()
      else free++
    },
  }
}
