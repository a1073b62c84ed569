/** How often a forge was asked, for the metrics. */
export interface RequestCount {
  /** The function of `Forge` that asked. */
  operation: string
  /** Of the answer; `none` where no answer came. */
  status: string
  count: number
}

/** Counts the requests to forges since the start. */
export class RequestCounts {
  readonly #counts = new Map<string, RequestCount>()

  add(operation: string, status: number | 'none'): void {
    const key = `${operation} ${status}`
    const known = this.#counts.get(key)
    if (known) known.count++
    else this.#counts.set(key, { operation, status: String(status), count: 1 })
  }

  list(): RequestCount[] {
    return [...this.#counts.values()]
  }
}
