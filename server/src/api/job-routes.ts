import type { FastifyInstance } from 'fastify'
import Type, { type TProperties, type TSchema } from 'typebox'
import type { JobFilter } from '../db/list-filter.ts'
import type { Found, Window } from '../db/read.ts'
import { hasEnded } from '../domain/status.ts'
import { detail, list } from './answers.ts'
import { notFound } from './errors.ts'
import { type FilterQuery, toJobFilter } from './filters.ts'
import { OrderedPaging, type PagingQuery, sendPage, toWindow } from './paged.ts'
import { ById } from './query.ts'
import { toState } from './shapes/status.ts'

export const MISSING_GROUP = 'No info about group stored in DB'

/** A list of one kind of job. */
interface ListRoute<Row> {
  operationId: string
  summary: string
  tag: string
  /** Unit of `Content-Range`. */
  unit: string
  /** Its filters, from `filtersOf`. */
  filters: TProperties
  entry: TSchema
  find: (filter: JobFilter, window: Window) => Promise<Found<Row>>
  toEntry: (row: Row) => unknown
}

/** Adds a list with its filters, paging and order. */
export function addList<Row>(app: FastifyInstance, path: string, route: ListRoute<Row>): void {
  const { operationId, summary, tag, unit, filters, entry, find, toEntry } = route
  const querystring = Type.Object({ ...OrderedPaging, ...filters })
  app.get(
    path,
    { schema: { operationId, summary, tags: [tag], querystring, response: list(entry) } },
    async (request, reply) => {
      const query = request.query as FilterQuery & PagingQuery
      return sendPage(request, reply, { unit, found: await find(toJobFilter(query), toWindow(query)), toEntry })
    },
  )
}

/** Details of one thing by its id. */
interface DetailRoute<Row> {
  operationId: string
  summary: string
  description?: string
  tag: string
  model: TSchema
  /** What is said when there is no such id. */
  missing: string
  find: (id: number) => Promise<Row | undefined>
  toModel: (row: Row) => unknown
  /** How it stands, where it does not change any more once it has ended: then it may be kept. */
  end?: (row: Row) => Ending
}

interface Ending {
  state: string | null
  status: string | null
  endedAt: number | null
}

/** Adds the details of one thing by its id. */
export function addDetail<Row>(app: FastifyInstance, path: string, route: DetailRoute<Row>): void {
  const { operationId, summary, description, tag, model, missing, find, toModel, end } = route
  const schema = { operationId, summary, tags: [tag], params: ById, response: detail(model) }
  app.get(path, { schema: { ...schema, ...(description ? { description } : {}) } }, async (request, reply) => {
    const found = await find((request.params as { id: number }).id)
    if (!found) throw notFound(missing)
    if (end && isSettled(end(found))) reply.header('cache-control', KEEP)
    return toModel(found)
  })
}

/** Not longer: when a repository or a log expires, the answer says so. */
const KEEP = 'public, max-age=3600, immutable'
/** Seconds after its end in which a job may still get something: its repository, an analysis of its log. */
const SETTLES_AFTER = 3600

function isSettled(row: Ending): boolean {
  return hasEnded(toState(row)) && row.endedAt !== null && row.endedAt < Date.now() / 1000 - SETTLES_AFTER
}
