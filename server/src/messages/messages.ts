/** Something has changed at an outside system: a reason to ask it, never the truth itself. */
export interface Hint {
  builder: 'copr'
  /** The builder's own id of the build. */
  buildId: string
}

/** A message as it came off the bus. */
export interface BusMessage {
  topic: string
  content: Buffer
}

/**
 * What became of a message: `hint`, something of ours is looked at; `not_ours`, it tells of somebody else's build;
 * `unknown`, nothing is done on its topic; `malformed`, the body does not fit its topic.
 */
export const OUTCOMES = ['hint', 'not_ours', 'unknown', 'malformed'] as const
export type Outcome = (typeof OUTCOMES)[number]

export type ConnectionState = { ok: true } | { ok: false; reason: string }

export interface ListenerOptions {
  /** `amqps://user:password@host/vhost`. */
  url: string
  /** PEM texts. With certificate and key they prove who we are, instead of name and password. */
  tls: { ca: string | undefined; cert: string | undefined; key: string | undefined }
  /** Name of the queue, known to us alone: whoever else reads from it takes messages away. */
  queue: string
  /** What our topics begin with, e.g. `org.fedoraproject.prod`. */
  topicPrefix: string
  /**
   * Keeps a hint, and says whether it was about something of ours. Only when it has resolved is the message
   * acknowledged; when it rejects, the message comes again.
   */
  take(hint: Hint): Promise<boolean>
  /** Told at each connection that was made, and each time that one was lost or could not be made. */
  onConnection(state: ConnectionState): void
  /** Told of what no one else would hear of: an error while a hint was kept, a message that does not fit. */
  warn(line: string, error?: unknown): void
  timing?: Partial<Timing>
}

export interface Timing {
  /** Wait before a connection is made anew; it doubles with each try that fails. */
  firstWaitMs: number
  longestWaitMs: number
  /** Without a sign of life for two to three of these a connection is given up. */
  heartbeatSeconds: number
}

export const TIMING: Timing = { firstWaitMs: 1_000, longestWaitMs: 60_000, heartbeatSeconds: 30 }

/** Listens to a bus until it is stopped. */
export interface Listener {
  /** How many messages became what, since the start. */
  counts(): Record<Outcome, number>
  isConnected(): boolean
  /** Takes no more messages, ends those that were begun, and closes the connection. */
  stop(): Promise<void>
}
