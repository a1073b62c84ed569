import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { type JobList, readList } from './list.ts'
import type { JobFilter } from './list-filter.ts'
import { epoch, type Found, queryJson, type Window } from './read.ts'

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

const DELIVERY = sql`x.id, x.source, x.delivery_id as "deliveryId", x.event, x.action, x.payload_key as "payloadKey",
  ${epoch('x.received_at')} as "receivedAt", x.state, x.decision, x.reasons, x.event_id as "eventId",
  p.forge || '/' || p.path as project, coalesce(p.is_private, false) as "isPrivate",
  array(select r.id from pipelines r where r.event_id = x.event_id and r.is_run order by r.id) as "runIds"`

/** A delivery with what came of it, whoever may see it. */
export async function findDelivery(db: Db, id: number): Promise<DeliveryRow | undefined> {
  const rows = await queryJson<DeliveryRow>(
    db,
    sql`select ${DELIVERY} from deliveries x left join projects p on p.id = x.project_id where x.id = ${id}`,
  )
  return rows[0]
}

const DELIVERIES: JobList = {
  table: 'deliveries',
  key: 'id',
  submittedAt: 'received_at',
  facets: { state: 'state', event: 'event', source: 'source' },
  columns: DELIVERY,
  joins: sql`left join projects p on p.id = x.project_id`,
}
const NOT_PRIVATE = sql`not exists (select 1 from projects q where q.id = x.project_id and q.is_private offset 0)`

/** Deliveries, the newest first. @param withPrivate  those of private repositories too */
export function listDeliveries(
  db: Db,
  filter: JobFilter,
  window: Window,
  withPrivate: boolean,
): Promise<Found<DeliveryRow>> {
  return readList(db, withPrivate ? DELIVERIES : { ...DELIVERIES, always: NOT_PRIVATE }, filter, window)
}
