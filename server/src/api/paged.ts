import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Found, Window } from '../db/read.ts'
import { words } from './models/common.ts'
import { MAX_PAGE, natural } from './query.ts'

const PAGE = { description: 'Page number; below 1 is taken as 1', minimum: -(2 ** 31), maximum: MAX_PAGE }
const PER_PAGE = { description: 'Results per page', minimum: 1, maximum: 100 }
const after = Type.Optional(natural('Cursor: go on after the entry with this id, instead of a page'))

/** Parameters of every list. */
export const Paging = {
  page: Type.Optional(Type.Integer({ ...PAGE, default: 1 })),
  per_page: Type.Optional(Type.Integer({ ...PER_PAGE, default: 10 })),
  after,
}

/** Parameters of the lists that have no pages by number. */
export const CursorPaging = { per_page: Paging.per_page, after }

/** Parameters of the lists that are given as a whole unless a page is asked for. */
export const WholePaging = {
  page: Type.Optional(Type.Integer(PAGE)),
  per_page: Type.Optional(Type.Integer(PER_PAGE)),
  after,
}

/** Parameters of the lists that are ordered by id. */
export const OrderedPaging = {
  ...Paging,
  order: Type.Optional(
    words(['desc', 'asc'], { description: 'Order by id, which is by time: newest or oldest first', default: 'desc' }),
  ),
}
const PagingObject = Type.Object(OrderedPaging)
export type PagingQuery = Static<typeof PagingObject>

/** @param whole  how many entries there are on a page when nothing was asked for */
export function toWindow({ page = 1, per_page, after, order = 'desc' }: PagingQuery, whole = 10): Window {
  const limit = per_page ?? (page > 1 || after !== undefined ? 10 : whole)
  if (after !== undefined) return { limit, offset: 0, after, order }
  return { limit, offset: (Math.max(1, page) - 1) * limit, after: undefined, order }
}

interface List<Row, Entry> {
  /** Unit of `Content-Range`, e.g. `runs`. */
  unit: string
  found: Found<Row>
  toEntry: (row: Row) => Entry
  /** The projects family answers an empty page with 200. */
  emptyIs200?: boolean
  /** A list that the contract gives as a whole, with 200: at most so many entries. */
  whole?: number
  /** There are no pages by number: only the cursor leads on. */
  byCursor?: boolean
}

/**
 * Sends a page of a list: the one place where its status, `Content-Range` and `Link` are made. (`ETag` is made from the
 * text of every answer.)
 */
export function sendPage<Row, Entry>(request: FastifyRequest, reply: FastifyReply, list: List<Row, Entry>): Entry[] {
  const paging = request.query as PagingQuery
  const { rows, total, next } = list.found
  const window = toWindow(paging, list.whole)
  reply.code(list.whole !== undefined || (rows.length === 0 && list.emptyIs200) ? 200 : 206)
  reply.header('content-range', toContentRange(list.unit, window, rows.length, total))
  const link = toLink(
    request,
    { ...paging, per_page: window.limit },
    { count: rows.length, total, next },
    list.byCursor,
  )
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
  paging: PagingQuery,
  { count, total, next }: { count: number; total: number | null; next: number | null },
  byCursor = false,
): string {
  const page = Math.max(1, paging.page ?? 1)
  const perPage = paging.per_page ?? 10
  const links: string[] = []
  const add = (rel: string, changed: Record<string, string | number | undefined>) =>
    links.push(`<${addressWith(request, changed)}>; rel="${rel}"`)
  const isFull = count === perPage
  // a page that is not full goes on as well when only a part of the list was looked at
  if (byCursor || paging.after !== undefined || (!isFull && next !== null)) {
    if (next !== null) add('next', { after: next, page: undefined })
    add('first', { after: undefined, page: byCursor ? undefined : 1 })
    return links.join(', ')
  }
  if (isFull && (total === null || page * perPage < total)) add('next', { page: page + 1 })
  if (page > 1) add('prev', { page: page - 1 })
  add('first', { page: 1 })
  if (total !== null) add('last', { page: Math.max(1, Math.ceil(total / perPage)) })
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
