import Type from 'typebox'

const SECONDS = '[0-9]{1,11}'
const DAY = '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?'
const ZONE = '(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])'

/** An instant in a query: seconds since 1970, a day, or a time of a day. */
export function Instant(description: string) {
  return Type.String({
    description: `${description}: seconds since 1970, or ISO 8601, in UTC unless it names an offset, e.g. 2026-11-25T12:00`,
    pattern: `^(${SECONDS}|${DAY}(T${TIME}${ZONE}?)?)$`,
    maxLength: 40,
  })
}

/** Reads what fits the pattern of `Instant`. */
export function parseInstant(text: string): Date
export function parseInstant(text: string | undefined): Date | undefined
export function parseInstant(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  if (/^[0-9]+$/.test(text)) return new Date(Number(text) * 1000)
  const hasZone = text.length === 10 || /(Z|[+-][0-9:]+)$/.test(text.slice(10))
  return new Date(hasZone ? text : `${text}Z`)
}
