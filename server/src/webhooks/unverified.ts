import type { FastifyRequest } from 'fastify'

interface Options {
  /** So many deliveries at a time whose signature isn't known. */
  max: number
  /** A body that has not come as a whole by then is given up. */
  timeMs: number
}

/** Deliveries of which nothing is believed yet. */
export interface Unverified {
  /** Begins one; `false` when there is no room. */
  enter(request: FastifyRequest): boolean
  /** Its body is here: it is not given up any more. */
  arrived(request: FastifyRequest): void
  /** Its signature is known, or it is over. */
  leave(request: FastifyRequest): void
}

/**
 * Bounds what strangers can fill our memory with, and lets none keep the others out by sending slowly: when there is no
 * room, a body that is still on its way makes some, the oldest of the address that has the most of them.
 */
export function createUnverified({ max, timeMs }: Options): Unverified {
  // both in the order in which they came
  const entered = new Set<FastifyRequest>()
  const arriving = new Map<FastifyRequest, NodeJS.Timeout>()

  function arrived(request: FastifyRequest): void {
    clearTimeout(arriving.get(request))
    arriving.delete(request)
  }
  function leave(request: FastifyRequest): void {
    arrived(request)
    entered.delete(request)
  }
  function giveUp(request: FastifyRequest): void {
    leave(request)
    request.raw.destroy()
  }

  return {
    enter(request) {
      const oldest = entered.size < max ? undefined : findOldestOfMost([...arriving.keys()])
      if (oldest) giveUp(oldest)
      if (entered.size >= max) return false
      entered.add(request)
      arriving.set(request, setTimeout(giveUp, timeMs, request).unref())
      return true
    },
    arrived,
    leave,
  }
}

function findOldestOfMost(requests: readonly FastifyRequest[]): FastifyRequest | undefined {
  const byAddress = Map.groupBy(requests, ({ ip }) => ip)
  const [most] = [...byAddress.values()].sort((a, b) => b.length - a.length)
  return most?.[0]
}
