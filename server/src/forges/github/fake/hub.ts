import type { Deliveries } from './deliveries.ts'
import type { Events } from './events.ts'
import type { State } from './state.ts'

/** What deeds of people work on. */
export interface Hub {
  state: State
  events: Events
  deliveries: Deliveries
  /** Folder of the git repositories. */
  root: string
}
