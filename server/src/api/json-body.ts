import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { ApiError, badBody } from './errors.ts'

/** Bodies say which run or branch is meant: nothing that is long. */
const MAX_BODY_BYTES = 16 * 1024

/** Has an app read small JSON bodies, and refuse others (415, 413); a body of no bytes is none. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: MAX_BODY_BYTES },
    (_request, body, done) => {
      if (body.length === 0) return done(null, undefined)
      try {
        done(null, JSON.parse(String(body)))
      } catch (error) {
        done(new ApiError(400, `The body is not JSON: ${error instanceof Error ? error.message : error}`))
      }
    },
  )
}

/** What checks a body: one entry for each wrong field, with what is expected there. */
export function compileBody(schema: TSchema): (body: unknown) => { value: unknown } | { error: Error } {
  const checker = Compile(schema)
  return (body) => {
    if (checker.Check(body)) return { value: body }
    // a map: a field may be called like what every object has
    const errors = new Map<string, string>()
    for (const error of checker.Errors(body)) addError(errors, error, schema)
    return { error: badBody(Object.fromEntries(errors)) }
  }
}

/** What the validator finds wrong. */
interface Wrong {
  keyword: string
  /** A JSON pointer. */
  instancePath: string
  message: string
}

interface Described {
  description?: string
  properties?: Record<string, { description?: string }>
}

function addError(errors: Map<string, string>, error: Wrong, schema: TSchema): void {
  const { keyword, instancePath, message } = error
  const { description, properties = {} } = schema as Described
  // told once for each key, as what is not known
  if (keyword === 'additionalProperties') return
  const field = instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
  const name = field || 'body'
  if (errors.has(name)) return
  if (field === '') errors.set(name, description ? `it must be ${description}` : message)
  else if (!Object.hasOwn(properties, field))
    errors.set(name, `not known here; known are ${Object.keys(properties).join(', ')}`)
  else errors.set(name, properties[field]?.description ? `${message} (${properties[field].description})` : message)
}
