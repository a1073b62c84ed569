import type { Logger } from 'pino'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { hintBuild } from '../jobs/hint-build.ts'
import type { Queue } from '../jobs/queue.ts'
import { listen } from '../messages/listener.ts'
import type { Listener } from '../messages/messages.ts'

/** Listens to Fedora Messaging, where that is set up: what it tells wakes the jobs that would have asked later. */
export function startListening(
  { messages }: Config,
  deps: { database: Database; queue: Queue },
  log: Logger,
): Listener | undefined {
  if (!messages) return undefined
  const { host } = new URL(messages.url)
  return listen({
    ...messages,
    take: (hint) => hintBuild(deps, hint, { isBurst: true }),
    onConnection: (state) => {
      if (state.ok) log.info({ messages: host, queue: messages.queue }, 'listening to messages')
      else log.warn({ messages: host }, `messages are not heard: ${state.reason}`)
    },
    warn: (line, err) => log.warn({ messages: host, ...(err ? { err } : {}) }, line),
  })
}

/** What was heard on the bus. */
export function registerMessageMetrics(registry: Registry, findListener: () => Listener | undefined): void {
  const registers = [registry]
  const connected = new Gauge({
    name: 'packit_messages_connected',
    help: '1 while this process listens to Fedora Messaging; there is none where it is not set up',
    registers,
    collect() {
      const listener = findListener()
      if (listener) connected.set(Number(listener.isConnected()))
      else connected.remove()
    },
  })
  const heard = new Counter({
    name: 'packit_messages_total',
    help: 'Messages that were heard, by what became of them',
    labelNames: ['outcome'],
    registers,
    collect() {
      heard.reset()
      for (const [outcome, count] of Object.entries(findListener()?.counts() ?? {})) heard.inc({ outcome }, count)
    },
  })
}
