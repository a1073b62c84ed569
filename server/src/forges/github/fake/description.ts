import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

type Schema = Record<string, unknown>

interface Parameter {
  name: string
  in: 'path' | 'query'
  required?: boolean
  schema: Schema
}

interface RawOperation {
  operationId: string
  parameters: (Parameter | { $ref: string })[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: Schema }> }>
}

interface Document {
  paths: Record<string, Record<string, RawOperation>>
  components: Record<string, Record<string, unknown>>
}

/** One thing that can be asked of GitHub, e.g. `checks/create`. */
export interface Operation {
  id: string
  method: string
  pattern: RegExp
  names: string[]
  raw: RawOperation
}

export interface Request {
  method: string
  /** Below the API's address, still encoded. */
  path: string
  query: URLSearchParams
  body: unknown
}

export interface Fault {
  field: string
  message: string
}

export interface Read {
  operation: Operation
  params: Record<string, string | number>
  query: Record<string, unknown>
  faults: Fault[]
}

const OPTIONS = { strict: false, allErrors: true, validateSchema: false }

/** May hold slashes. */
const LONG = ['ref', 'path', 'basehead', 'branch']

/** GitHub's own description of its API, as far as the service uses it: what may be asked, and how answers look. */
export class Description {
  readonly operations: Operation[]
  readonly #document: Document
  readonly #compiled = new Map<string, ValidateFunction>()
  // coerceTypes: paths and queries are text
  readonly #ofText = new Ajv({ ...OPTIONS, coerceTypes: true })
  readonly #ofJson = new Ajv(OPTIONS)

  constructor() {
    for (const ajv of [this.#ofText, this.#ofJson]) formats.default(ajv)
    // made by scripts/github-openapi.mjs
    const text = readFileSync(new URL('./openapi.json', import.meta.url), 'utf8')
    // each component is a schema of its own, so that it is compiled once and not for each operation
    this.#document = JSON.parse(text.replaceAll('"$ref":"#/', '"$ref":"/'))
    for (const [name, schema] of Object.entries(this.#document.components.schemas ?? {}))
      for (const ajv of [this.#ofText, this.#ofJson]) ajv.addSchema(schema as Schema, `/components/schemas/${name}`)
    this.operations = Object.entries(this.#document.paths)
      .flatMap(([path, methods]) => Object.entries(methods).map(([method, raw]) => toOperation(path, method, raw)))
      // `/commits/{ref}/check-runs` before `/commits/{ref}`, whose name may hold slashes
      .sort((a, b) => b.pattern.source.length - a.pattern.source.length)
  }

  /** The operation that a request is for and what is wrong with it; undefined when GitHub has no such operation. */
  read({ method, path, query, body }: Request): Read | undefined {
    const operation = this.operations.find((one) => one.method === method && one.pattern.test(path))
    if (!operation) return undefined
    const values = operation.pattern.exec(path)?.slice(1).map(decode) ?? []
    const params = Object.fromEntries(operation.names.map((name, index) => [name, values[index] ?? '']))
    const asked = readQuery(query)
    const faults = [
      ...this.#checkText(operation, 'path', params),
      ...this.#checkText(operation, 'query', asked),
      ...this.#checkBody(operation, body),
    ]
    return { operation, params, query: asked, faults }
  }

  /** What is wrong with an answer; [] when it is as GitHub describes it. */
  checkAnswer(operationId: string, status: number, body: unknown): Fault[] {
    const operation = this.operations.find(({ id }) => id === operationId)
    const described = operation?.raw.responses[status]
    if (!described) return [{ field: 'status', message: `${operationId} does not answer ${status}` }]
    const response = described.$ref ? (this.#follow(described.$ref) as typeof described) : described
    const schema = response.content?.['application/json']?.schema
    return schema ? this.#check(this.#ofJson, `${operationId} ${status}`, schema, body) : []
  }

  #checkText(operation: Operation, place: 'path' | 'query', values: Record<string, unknown>): Fault[] {
    const parameters = operation.raw.parameters
      .map((one) => ('$ref' in one ? (this.#follow(one.$ref) as Parameter) : one))
      .filter((one) => one.in === place)
    const schema = {
      type: 'object',
      properties: Object.fromEntries(parameters.map((one) => [one.name, one.schema])),
      required: parameters.filter((one) => one.required).map((one) => one.name),
      additionalProperties: false,
    }
    return this.#check(this.#ofText, `${operation.id} ${place}`, schema, values)
  }

  #checkBody({ id, raw }: Operation, body: unknown): Fault[] {
    if (!raw.requestBody) {
      const isEmpty =
        body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0)
      return isEmpty ? [] : [{ field: 'body', message: 'this operation takes no body' }]
    }
    if (body === undefined) return raw.requestBody.required ? [{ field: 'body', message: 'is missing' }] : []
    const schema = raw.requestBody.content['application/json']?.schema ?? {}
    return [...this.#check(this.#ofJson, `${id} body`, schema, body), ...unknownFields(schema, body)]
  }

  #check(ajv: Ajv, key: string, schema: Schema, value: unknown): Fault[] {
    let validate = this.#compiled.get(key)
    if (!validate) {
      validate = ajv.compile(schema)
      this.#compiled.set(key, validate)
    }
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message, params }) => ({
      field: instancePath.slice(1) || key,
      message: `${message}${params.additionalProperty ? `: ${params.additionalProperty}` : ''}`,
    }))
  }

  #follow(ref: string): unknown {
    const [, , part = '', name = ''] = ref.split('/')
    return this.#document.components[part]?.[name]
  }
}

function toOperation(path: string, method: string, raw: RawOperation): Operation {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const source = path
    .replaceAll('.', '\\.')
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => (LONG.includes(name) ? '(.+)' : '([^/]+)'))
  return { id: raw.operationId, method: method.toUpperCase(), pattern: new RegExp(`^${source}$`), names, raw }
}

/** GitHub lets most unknown fields pass; to us each is a mistake. */
function unknownFields({ properties }: Schema, body: unknown): Fault[] {
  if (typeof properties !== 'object' || properties === null || typeof body !== 'object' || body === null) return []
  return Object.keys(body)
    .filter((name) => !(name in properties))
    .map((name) => ({ field: name, message: 'is no field of this operation' }))
}

function readQuery(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries([...query.keys()].map((name) => [name, query.get(name)]))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
