/** Microseconds since 1970 (UTC): the precision the database has. */
export type Instant = bigint

const SECOND = 1_000_000n
export const HOUR: Instant = 3600n * SECOND
export const DAY: Instant = 24n * HOUR
const FIRST = BigInt(Date.parse('0001-01-01T00:00:00Z')) * 1000n
const LAST = BigInt(Date.parse('9999-12-31T23:59:59Z')) * 1000n + SECOND - 1n

const FORM =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[Tt ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?)?$/

/**
 * Reads an ISO 8601 date (its midnight) or date-time; without an offset it is UTC. Digits after the sixth of a second
 * are cut off.
 *
 * @returns `'invalid'` for what is none, `'out of range'` before the year 1 or after 9999 in UTC
 */
export function parseInstant(text: string): Instant | 'invalid' | 'out of range' {
  const found = FORM.exec(text)
  if (!found) return 'invalid'
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', , sign, hours, minutes = '00'] =
    found
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
  const ms = Date.parse(iso)
  // a 30th of February is counted on into March by some readers
  if (Number.isNaN(ms) || hour === '24' || new Date(ms).toISOString().slice(0, 10) !== iso.slice(0, 10))
    return 'invalid'
  const offset = hours === undefined ? 0n : BigInt(hours) * HOUR + BigInt(minutes) * 60n * SECOND
  if (offset >= DAY || minutes > '59') return 'invalid'
  const local = BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
  const instant = sign === '-' ? local + offset : local - offset
  return instant < FIRST || instant > LAST ? 'out of range' : instant
}

/** The next instant; null after the last one, where a period is as good as open. */
export const following = (instant: Instant): Instant | null => (instant >= LAST ? null : instant + 1n)

/** As the database and JSON read it: `2026-11-25T19:00:00.000000Z`. */
export function formatInstant(instant: Instant): string {
  const ms = floor(instant, 1000n)
  const micros = String(instant - ms * 1000n).padStart(3, '0')
  return new Date(Number(ms)).toISOString().replace('Z', `${micros}Z`)
}

/** The day that begins here or last did, as `2026-11-25`. */
export function formatDay(instant: Instant): string {
  return formatInstant(instant).replace(/T.*/, '')
}

export const fromDate = (date: Date): Instant => BigInt(date.getTime()) * 1000n

/** The last whole day or hour at an instant. */
export function startOf(unit: Instant, instant: Instant): Instant {
  return floor(instant, unit) * unit
}

/** BigInt division rounds towards zero. */
function floor(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}
