import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { epoch, queryJson } from './read.ts'

export interface DeliveryRow {
  id: number
  source: string
  deliveryId: string
  event: string
  action: string | null
  receivedAt: number
  state: 'received' | 'decided' | 'refused' | 'failed'
  decision: string | null
  reasons: string[]
  project: string | null
  eventId: number | null
  runIds: number[]
}

/** A delivery with what came of it; the payload is not public. */
export async function findDelivery(db: Db, id: number): Promise<DeliveryRow | undefined> {
  const rows = await queryJson<DeliveryRow>(
    db,
    sql`select d.id, d.source, d.delivery_id as "deliveryId", d.event, d.action, ${epoch('d.received_at')} as "receivedAt",
        d.state, d.decision, d.reasons, d.event_id as "eventId",
        (select p.forge || '/' || p.path from projects p where p.id = d.project_id) as project,
        array(select r.id from pipelines r where r.event_id = d.event_id and r.id = r.merged_run_id order by r.id) as "runIds"
      from deliveries d where d.id = ${id}`,
  )
  return rows[0]
}
