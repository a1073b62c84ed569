import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsumeMessage } from 'amqplib'
import { type Listener, type ListenerOptions, OUTCOMES, type Outcome, TIMING, type Timing } from './messages.ts'
import { readMessage } from './read-message.ts'
import { openSession, type Session } from './session.ts'

/**
 * Listens to Fedora Messaging: each message that tells of something of ours is handed on as a hint. A connection that is lost is
 * made anew, for as long as it takes; what was not acknowledged then comes again.
 */
export function listen(options: ListenerOptions): Listener {
  const timing = { ...TIMING, ...options.timing }
  const stopping = new AbortController()
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>
  const taking = new Set<Promise<void>>()
  let isConnected = false
  let tries = 0

  const take = async (message: ConsumeMessage): Promise<Outcome> => {
    const { routingKey: topic } = message.fields
    const read = readMessage({ topic, content: message.content }, options.topicPrefix)
    if (read.kind === 'malformed') options.warn(`a message on ${topic} is not understood: ${read.why}`)
    if (read.kind !== 'hint') return read.kind
    return (await options.take(read.hint)) ? 'hint' : 'not_ours'
  }

  /** Every message is acknowledged, or given back to the queue: none is dropped that was not looked at. */
  const handle = async (session: Session, message: ConsumeMessage) => {
    const answer = await take(message).then(
      (outcome) => {
        counts[outcome] += 1
        return session.ack
      },
      async (error) => {
        options.warn('a message could not be kept; it comes again', error)
        await rest(timing.firstWaitMs, stopping.signal)
        return session.giveBack
      },
    )
    try {
      answer(message)
    } catch {
      // the connection was lost meanwhile: the message comes again by itself
    }
  }

  const runSession = async () => {
    const opened = Promise.withResolvers<Session>()
    const session = await openSession({ ...options, ...timing }, (message) => {
      // messages may come before the session is known here
      const work = opened.promise.then((found) => handle(found, message))
      taking.add(work)
      void work.finally(() => taking.delete(work))
    })
    opened.resolve(session)
    tries = 0
    isConnected = true
    options.onConnection({ ok: true })
    try {
      await Promise.race([session.lost, aborted(stopping.signal)])
      await session.cancel()
      await Promise.allSettled(taking)
    } finally {
      isConnected = false
      await session.close()
    }
  }

  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await runSession()
      } catch (error) {
        if (stopping.signal.aborted) return
        options.onConnection({ ok: false, reason: describe(error) })
        tries += 1
        await rest(waitMs(tries, timing), stopping.signal)
      }
    }
  }

  const running = run()
  return {
    counts: () => ({ ...counts }),
    isConnected: () => isConnected,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** The wait after a number of tries that failed, a part of it by chance: not all listeners come back at once. */
function waitMs(tries: number, { firstWaitMs, longestWaitMs }: Timing): number {
  return Math.min(firstWaitMs * 2 ** (tries - 1), longestWaitMs) * (0.75 + Math.random() / 4)
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
