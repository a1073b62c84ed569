/** So many at a time; others wait in the order they came. */
export interface Slots {
  /**
   * Waits for a free slot.
   *
   * @returns its number, from 1; undefined when `signal` fired first
   */
  take(signal: AbortSignal | undefined): Promise<number | undefined>
  free(slot: number): void
  /** How many wait. */
  readonly waiting: number
}

export function createSlots(count: number): Slots {
  const idle = Array.from({ length: count }, (_, i) => i + 1)
  const queue: ((slot: number) => void)[] = []

  async function take(signal: AbortSignal | undefined): Promise<number | undefined> {
    if (signal?.aborted) return undefined
    const slot = idle.shift()
    if (slot !== undefined) return slot
    return new Promise((resolve) => {
      const giveUp = () => {
        queue.splice(queue.indexOf(enter), 1)
        resolve(undefined)
      }
      const enter = (given: number) => {
        signal?.removeEventListener('abort', giveUp)
        resolve(given)
      }
      queue.push(enter)
      signal?.addEventListener('abort', giveUp, { once: true })
    })
  }

  function free(slot: number): void {
    const next = queue.shift()
    if (next) next(slot)
    else idle.push(slot)
  }

  return {
    take,
    free,
    get waiting() {
      return queue.length
    },
  }
}
