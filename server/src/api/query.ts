import type { FastifySchemaCompiler } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { ApiError, badParameter } from './errors.ts'
import { compileBody } from './json-body.ts'

/** The largest page number: that of a 32-bit integer. */
export const MAX_PAGE = 2 ** 31 - 1

/** A parameter that is a whole number from 0 on, no larger than a JavaScript number holds exactly. */
export const natural = (description: string) =>
  Type.Integer({ description, minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** The one parameter of a path that names a row. */
export const ById = Type.Object({ id: natural('Id of the row') })

interface ParameterSchema {
  type?: string
  enum?: string[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  default?: unknown
  description?: string
}

/**
 * Reads a query string: of repeated parameters the first one counts.
 *
 * @returns each value as text, in an object without prototype, so that `__proto__` is a name like any other
 */
export function parseQueryString(search: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(search)) found[name] ??= value
  return found
}

/**
 * What checks parameters. Fastify's own validator takes `1e3`, `0x10` and ` 7` for integers and refuses repeated
 * parameters; here the text of an integer is digits with an optional sign, and what the schema does not name is ignored.
 */
export const compileParameters: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart === 'body') return compileBody(schema)
  const properties = Object.entries((schema as { properties?: Record<string, ParameterSchema> }).properties ?? {})
  const read = httpPart === 'params' ? readPathParameter : readQueryParameter
  return (given: Record<string, string>) => {
    const value: Record<string, unknown> = {}
    for (const [name, property] of properties) {
      try {
        // names of headers come in small letters
        const found = read(name, given[httpPart === 'headers' ? name.toLowerCase() : name], property)
        if (found !== undefined) value[name] = found
      } catch (error) {
        return { error: error as Error }
      }
    }
    return { value }
  }
}

function readQueryParameter(name: string, text: string | undefined, schema: ParameterSchema): unknown {
  if (text === undefined) return schema.default
  const label = schema.description?.split(/[.:;]/)[0] ?? name
  if (schema.type === 'integer') return readInteger(name, label, text, schema)
  if (text.includes('\0')) throw badParameter(name, `${label} must not contain a NUL character`)
  if (schema.minLength !== undefined && text.length < schema.minLength) {
    throw badParameter(name, `${label} must have at least ${schema.minLength} characters`)
  }
  if (schema.maxLength !== undefined && text.length > schema.maxLength) {
    throw badParameter(name, `${label} is longer than ${schema.maxLength} characters`)
  }
  const wrongWord = schema.enum && !schema.enum.includes(text)
  const wrongForm = schema.pattern && !new RegExp(schema.pattern).test(text)
  if (!wrongWord && !wrongForm) return text
  const choices = schema.enum ? `: one of ${schema.enum.join(', ')}` : ''
  throw badParameter(name, `${label} The value '${text}' is not a valid choice for '${name}'${choices}.`)
}

function readInteger(name: string, label: string, text: string, schema: ParameterSchema): number {
  if (!/^[+-]?[0-9]+$/.test(text))
    throw badParameter(name, `${label} invalid literal for int() with base 10: '${text}'`)
  const value = Number(text)
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = schema
  if (value >= minimum && value <= maximum) return value
  throw badParameter(
    name,
    `${label} The value '${text}' is not a valid choice for '${name}': ${minimum} to ${maximum}.`,
  )
}

/** An id that can't be one, or a name that no row can have, is simply not found. */
function readPathParameter(_name: string, text: string | undefined, schema: ParameterSchema): unknown {
  if (text === undefined || text.includes('\0')) throw missingPath()
  if (schema.type !== 'integer') return text
  const value = Number(text)
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(value)) throw missingPath()
  return value
}

function missingPath(): ApiError {
  const message = 'There is nothing at this address'
  return new ApiError(404, message, { error: message, message })
}
