import { PassThrough } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Position } from '../db/read-changes.ts'
import { problem, refusals } from './answers.ts'
import type { ChangeFeed, Message } from './change-feed.ts'
import type { ApiDeps } from './deps.ts'
import { ApiError } from './errors.ts'
import { ref } from './models/common.ts'
import { Change as ChangeModel } from './models/service.ts'
import { formatPosition, parsePosition } from './position.ts'
import { ProjectPath } from './project-path.ts'
import { natural } from './query.ts'

const PING_MS = 15_000
const MAX_CONNECTIONS = 500
const MAX_CONNECTIONS_OF_ADDRESS = 20
/** A client that doesn't read is cut off; it comes back and names what it had last. */
const MAX_UNREAD_BYTES = 2 ** 20

const Filter = Type.Object({
  run: Type.Optional(natural('Only changes of this run')),
  project: Type.Optional(ProjectPath),
})

const EventStream = Type.Unsafe<string>({
  type: 'string',
  description: 'The data of an event named "change" is JSON of this schema.',
  contentMediaType: 'application/json',
  contentSchema: ref(ChangeModel),
})

/** Open streams: they are counted, and end when the server stops. */
export class OpenStreams {
  readonly #streams = new Map<PassThrough, string>()

  get count(): number {
    return this.#streams.size
  }

  /** @throws {ApiError} when there are too many, in all or from one address */
  open(address: string): PassThrough {
    const retry = { 'retry-after': '30' }
    if (this.count >= MAX_CONNECTIONS) {
      throw new ApiError(503, 'Too many streams are open: try again later.', undefined, retry)
    }
    const same = [...this.#streams.values()].filter((other) => other === address)
    if (same.length >= MAX_CONNECTIONS_OF_ADDRESS) {
      throw new ApiError(
        429,
        `Only ${MAX_CONNECTIONS_OF_ADDRESS} streams may be open from one address.`,
        undefined,
        retry,
      )
    }
    const stream = new PassThrough()
    this.#streams.set(stream, address)
    stream.once('close', () => this.#streams.delete(stream))
    return stream
  }

  /** Ends all of them; they come back soon, to whichever process answers then, and not all in the same moment. */
  close(): void {
    for (const stream of this.#streams.keys()) {
      if (stream.writable) stream.end(`retry: ${200 + Math.floor(Math.random() * 1800)}\n\n`)
    }
  }
}

/** `GET /stream`: what changed, as server-sent events. */
export const streamRoutes: FastifyPluginAsyncTypebox<ApiDeps & { streams: OpenStreams }> = async (
  app,
  { feed, streams },
) => {
  // streams end first: a server waits for its connections when it closes
  app.addHook('preClose', async () => streams.close())

  app.get(
    '/stream',
    {
      compress: false,
      schema: {
        operationId: 'getStream',
        summary: 'What changed, as server-sent events',
        tags: ['stream'],
        description:
          'Events named "change" have a Change as data, and an id to go on from with Last-Event-ID; growth of a log has no id. ' +
          '"reset" means that what was named is not kept any more: ask for everything anew.',
        querystring: Filter,
        response: {
          200: {
            description: 'Events, until one side ends it',
            content: { 'text/event-stream': { schema: EventStream } },
          },
          400: problem('A parameter is wrong'),
          ...refusals,
        },
      },
    },
    async (request, reply) => {
      reply
        .type('text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
      if (request.method === 'HEAD') return reply.send('')
      const last = request.headers['last-event-id']
      const from = typeof last === 'string' && last !== '' ? parsePosition(last) : undefined
      const stream = streams.open(request.ip)
      // whoever leaves before the stream is sent must not leave it open either
      reply.raw.once('close', () => stream.destroy())
      try {
        await follow(stream, feed, from, makeFilter(request.query))
      } catch (error) {
        stream.destroy()
        throw error
      }
      return sendStream(reply, stream)
    },
  )
}

const sendStream = (reply: FastifyReply, stream: PassThrough) => reply.send(stream)

/** Writes into a stream what happens from a place on, until the stream is closed. */
async function follow(
  stream: PassThrough,
  feed: ChangeFeed,
  from: Position | null | undefined,
  passes: (message: Message) => boolean,
): Promise<void> {
  const write = (text: string) => {
    if (stream.writableLength > MAX_UNREAD_BYTES) stream.destroy()
    else if (stream.writable) stream.write(text)
  }
  let seen: Position | null = null
  const tell = (message: Message) => {
    seen = message.position ?? seen
    if (passes(message)) write(formatMessage(message))
  }
  const waiting: Message[] = []
  let take = (message: Message): void => void waiting.push(message)
  const { start, isReset, missed, end } = await feed.subscribe(from, (message) => take(message))
  stream.once('close', end)
  const place = `id: ${formatPosition(start)}\n`
  if (isReset) write(`${place}event: reset\ndata: {}\n\n`)
  else write(from ? ': hello\n\n' : `${place}\n`)
  for (const message of [...missed, ...waiting]) tell(message)
  take = tell
  // a client that filters comes forward too, so that it need not catch up with what it never wanted
  const ping = setInterval(() => write(`: ping\n${seen ? `id: ${formatPosition(seen)}\n` : ''}\n`), PING_MS).unref()
  stream.once('close', () => clearInterval(ping))
}

function makeFilter({ run, project }: { run?: number; project?: string }): (message: Message) => boolean {
  return ({ change }) =>
    (run === undefined || change.run === run) && (project === undefined || change.project === project)
}

function formatMessage({ position, change }: Message): string {
  const id = position ? `id: ${formatPosition(position)}\n` : ''
  return `${id}event: change\ndata: ${JSON.stringify(change)}\n\n`
}
