import type { DeliveryRow } from '../../db/read-deliveries.ts'
import type { Delivery } from '../models/service.ts'

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    forge: row.source,
    delivery_id: row.deliveryId,
    event: row.event,
    action: row.action,
    received_at: row.receivedAt,
    state: row.state,
    decision: row.decision ?? (row.state === 'received' ? 'Not decided yet.' : ''),
    reasons: row.reasons,
    project: row.project,
    event_id: row.eventId,
    runs: row.runIds,
  }
}
