import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from './answers.ts'
import type { FakeUser, State } from './state.ts'

/** One request of the API, with its body read. */
export interface Call {
  state: State
  method: string
  query: URLSearchParams
  /** Options: the JSON body, the `json` part of a form, or its plain fields. */
  options: Record<string, unknown>
  /** The file `pkgs` of a form. */
  upload: { name: string; data: Buffer } | null
  user: FakeUser | undefined
}

/** Who asks; a header that can't be read is a fault of Copr's, too. */
export function findUser(state: State, authorization: string | undefined): FakeUser | undefined {
  if (authorization === undefined) return undefined
  const [scheme, encoded = ''] = authorization.split(' ')
  const parts = Buffer.from(encoded, 'base64').toString().split(':')
  if (scheme !== 'Basic' || parts.length !== 2) throw new Refusal(500, 'not enough values to unpack')
  const [login, token] = parts
  const user = state.users.find((one) => one.login === login && one.token === token)
  if (!user) throw new Refusal(401, 'Login invalid/expired. Please visit the API page to get or renew your API token.')
  return user
}

export function needUser({ user }: Call): FakeUser {
  if (!user) throw new Refusal(401, 'Login invalid/expired. Please visit the API page to get or renew your API token.')
  return user
}

/** Reads what a request carries; `null` counts as absent, as in Copr. */
export async function readOptions(
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Pick<Call, 'options' | 'upload'>> {
  const type = headers['content-type'] ?? ''
  if (type.startsWith('multipart/form-data')) return readForm(type, body)
  const parsed = body.length > 0 && type.includes('json') ? (JSON.parse(body.toString()) as object) : {}
  return { options: present(parsed), upload: null }
}

async function readForm(type: string, body: Buffer): Promise<Pick<Call, 'options' | 'upload'>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const options: Record<string, unknown> = {}
  let upload: Call['upload'] = null
  for (const [name, value] of form) {
    if (typeof value === 'string') {
      // without a file name it counts as a plain field, and lists don't fit into those
      if (name !== 'json') options[name] = value
      continue
    }
    const data = Buffer.from(await value.arrayBuffer())
    if (name === 'json') Object.assign(options, present(JSON.parse(data.toString()) as object))
    else if (name === 'pkgs') upload = { name: value.name, data }
  }
  return { options, upload }
}

function present(options: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null))
}

/** A list and a text with spaces between are the same to Copr. */
export function toList(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : []
}

export function needQuery({ query }: Call, ...names: string[]): string[] {
  return names.map((name) => {
    const value = query.get(name)
    if (value === null) throw new Refusal(400, `Missing argument ${name}`)
    return value
  })
}

/** `limit` and `offset` of a list; there is no total. */
export function paged<T extends { id: number }>({ query }: Call, rows: readonly T[], show: (row: T) => object): object {
  const limit = Number(query.get('limit') ?? 0) || null
  const offset = Number(query.get('offset') ?? 0)
  const isDescending = query.get('order_type') === 'DESC'
  const sorted = rows.toSorted((a, b) => (isDescending ? b.id - a.id : a.id - b.id))
  const items = sorted.slice(offset, limit === null ? undefined : offset + limit).map(show)
  return { items, meta: { limit, offset, order: 'id', order_type: isDescending ? 'DESC' : 'ASC' } }
}
