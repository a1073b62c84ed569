/** An answer that can be given again when GitHub says that nothing changed. */
export interface KeptAnswer {
  etag: string
  body: string
  /** Those that matter to who reads it: type, further pages. */
  headers: Record<string, string>
}

const MOST_ANSWERS = 2_000
const MOST_BYTES = 32 * 1024 ** 2
const LARGEST_BYTES = 512 * 1024

/** The last answers with their ETags, the least recently used forgotten first. */
export class EtagCache {
  readonly #kept = new Map<string, KeptAnswer>()
  readonly #most: number
  readonly #mostBytes: number
  #bytes = 0

  constructor({ most = MOST_ANSWERS, mostBytes = MOST_BYTES } = {}) {
    this.#most = most
    this.#mostBytes = mostBytes
  }

  get size(): number {
    return this.#kept.size
  }

  get(key: string): KeptAnswer | undefined {
    const found = this.#kept.get(key)
    if (found) {
      this.#kept.delete(key)
      this.#kept.set(key, found)
    }
    return found
  }

  keep(key: string, answer: KeptAnswer): void {
    this.forget(key)
    if (sizeOf(key, answer) > Math.min(LARGEST_BYTES, this.#mostBytes)) return
    this.#kept.set(key, answer)
    this.#bytes += sizeOf(key, answer)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most && this.#bytes <= this.#mostBytes) break
      this.forget(oldest)
    }
  }

  forget(key: string): void {
    const found = this.#kept.get(key)
    if (!found) return
    this.#kept.delete(key)
    this.#bytes -= sizeOf(key, found)
  }
}

function sizeOf(key: string, { body }: KeptAnswer): number {
  return key.length + body.length
}
