import type { BusMessage, Hint } from './messages.ts'
import { findTopic, type Topic } from './topics.ts'

export type ReadMessage =
  | { kind: 'hint'; hint: Hint }
  | { kind: 'unknown' }
  /** `why` is for the log. */
  | { kind: 'malformed'; why: string }

/** Copr's messages have some hundred bytes. */
const MOST_BYTES = 1024 * 1024

/** Copr's numbers of states that something still happens after: running, pending, starting, importing, waiting. */
const UNFINISHED: readonly number[] = [3, 4, 6, 7, 9]
const RUNNING = 3

/**
 * What a message tells us. Nothing of it is believed but that a build has changed: who may send is checked by the broker.
 *
 * @param prefix  what topics begin with, e.g. `org.fedoraproject.prod`
 */
export function readMessage({ topic, content }: BusMessage, prefix: string): ReadMessage {
  const known = findTopic(topic, prefix)
  if (known === undefined) return { kind: 'unknown' }
  const body = parseBody(content, topic)
  if (typeof body === 'string') return { kind: 'malformed', why: body }
  const fault = findFault(body, known)
  return fault === undefined
    ? { kind: 'hint', hint: { builder: 'copr', buildId: String(body.build) } }
    : { kind: 'malformed', why: fault }
}

type Body = Record<string, unknown>

/** The body itself; a text says why there is none. */
function parseBody(content: Buffer, topic: string): Body | string {
  if (content.length > MOST_BYTES) return `it has ${content.length} bytes`
  let body: unknown
  try {
    body = JSON.parse(content.toString())
  } catch {
    return 'it is no JSON'
  }
  if (!isObject(body)) return 'it is no object'
  // old bridges wrap it once more, with the topic beside it
  if (!('msg' in body) || 'build' in body) return body
  if ('topic' in body && body.topic !== topic) return 'the wrapper names another topic'
  return isObject(body.msg) ? body.msg : '"msg" is no object'
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Why a body is not one of Copr's on this topic; undefined when it is. */
function findFault(body: Body, topic: Topic): string | undefined {
  const { build, chroot, status, owner, copr } = body
  if (!Number.isSafeInteger(build) || Number(build) < 1) return '"build" is no id'
  for (const [name, value] of Object.entries({ chroot, owner, copr })) {
    if (typeof value !== 'string' || value === '') return `"${name}" is no text`
  }
  if (!Number.isInteger(status)) return '"status" is no number'
  const fits = topic === 'copr.build.start' ? status === RUNNING : !UNFINISHED.includes(Number(status))
  return fits ? undefined : `"status" is ${Number(status)}, which does not fit ${topic}`
}
