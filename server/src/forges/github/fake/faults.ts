/** What can go wrong with a request on its way. */
export type FaultKind =
  /** An error page of the proxy in front, in HTML. */
  | 'bad-gateway'
  | 'unavailable'
  | 'gateway-timeout'
  /** Never answers. */
  | 'hang'
  /** Answers rightly, but late. */
  | 'slow'
  /** The connection is cut before anything was done. */
  | 'drop-before'
  /** The connection is cut after it was done: the answer gets lost. */
  | 'drop-after'
  /** A page with status 200 where JSON was asked for. */
  | 'wrong-type'
  /** The refusal of a secondary limit. */
  | 'secondary-limit'

export interface FaultOrder {
  kind: FaultKind
  /** How many requests; default one. */
  times?: number
  method?: string
  /** Only requests whose path (below the API's address, or of git) holds or matches this. */
  path?: string | RegExp
  /** For `slow`; default two seconds. */
  delayMs?: number
}

/** The faults that were asked for and did not happen yet. */
export class Faults {
  #orders: (FaultOrder & { times: number; delayMs: number })[] = []

  add(order: FaultOrder): void {
    this.#orders.push({ times: 1, delayMs: 2000, ...order })
  }

  clear(): void {
    this.#orders = []
  }

  /** The fault that a request meets. */
  take(method: string, path: string): (FaultOrder & { delayMs: number }) | undefined {
    const found = this.#orders.find(
      (order) =>
        order.times > 0 && (order.method === undefined || order.method === method) && matches(order.path, path),
    )
    if (found) found.times -= 1
    return found
  }
}

function matches(wanted: string | RegExp | undefined, path: string): boolean {
  if (wanted === undefined) return true
  return typeof wanted === 'string' ? path.includes(wanted) : wanted.test(path)
}
