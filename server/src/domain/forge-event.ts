/** A repository on a forge, as deliveries name it. */
export interface ForgeProject {
  /** Host name, e.g. `github.com`; `localhost` for repositories of this machine. */
  forge: string
  /** May hold slashes; `-` when there is none. */
  namespace: string
  name: string
  /** Page for people. */
  webUrl: string
  /** From where git fetches. */
  cloneUrl: string
  isPrivate: boolean
}

export interface PullRequestEvent {
  kind: 'pull_request'
  /** `updated` = new commits; `edited` = the base changed. */
  action: 'opened' | 'updated' | 'reopened' | 'closed' | 'edited'
  project: ForgeProject
  number: number
  title: string
  author: string
  url: string | null
  base: { ref: string; sha: string | null }
  head: { cloneUrl: string; ref: string; sha: string }
  labels: string[]
  /** Order among the deliveries of one pull request; a larger one is newer. Null = order of receipt. */
  order: number | null
}

export interface PushEvent {
  kind: 'push'
  project: ForgeProject
  /** Branch or tag, without `refs/…/`. */
  ref: string
  refKind: 'branch' | 'tag'
  before: string | null
  /** Null when the ref was deleted. */
  after: string | null
  author: string
}

/** What a forge tells us, parsed: a delivery that concerns us. */
export type ForgeEvent = PullRequestEvent | PushEvent

/** What a delivery says: an event of ours, or why it is none. */
export type ReadDelivery =
  | { kind: 'event'; event: string; action: string | null; forgeEvent: ForgeEvent }
  | { kind: 'ping' }
  | { kind: 'unwanted'; event: string; action: string | null; reason: string }

/** A body that lacks what its own event needs; the text names the field. The sender gets it with 400. */
export class DeliveryError extends Error {
  override name = 'DeliveryError'
}
