/** What can go wrong with a request on its way. */
export type FaultKind =
  /** The proxy's page, in HTML. */
  | 'bad-gateway'
  /** 503 with `Retry-After`. */
  | 'unavailable'
  | 'gateway-timeout'
  /** 429 with `Retry-After: 7`; without, when `retryAfter` is null. */
  | 'too-many'
  /** Never answers. */
  | 'hang'
  /** It is done at once, and the first byte of the answer takes its time. */
  | 'slow'
  /** The connection is cut before anything was done. */
  | 'drop-before'
  /** It was done, and the answer got lost. */
  | 'drop-after'
  /** A page with status 200 where JSON was asked for. */
  | 'wrong-type'

export interface FaultOrder {
  kind: FaultKind
  /** How many requests; default one. */
  times?: number
  method?: string
  /** Only requests whose path holds this. */
  path?: string
  /** Of `too-many`; default `7`. */
  retryAfter?: string | null
}

/** How long a slow answer takes. */
export const SLOW_MS = 300

/** Answers of a fault that has one. */
export function answerOf({
  kind,
  retryAfter = '7',
}: FaultOrder): { status: number; headers: Record<string, string>; text: string } | undefined {
  const html = { 'content-type': 'text/html' }
  const page = (words: string) => `<html><head><title>${words}</title></head><body><h1>${words}</h1></body></html>\n`
  if (kind === 'bad-gateway') return { status: 502, headers: html, text: page('502 Bad Gateway') }
  if (kind === 'unavailable') return { status: 503, headers: { ...html, 'retry-after': '11' }, text: page('503') }
  if (kind === 'gateway-timeout') return { status: 504, headers: html, text: page('504 Gateway Time-out') }
  if (kind === 'wrong-type') return { status: 200, headers: html, text: page('Welcome') }
  if (kind !== 'too-many') return undefined
  const headers = { 'content-type': 'application/json', ...(retryAfter === null ? {} : { 'retry-after': retryAfter }) }
  return { status: 429, headers, text: '{"message":"Too many requests"}' }
}

/** The faults that were asked for and did not happen yet. */
export class Faults {
  #orders: (FaultOrder & { times: number })[] = []

  add(order: FaultOrder): void {
    this.#orders.push({ times: 1, ...order })
  }

  clear(): void {
    this.#orders = []
  }

  take(method: string, path: string): FaultOrder | undefined {
    const found = this.#orders.find(
      (order) => order.times > 0 && [undefined, method].includes(order.method) && path.includes(order.path ?? ''),
    )
    if (found) found.times -= 1
    return found
  }
}
