import type { State } from './state.ts'

/** What may have become of a delivery: the API's word, how it is called, and the state that it looks like. */
export const DELIVERY_STATES = {
  received: { label: 'Waiting', state: 'pending' },
  decided: { label: 'Decided', state: 'success' },
  refused: { label: 'Refused', state: 'skipped' },
  failed: { label: 'Broke', state: 'error' },
} as const satisfies Record<string, { label: string; state: State }>

export type DeliveryState = keyof typeof DELIVERY_STATES
