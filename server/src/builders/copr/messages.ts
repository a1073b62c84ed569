/** A message of the Fedora Messaging bus: its topic with or without a prefix, and its body. */
export interface BusMessage {
  topic: string
  body: unknown
}

/** What a message says: that something about a build changed. */
export interface CoprHint {
  buildId: string
  owner: string
  project: string
}

const TOPIC = /(^|\.)copr\.build\.(start|end)$/

/**
 * The build that a message of the bus is about. A hint, never the truth: Copr's API is asked then.
 *
 * @returns null for messages of others than Copr, those that are said twice (`copr.chroot.start`), and what has another shape
 */
export function coprHint({ topic, body }: BusMessage): CoprHint | null {
  const kind = TOPIC.exec(topic)?.[2]
  const { build, chroot, owner, copr } = unwrap(body)
  if (kind === undefined || !isId(build) || typeof owner !== 'string' || typeof copr !== 'string') return null
  // that an SRPM of ours is taken in is no news, that it could not be is
  if (chroot === 'srpm-builds' && kind === 'start') return null
  return { buildId: String(build), owner, project: copr }
}

/** Old bridges wrap the body once more. */
function unwrap(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null) return {}
  const fields = body as Record<string, unknown>
  return fields.build === undefined && typeof fields.msg === 'object' && fields.msg !== null
    ? (fields.msg as Record<string, unknown>)
    : fields
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}
