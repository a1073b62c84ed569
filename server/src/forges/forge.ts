import type { CheckOutput, CheckPhase } from '../domain/check.ts'
import type { ForgeProject, PullRequestEvent, ReadDelivery } from '../domain/forge-event.ts'

/** What a delivery's headers tell, before its body is read. */
export interface DeliveryHeaders {
  [name: string]: string | string[] | undefined
}

export type Verified = { ok: true } | { ok: false; answer: string }

/** What we need of a forge's deliveries; each endpoint under `/api/webhooks/` is served by one. */
export interface ForgeInbox {
  readonly source: 'github' | 'git' | 'gitlab' | 'forgejo'
  /** The answer to a delivery that was accepted. */
  readonly accepted: string
  /** Whether the signature is right, in constant time. Nothing of the body is believed before. */
  verify(headers: DeliveryHeaders, body: Buffer): Promise<Verified>
  /** The id that makes a delivery count once. Throws `DeliveryError` when it is missing. */
  deliveryId(headers: DeliveryHeaders): string
  /** What the delivery says. Throws `DeliveryError` naming a field that its own event needs. */
  read(headers: DeliveryHeaders, body: unknown): ReadDelivery
}

/** The text of a header, `undefined` when it is missing or sent twice. */
export function header(headers: DeliveryHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A repository as a forge is asked about it. */
export interface ForgeRepository {
  namespace: string
  name: string
  /** By which installation of the App; looked up when it is not known. */
  installationId: number | null
}

/** A check as the forge shall show it. */
export interface ShownCheck {
  name: string
  sha: string
  /** Our event: comes back when somebody wants the check to be run again. */
  externalId: string
  phase: CheckPhase
  output: CheckOutput
  url: string | null
  startedAt: Date | null
  endedAt: Date | null
  /**
   * Written even when few requests are left. Left out: a check that is made and one that is completed are urgent, what
   * lies between waits.
   */
  isUrgent?: boolean
}

/** What a comment is written on. */
export type CommentPlace = { on: 'pull_request' | 'issue'; number: number } | { on: 'commit'; sha: string }

export type Permission = 'admin' | 'write' | 'read' | 'none'

/** How much a forge lets us ask, as it said with its last answer. */
export interface ForgeLimit {
  /** Account the installation belongs to, or its id. */
  whose: string
  limit: number
  remaining: number
  resetAt: Date
  /** Nothing may be asked before; null = now. */
  blockedUntil: Date | null
  reason: string | null
}

/** A delivery as the forge remembers it. */
export interface PastDelivery {
  /** To have it sent again: a number that may be too large for one in JavaScript. */
  id: string
  /** What makes it count once: the same when it is sent again. */
  deliveryId: string
  event: string
  deliveredAt: Date
  /** Whether we answered with success. */
  ok: boolean
}

/**
 * A forge as far as we ask it and write to it.
 *
 * Every function throws `UnavailableError` when the forge is away, slow or wants to be left alone for a time,
 * `NotFoundError` for what isn't there (any more), and `ForbiddenError` where we may not.
 */
export interface Forge {
  readonly source: 'github'
  /** Host of its projects, e.g. `github.com`. */
  readonly host: string

  /** Makes a check and gives its id. */
  createCheck(repository: ForgeRepository, check: ShownCheck): Promise<string>
  /** Brings a check to what is to be seen now. */
  updateCheck(repository: ForgeRepository, id: string, check: ShownCheck): Promise<void>
  /** The newest check of ours with this name and `externalId`; for when the answer to its making got lost. */
  findCheck(
    repository: ForgeRepository,
    check: Pick<ShownCheck, 'name' | 'sha' | 'externalId'>,
  ): Promise<string | undefined>
  /** Where checks are not to be had. */
  setStatus(repository: ForgeRepository, check: ShownCheck): Promise<void>

  /** Writes a comment and gives its id. */
  addComment(repository: ForgeRepository, place: CommentPlace, body: string): Promise<string>
  /** A comment of ours that holds this text; for when the answer to its writing got lost. */
  findComment(repository: ForgeRepository, place: CommentPlace, text: string): Promise<string | undefined>
  /** Adds 👀 to a comment; a repeat changes nothing. */
  acknowledge(repository: ForgeRepository, place: CommentPlace, commentId: string): Promise<void>

  findPermission(repository: ForgeRepository, login: string): Promise<Permission>
  /** A pull request as it stands; its action is `opened`, or `closed`. */
  findPullRequest(repository: ForgeRepository, number: number): Promise<PullRequestEvent>
  listOpenPullRequests(repository: ForgeRepository): AsyncIterable<PullRequestEvent>
  /** The commit that a tag points at. */
  findTagCommit(repository: ForgeRepository, tag: string): Promise<string>
  /** Whether a commit is part of a branch. */
  isOnBranch(repository: ForgeRepository, branch: string, sha: string): Promise<boolean>
  findRepository(repository: ForgeRepository): Promise<ForgeProject & { defaultBranch: string }>

  /** Repositories of each installation that is not suspended. */
  listRepositories(): AsyncIterable<ForgeProject & { installationId: number; account: string }>
  /** Deliveries that were sent since, newest first. */
  listDeliveries(since: Date): AsyncIterable<PastDelivery>
  /** Has a delivery sent again. */
  redeliver(id: string): Promise<void>

  /** For git: value of the header `Authorization` that lets it fetch; good for some minutes at least. */
  fetchAuthorization(repository: ForgeRepository): Promise<string>
  limits(): ForgeLimit[]
}

/** The forges that are set up; `undefined` for a host of which none is. */
export type FindForge = (host: string) => Forge | undefined
