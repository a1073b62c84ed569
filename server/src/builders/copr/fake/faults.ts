/** What can go wrong with a request on its way. */
export type FaultKind =
  /** An error page of the proxy in front, in HTML. */
  | 'bad-gateway'
  | 'unavailable'
  | 'gateway-timeout'
  /** An error of Copr's own, told as JSON. */
  | 'internal-error'
  /** What was made a moment ago is not found yet. */
  | 'not-found'
  /** Never answers. */
  | 'hang'
  /** It is done at once, and the first byte of the answer takes its time. */
  | 'slow'
  /** The connection is cut before anything was done. */
  | 'drop-before'
  /** The connection is cut after it was done: the answer gets lost. */
  | 'drop-after'
  /** 429, with `Retry-After` where seconds are given. */
  | 'too-many'
  /** A page with status 200 where JSON was asked for. */
  | 'wrong-type'

export interface FaultOrder {
  kind: FaultKind
  /** How many requests; default one. */
  times?: number
  method?: string
  /** Only requests whose path holds or matches this. */
  path?: string | RegExp
  /** For `too-many`. */
  retryAfterSeconds?: number
}

/** Faults that come by chance, as in a long run: `random` below the share of a kind is one of that kind. */
export interface FaultShares {
  shares: Partial<Record<FaultKind, number>>
  random: () => number
}

/** The faults that were asked for and did not happen yet, and those that come by chance. */
export class Faults {
  #orders: (FaultOrder & { times: number })[] = []
  #shares: FaultShares | undefined

  add(order: FaultOrder): void {
    this.#orders.push({ times: 1, ...order })
  }

  /** From now on so large a share of all requests meets each kind. */
  addByChance(shares: FaultShares): void {
    this.#shares = shares
  }

  clear(): void {
    this.#orders = []
    this.#shares = undefined
  }

  /** The fault that a request meets. */
  take(method: string, path: string): FaultOrder | undefined {
    const found = this.#orders.find(
      (order) =>
        order.times > 0 && (order.method === undefined || order.method === method) && matches(order.path, path),
    )
    if (found) {
      found.times -= 1
      return found
    }
    return this.#byChance()
  }

  #byChance(): FaultOrder | undefined {
    if (!this.#shares) return undefined
    let left = this.#shares.random()
    for (const [kind, share] of Object.entries(this.#shares.shares) as [FaultKind, number][]) {
      if (left < share) return { kind }
      left -= share
    }
    return undefined
  }
}

function matches(wanted: string | RegExp | undefined, path: string): boolean {
  if (wanted === undefined) return true
  return typeof wanted === 'string' ? path.includes(wanted) : wanted.test(path)
}
