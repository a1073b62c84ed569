import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { cut, epoch, every, type Found, queryJson, readPage, type Window } from './read.ts'
import type { ProjectName } from './read-projects.ts'

export const DELIVERY_STATES = ['received', 'decided', 'refused', 'failed'] as const

export interface DeliveryRow {
  id: number
  source: string
  deliveryId: string
  event: string
  action: string | null
  payloadKey: string | null
  receivedAt: number
  state: (typeof DELIVERY_STATES)[number]
  decision: string | null
  reasons: string[]
  project: string | null
  /** Whether it tells of a repository that not everybody may know of. */
  isPrivate: boolean
  eventId: number | null
  runIds: number[]
}

export interface DeliveryFilter {
  source?: string | undefined
  event?: string | undefined
  state?: DeliveryRow['state'] | undefined
  project?: ProjectName | undefined
  since?: Date | undefined
  until?: Date | undefined
  /** Those of private repositories too. */
  withPrivate: boolean
}

const DELIVERY = sql`d.id, d.source, d.delivery_id as "deliveryId", d.event, d.action, d.payload_key as "payloadKey",
  ${epoch('d.received_at')} as "receivedAt", d.state, d.decision, d.reasons, d.event_id as "eventId",
  p.forge || '/' || p.path as project, coalesce(p.is_private, false) as "isPrivate",
  array(select r.id from pipelines r where r.event_id = d.event_id and r.is_run order by r.id) as "runIds"`

/** A delivery with what came of it, whoever may see it. */
export async function findDelivery(db: Db, id: number): Promise<DeliveryRow | undefined> {
  const rows = await queryJson<DeliveryRow>(
    db,
    sql`select ${DELIVERY} from deliveries d left join projects p on p.id = d.project_id where d.id = ${id}`,
  )
  return rows[0]
}

/** Deliveries, the newest first. */
export async function listDeliveries(db: Db, filter: DeliveryFilter, window: Window): Promise<Found<DeliveryRow>> {
  const { source, event, state, project, since, until, withPrivate } = filter
  const conditions = [
    source === undefined ? undefined : sql`d.source = ${source}`,
    event === undefined ? undefined : sql`d.event = ${event}`,
    state === undefined ? undefined : sql`d.state = ${state}`,
    project &&
      sql`d.project_id = (select q.id from projects q where q.forge = ${project.forge}
      and q.namespace = ${project.namespace} and q.name = ${project.name} and q.same_as is null)`,
    since && receivedSince(since),
    until && receivedBefore(until),
    withPrivate ? undefined : sql`not exists (select 1 from projects q where q.id = d.project_id and q.is_private)`,
  ]
  const after = window.after === undefined ? undefined : sql`d.id < ${window.after}`
  return readPage<DeliveryRow>(db, window, {
    page: sql`with page as materialized (
        select d.* from deliveries d where ${every([...conditions, after])} order by d.id desc ${cut(window)}
      ) select ${DELIVERY} from page d left join projects p on p.id = d.project_id order by d.id desc`,
    counted: sql`from deliveries d where ${every(conditions)}`,
    keyOf: (row) => row.id,
  })
}

/*
 * Ids follow the time of receipt but for what is stored at the same moment. The time is looked up a minute beside, among the
 * nearest rows, for the border in ids that lets the index of ids serve the list.
 */
const BESIDE_MS = 60_000
const NEAREST = 100

function receivedSince(since: Date): SQL {
  const before = new Date(since.getTime() - BESIDE_MS).toISOString()
  return sql`d.received_at >= ${since.toISOString()}::timestamptz and d.id >= (select min(near.id) from (
    select id from deliveries where received_at >= ${before}::timestamptz order by received_at, id limit ${NEAREST}) near)`
}

function receivedBefore(until: Date): SQL {
  const after = new Date(until.getTime() + BESIDE_MS).toISOString()
  return sql`d.received_at < ${until.toISOString()}::timestamptz and d.id <= (select max(near.id) from (
    select id from deliveries where received_at < ${after}::timestamptz order by received_at desc, id desc limit ${NEAREST}) near)`
}
