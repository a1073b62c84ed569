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
  /** The forge's own id of the repository, which outlives a new name; left out where there is none. */
  repositoryId?: number
  /** By which installation of the App the forge told of it. */
  installationId?: number
}

export interface PullRequestEvent {
  kind: 'pull_request'
  /** `updated` = new commits; `edited` = the base changed; `ready` = no draft any more; `labeled` = other labels. */
  action: 'opened' | 'updated' | 'reopened' | 'closed' | 'edited' | 'ready' | 'labeled'
  project: ForgeProject
  number: number
  title: string
  author: string
  url: string | null
  base: { ref: string; sha: string | null }
  head: {
    cloneUrl: string
    ref: string
    sha: string
    /** The repository it comes from is another than the one it is for; left out where the forge knows no forks. */
    isFork?: boolean
  }
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

/** A release was published. Its commit is what its tag points at. */
export interface ReleaseEvent {
  kind: 'release'
  project: ForgeProject
  tag: string
  title: string
  author: string
  url: string | null
}

/** The merge queue asks whether a group of pull requests may be merged, or doesn't ask any more. */
export interface MergeGroupEvent {
  kind: 'merge_group'
  action: 'asked' | 'ended'
  project: ForgeProject
  /** Branch of the group, without `refs/heads/`. */
  ref: string
  sha: string
  base: { ref: string; sha: string }
}

/** Somebody wrote, or changed, a comment. */
export interface CommentEvent {
  kind: 'comment'
  action: 'created' | 'edited'
  project: ForgeProject
  on: 'pull_request' | 'issue' | 'commit'
  /** Number of the pull request or issue; null for commits. */
  number: number | null
  /** The commit that was commented on; null for others. */
  sha: string | null
  /** The forge's id of the comment. */
  commentId: string
  body: string
  author: string
  url: string | null
}

/** Somebody wants a check, or all checks of a commit, to be run again. */
export interface RerunEvent {
  kind: 'rerun'
  project: ForgeProject
  sha: string
  /** Name of the check; null = all of them. */
  check: string | null
  /** Our event, as the check's `external_id` says; null where it says none. */
  eventId: number | null
  actor: string
}

/** Somebody clicked a button of a check. */
export interface CheckActionEvent {
  kind: 'check_action'
  /** The word of the button. */
  button: string
  project: ForgeProject
  sha: string
  eventId: number | null
  actor: string
}

/** The App was installed, removed or given other repositories. */
export interface InstallationEvent {
  kind: 'installation'
  action: 'created' | 'deleted' | 'suspended' | 'unsuspended' | 'repositories'
  forge: string
  installationId: number
  account: { id: number; login: string; type: string; url: string | null }
  sender: { id: number; login: string }
  /** Given to the App now, and taken from it. */
  added: readonly RepositoryName[]
  removed: readonly RepositoryName[]
}

export interface RepositoryName {
  repositoryId: number
  namespace: string
  name: string
  isPrivate: boolean
}

/** A repository, or the account that owns it, is called otherwise now, or is gone. */
export interface RenameEvent {
  kind: 'rename'
  action: 'renamed' | 'transferred' | 'deleted' | 'visibility'
  forge: string
  /** How it is called now; undefined when an account was renamed, with all it owns. */
  project?: ForgeProject
  /** The account's former and present name; undefined when it was a repository. */
  account?: { from: string; to: string }
}

/** What a forge tells us, parsed: a delivery that concerns us. */
export type ForgeEvent =
  | PullRequestEvent
  | PushEvent
  | ReleaseEvent
  | MergeGroupEvent
  | CommentEvent
  | RerunEvent
  | CheckActionEvent
  | InstallationEvent
  | RenameEvent

/** What a delivery says: an event of ours, or why it is none. */
export type ReadDelivery =
  | { kind: 'event'; event: string; action: string | null; forgeEvent: ForgeEvent }
  | { kind: 'ping' }
  | { kind: 'unwanted'; event: string; action: string | null; reason: string }

/** A body that lacks what its own event needs; the text names the field. The sender gets it with 400. */
export class DeliveryError extends Error {
  override name = 'DeliveryError'
}
