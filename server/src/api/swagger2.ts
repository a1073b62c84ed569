type Schema = Record<string, unknown>

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}

interface Operation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: { description?: string; required?: boolean }
  responses?: Record<string, { description?: string }>
  security?: Record<string, string[]>[]
}

/** The parts of an OpenAPI 3.1 document that the older form has as well. */
export interface Document {
  info: { title: string; version: string; description?: string; license?: { name: string } }
  tags?: { name: string; description?: string }[]
  paths?: Record<string, Record<string, Operation>>
}

const BASE = '/api'

/**
 * The contract as Swagger 2.0, for clients that read nothing newer: addresses, parameters, and which answers there are.
 * The shapes of the answers are in the newer document alone, since 2.0 can't say that a text may be null.
 *
 * @param base  path of the service, without a slash at the end
 */
export function toSwagger2(document: Document, base: string): object {
  const { title, version, description = '', license } = document.info
  const paths = Object.entries(document.paths ?? {}).filter(([path]) => path.startsWith(BASE))
  return {
    swagger: '2.0',
    info: { title, version, description, ...(license ? { license: { name: license.name } } : {}) },
    basePath: base + BASE,
    produces: ['application/json'],
    consumes: ['application/json'],
    tags: document.tags ?? [],
    securityDefinitions: { bearer: { type: 'apiKey', in: 'header', name: 'Authorization' } },
    paths: Object.fromEntries(
      paths.map(([path, methods]) => [
        path.slice(BASE.length) || '/',
        Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, toOperation(operation)])),
      ]),
    ),
  }
}

function toOperation({ requestBody, parameters = [], responses = {}, ...operation }: Operation): object {
  const body = requestBody && {
    in: 'body',
    name: 'body',
    required: requestBody.required ?? false,
    description: requestBody.description ?? '',
    schema: { type: 'object' },
  }
  const { operationId, summary, description, tags, security } = operation
  return {
    ...JSON.parse(JSON.stringify({ operationId, summary, description, tags, security })),
    parameters: [...parameters.map(toParameter), ...(body ? [body] : [])],
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, answer]) => [status, { description: answer.description ?? '' }]),
    ),
  }
}

/** Keywords of a parameter's schema that stand beside its name in 2.0. */
const KEYWORDS = ['type', 'enum', 'default', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern']

function toParameter({ name, in: place, required = false, description = '', schema = {} }: Parameter): object {
  const given = KEYWORDS.filter((keyword) => schema[keyword] !== undefined)
  return {
    ...{ name, in: place, required, description, type: 'string' },
    ...Object.fromEntries(given.map((keyword) => [keyword, schema[keyword]])),
  }
}
