import type { FastifySchemaCompiler } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { following, type Instant, parseInstant } from '../domain/usage/instant.ts'
import { MAX_COUNT, MAX_DAYS, MAX_HOURS, type Period } from '../domain/usage/periods.ts'
import { MAX_TOP } from '../domain/usage/report.ts'
import { ApiError } from './errors.ts'
import { compileParameters } from './query.ts'

const timestamp = (description: string, examples: string[]) =>
  Type.Unsafe<string>({
    description,
    examples,
    anyOf: [
      { type: 'string', format: 'date' },
      { type: 'string', format: 'date-time' },
    ],
  })

export const PeriodQuery = {
  from: Type.Optional(
    timestamp(
      'From timestamp: ISO 8601 date (its midnight) or date-time, itself included; without an offset it is UTC, and the + of one is written as %2B',
      ['2026-01-01', '2026-01-01T12:00:00+02:00'],
    ),
  ),
  to: Type.Optional(
    timestamp('To timestamp: in the same form, itself included', ['2026-02-01', '2026-02-01T12:00:00Z']),
  ),
}
export const Top = {
  top: Type.Optional(
    Type.Integer({
      description: `How many projects each list names; ${MAX_TOP} if it is not given`,
      minimum: 0,
      maximum: MAX_TOP,
      examples: [10],
    }),
  ),
}
export const IntervalsQuery = {
  days: Type.Optional(
    Type.Integer({
      description: 'Length of an interval in days; without days and hours it is one day',
      minimum: 0,
      maximum: MAX_DAYS,
      default: 0,
      examples: [7],
    }),
  ),
  hours: Type.Optional(
    Type.Integer({
      description: 'Length of an interval in hours, beside the days',
      minimum: 0,
      maximum: MAX_HOURS,
      default: 0,
      examples: [0],
    }),
  ),
  count: Type.Optional(
    Type.Integer({ description: 'How many intervals', minimum: 1, maximum: MAX_COUNT, default: 10, examples: [52] }),
  ),
}

interface Property {
  type?: string
  minimum: number
  maximum: number
  default?: number
}

/** Checks parameters of usage statistics. All that is wrong is told at once, as a list of texts. */
export const compileUsageQuery: FastifySchemaCompiler<TSchema> = (route) => {
  if (route.httpPart !== 'querystring') return compileParameters(route)
  const properties = Object.entries((route.schema as { properties?: Record<string, Property> }).properties ?? {})
  return (given: Record<string, string>) => {
    const value: Record<string, unknown> = {}
    const errors: string[] = []
    for (const [name, property] of properties) {
      const text = given[name]
      if (text === undefined) value[name] = property.default
      else if (property.type === 'integer') value[name] = readInteger(name, text, property, errors)
      else if (!findTimeError(name, text, errors)) value[name] = text
    }
    return errors.length > 0 ? { error: badUsage(errors) } : { value }
  }
}

/** The refusal of wrong parameters, in the shape that is the usage statistics' own. */
export function badUsage(errors: string[]): ApiError {
  return new ApiError(400, errors.join('; '), { errors, message: 'Input payload validation failed' })
}

function readInteger(name: string, text: string, { minimum, maximum }: Property, errors: string[]): number | undefined {
  const value = Number(text)
  if (/^[+-]?[0-9]+$/.test(text) && value >= minimum && value <= maximum) return value
  errors.push(`${name}: '${text}' is not allowed: a whole number from ${minimum} to ${maximum}`)
  return undefined
}

function findTimeError(name: string, text: string, errors: string[]): boolean {
  const label = name === 'from' ? 'From timestamp' : 'To timestamp'
  const found = parseInstant(text)
  if (typeof found === 'bigint') return false
  errors.push(
    found === 'invalid'
      ? `${label}: invalid format`
      : `${label}: '${text}' is out of range: from 0001-01-01 to 9999-12-31 (UTC)`,
  )
  return true
}

/** The period of checked parameters; both ends belong to it. */
export function toPeriod({ from, to }: { from?: string | undefined; to?: string | undefined }): Period {
  const last = toInstant(to)
  return { from: toInstant(from), before: last === null ? null : following(last) }
}

function toInstant(text: string | undefined): Instant | null {
  const found = text === undefined ? null : parseInstant(text)
  return typeof found === 'bigint' ? found : null
}
