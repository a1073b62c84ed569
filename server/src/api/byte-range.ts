/** A part of a text that was asked for; `length` may reach past the end. */
export interface ByteRange {
  /** Negative counts from the end. */
  start: number
  length: number
}

/** At most so much is read and sent as one part. */
export const MAX_PART_BYTES = 8 * 2 ** 20

/**
 * Reads a `Range` header (RFC 9110).
 *
 * @returns `undefined` for what a server ignores: no header, another unit, several ranges, nonsense;
 *   `'unsatisfiable'` for the last zero bytes
 * @param maxBytes  more is not given at a time
 */
export function parseRange(
  header: string | undefined,
  maxBytes = MAX_PART_BYTES,
): ByteRange | 'unsatisfiable' | undefined {
  const found = /^bytes=[ \t]*([0-9]{0,15})-([0-9]{0,15})[ \t]*$/.exec(header ?? '')
  const [, first = '', last = ''] = found ?? []
  if (!found || (first === '' && last === '')) return undefined
  if (first === '') {
    const suffix = Number(last)
    return suffix === 0 ? 'unsatisfiable' : { start: -Math.min(suffix, maxBytes), length: Math.min(suffix, maxBytes) }
  }
  const start = Number(first)
  const end = last === '' ? Number.MAX_SAFE_INTEGER : Number(last)
  if (end < start) return undefined
  return { start, length: Math.min(end - start + 1, maxBytes) }
}
