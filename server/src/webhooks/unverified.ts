import type { FastifyRequest } from 'fastify'

interface Options {
  /** So many bodies at a time whose signature isn't known. */
  max: number
  /** So many deliveries may wait for room, and so long. */
  maxWaiting: number
  waitMs: number
  /** Who sends more slowly than this makes room when others wait. */
  slowMs: number
  /** A body that has not come as a whole by then is given up in any case. */
  timeMs: number
}

interface Waiting {
  ip: string
  settle(admitted: boolean): void
}

/** Deliveries of which nothing is believed yet. */
export interface Unverified {
  /** Begins one, as soon as there is room; `false` when there is none in time. */
  enter(request: FastifyRequest): Promise<boolean>
  /** Its body is here: it is not given up any more. */
  arrived(request: FastifyRequest): void
  /** Its signature is known, or it is over. */
  leave(request: FastifyRequest): void
}

/**
 * Bounds what strangers can fill our memory with. A burst of honest deliveries waits a moment; who sends slowly can't keep
 * the others out: when somebody waits, slow bodies make room, the oldest of the address that has the most of them. What
 * gets free goes to the address that has the least, so that many connections of one gain it nothing.
 */
export function createUnverified({ max, maxWaiting, waitMs, slowMs, timeMs }: Options): Unverified {
  const entered = new Set<FastifyRequest>()
  // bodies on their way, in the order in which they came, with the time at which each began
  const arriving = new Map<FastifyRequest, { since: number; timer: NodeJS.Timeout }>()
  const waiting: Waiting[] = []

  function arrived(request: FastifyRequest): void {
    clearTimeout(arriving.get(request)?.timer)
    arriving.delete(request)
  }

  function leave(request: FastifyRequest): void {
    arrived(request)
    if (entered.delete(request)) findNext(waiting, entered)?.settle(true)
  }

  function giveUp(request: FastifyRequest): void {
    request.raw.destroy()
    leave(request)
  }

  function admit(request: FastifyRequest): true {
    entered.add(request)
    arriving.set(request, { since: Date.now(), timer: setTimeout(giveUp, timeMs, request).unref() })
    return true
  }

  /** Ends slow bodies as long as somebody waits. */
  function makeRoom(): void {
    const slow = [...arriving].filter(([, { since }]) => Date.now() - since >= slowMs).map(([request]) => request)
    const oldest = waiting.length > 0 ? findOldestOfMost(slow) : undefined
    if (oldest) giveUp(oldest)
  }

  function waitForRoom(request: FastifyRequest): Promise<boolean> {
    return new Promise((resolve) => {
      const one: Waiting = {
        ip: request.ip,
        settle(admitted) {
          clearInterval(look)
          clearTimeout(end)
          const at = waiting.indexOf(one)
          if (at >= 0) waiting.splice(at, 1)
          resolve(admitted)
        },
      }
      const look = setInterval(makeRoom, slowMs / 4).unref()
      const end = setTimeout(one.settle, waitMs, false).unref()
      request.raw.once('close', () => one.settle(false))
      waiting.push(one)
    })
  }

  return {
    async enter(request) {
      if (entered.size < max) return admit(request)
      if (waiting.length >= maxWaiting) {
        const newest = listOfMost(waiting).at(-1)
        if (!newest || newest.ip === request.ip) return false
        newest.settle(false)
      }
      return (await waitForRoom(request)) && admit(request)
    },
    arrived,
    leave,
  }
}

function findOldestOfMost(requests: readonly FastifyRequest[]): FastifyRequest | undefined {
  return listOfMost(requests)[0]
}

/** Those of the address that has the most, in their order. */
function listOfMost<T extends { ip: string }>(all: readonly T[]): T[] {
  const byAddress = Map.groupBy(all, ({ ip }) => ip)
  return [...byAddress.values()].sort((a, b) => b.length - a.length)[0] ?? []
}

/** Who is admitted next: the oldest of those whose address has the least. */
function findNext(waiting: readonly Waiting[], entered: ReadonlySet<FastifyRequest>): Waiting | undefined {
  const held = Map.groupBy(entered, ({ ip }) => ip)
  const heldBy = ({ ip }: Waiting) => held.get(ip)?.length ?? 0
  return waiting.reduce<Waiting | undefined>((a, b) => (a && heldBy(a) <= heldBy(b) ? a : b), undefined)
}
