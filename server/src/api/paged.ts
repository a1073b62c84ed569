import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Found, Window } from '../db/read.ts'
import { MAX_PAGE } from './query.ts'

/** Parameters of every list. */
export const Paging = {
  page: Type.Optional(
    Type.Integer({
      description: 'Page number; below 1 is taken as 1',
      minimum: -(2 ** 31),
      maximum: MAX_PAGE,
      default: 1,
    }),
  ),
  per_page: Type.Optional(Type.Integer({ description: 'Results per page', minimum: 1, maximum: 100, default: 10 })),
  after: Type.Optional(
    Type.Integer({ description: 'Cursor: go on after the entry with this id, instead of a page', minimum: 0 }),
  ),
}
const PagingObject = Type.Object(Paging)

export function toWindow({ page = 1, per_page = 10, after }: Static<typeof PagingObject>): Window {
  if (after !== undefined) return { limit: per_page, offset: 0, after }
  return { limit: per_page, offset: (Math.max(1, page) - 1) * per_page, after: undefined }
}

interface List<Row, Entry> {
  /** Unit of `Content-Range`, e.g. `runs`. */
  unit: string
  found: Found<Row>
  toEntry: (row: Row) => Entry
  /** The id a cursor is made from. */
  idOf: (row: Row) => number
  /** The projects family answers an empty page with 200. */
  emptyIs200?: boolean
}

/**
 * Sends a page of a list: the one place where its status, `Content-Range` and `Link` are made. (`ETag` is made from the
 * text of every answer.)
 */
export function sendPage<Row, Entry>(request: FastifyRequest, reply: FastifyReply, list: List<Row, Entry>): Entry[] {
  const paging = request.query as Static<typeof PagingObject>
  const { rows, total } = list.found
  reply.code(rows.length === 0 && list.emptyIs200 ? 200 : 206)
  reply.header('content-range', toContentRange(list.unit, toWindow(paging), rows.length, total))
  const last = rows.at(-1)
  const link = toLink(request, paging, { count: rows.length, total, lastId: last && list.idOf(last) })
  if (link) reply.header('link', link)
  return rows.map(list.toEntry)
}

/** `runs 11-20/57`; `runs *\/57` for an empty page; `*` for a place or total that is not known. */
export function toContentRange(unit: string, window: Window, count: number, total: number | null): string {
  const all = total ?? '*'
  if (count === 0 || window.after !== undefined) return `${unit} */${all}`
  return `${unit} ${window.offset + 1}-${window.offset + count}/${all}`
}

function toLink(
  request: FastifyRequest,
  paging: Static<typeof PagingObject>,
  found: { count: number; total: number | null; lastId: number | undefined },
): string {
  const page = Math.max(1, paging.page ?? 1)
  const perPage = paging.per_page ?? 10
  const links: string[] = []
  const add = (rel: string, changed: Record<string, string | number | undefined>) =>
    links.push(`<${addressWith(request, changed)}>; rel="${rel}"`)
  if (paging.after !== undefined) {
    if (found.count === perPage) add('next', { after: found.lastId, page: undefined })
    add('first', { after: undefined, page: 1 })
    return links.join(', ')
  }
  const end = page * perPage
  const more = found.count === perPage && (found.total === null || end < found.total)
  if (more) add('next', { page: page + 1 })
  if (page > 1) add('prev', { page: page - 1 })
  add('first', { page: 1 })
  if (found.total !== null) add('last', { page: Math.max(1, Math.ceil(found.total / perPage)) })
  return links.join(', ')
}

/** The address that was asked for, with some parameters changed (or left out). */
function addressWith(request: FastifyRequest, changed: Record<string, string | number | undefined>): string {
  const [path = '', search = ''] = request.originalUrl.split('?', 2)
  const parameters = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) parameters.delete(name)
    else parameters.set(name, String(value))
  }
  return `${path}?${parameters}`
}
