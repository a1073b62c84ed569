// A forge in memory: it keeps what it is told, refuses what a real one refuses, and can be away.
import type { CheckOutput, CheckPhase } from '../src/domain/check.ts'
import { ForbiddenError, NotFoundError, UnavailableError } from '../src/domain/errors.ts'
import type { ForgeProject, PullRequestEvent } from '../src/domain/forge-event.ts'
import type { CommentPlace, Forge, ForgeLimit, ForgeRepository, Permission, ShownCheck } from '../src/forges/forge.ts'

interface StoredCheck {
  id: string
  name: string
  sha: string
  externalId: string
  phase: CheckPhase
  output: CheckOutput
  /** Each state it had, oldest first. */
  history: string[]
}

export type Operation = 'createCheck' | 'updateCheck' | 'findCheck' | 'setStatus' | 'addComment' | 'findComment'

/** What happens to a call. `lost` = it is done, and the answer never comes. */
type Fault = { kind: 'away'; afterMs: number } | { kind: 'lost' } | { kind: 'refused' } | { kind: 'gone' }

type Listed = ForgeProject & { installationId: number; account: string }

export class MemoryForge implements Forge {
  readonly source = 'github'
  readonly host: string
  repositories: Listed[] = []
  /** By `namespace/name`. */
  readonly pulls = new Map<string, PullRequestEvent[]>()
  /** What listing them throws, from the repository with this name on. */
  failsAt: string | undefined
  readonly checks: StoredCheck[] = []
  readonly statuses: { name: string; state: string; description: string }[] = []
  readonly comments: { place: CommentPlace; body: string }[] = []
  readonly reactions = new Set<string>()
  /** Every call, in order. */
  readonly calls: { operation: Operation | 'acknowledge'; about: string; at: number }[] = []
  /** What the next calls of a kind meet, one each. */
  readonly faults = new Map<Operation, Fault[]>()
  /** Kinds of calls that are never allowed. */
  readonly forbidden = new Set<Operation>()
  /** What has ended may go on: nobody promises that a forge refuses that. */
  reopens = false
  /** Calls wait for it, when a test holds them. */
  gate: Promise<void> | undefined

  constructor(host = 'localhost') {
    this.host = host
  }

  /** State of the check of each name that the forge shows: the newest. */
  shown(sha?: string): Record<string, string> {
    const ofSha = this.checks.filter((check) => sha === undefined || check.sha === sha)
    return Object.fromEntries(ofSha.map((check) => [check.name, wordOf(check.phase)]))
  }

  fail(operation: Operation, ...faults: Fault[]): void {
    this.faults.set(operation, [...(this.faults.get(operation) ?? []), ...faults])
  }

  async createCheck(_: ForgeRepository, check: ShownCheck): Promise<string> {
    return this.#call('createCheck', check.name, () => {
      const living = this.checks.find(
        (c) => c.name === check.name && c.sha === check.sha && c.phase.status !== 'completed',
      )
      if (living) throw new Error(`there is a living check ${check.name} already`)
      this.#refuseBad(check)
      const id = String(this.checks.length + 1)
      const { name, sha, externalId, phase, output } = check
      this.checks.push({ id, name, sha, externalId, phase, output, history: [wordOf(phase)] })
      return id
    })
  }

  async updateCheck(_: ForgeRepository, id: string, check: ShownCheck): Promise<void> {
    return this.#call('updateCheck', check.name, () => {
      const found = this.checks.find((c) => c.id === id)
      if (!found) throw new NotFoundError(`there is no check ${id}`)
      if (!this.reopens && found.phase.status === 'completed' && check.phase.status !== 'completed')
        throw new Error(`the check ${check.name} has ended and is not opened again`)
      this.#refuseBad(check)
      const annotations = [...found.output.annotations, ...check.output.annotations]
      Object.assign(found, { phase: check.phase, output: { ...check.output, annotations } })
      found.history.push(wordOf(check.phase))
    })
  }

  async findCheck(_: ForgeRepository, { name, sha, externalId }: ShownCheck): Promise<string | undefined> {
    const isIt = (c: StoredCheck) => c.name === name && c.sha === sha && c.externalId === externalId
    return this.#call('findCheck', name, () => this.checks.findLast(isIt)?.id)
  }

  async setStatus(_: ForgeRepository, { name, phase, output }: ShownCheck): Promise<void> {
    return this.#call('setStatus', name, () => {
      if (output.title.length > 140) throw new Error('a description has at most 140 characters')
      this.statuses.push({ name, state: wordOf(phase), description: output.title })
    })
  }

  async addComment(_: ForgeRepository, place: CommentPlace, body: string): Promise<string> {
    return this.#call('addComment', place.on, () => String(this.comments.push({ place, body })))
  }

  async findComment(_: ForgeRepository, place: CommentPlace, text: string): Promise<string | undefined> {
    return this.#call('findComment', place.on, () => {
      const index = this.comments.findIndex((comment) => comment.body.includes(text))
      return index < 0 ? undefined : String(index + 1)
    })
  }

  async acknowledge(_: ForgeRepository, __: CommentPlace, commentId: string): Promise<void> {
    this.calls.push({ operation: 'acknowledge', about: commentId, at: Date.now() })
    this.reactions.add(commentId)
  }

  async #call<T>(operation: Operation, about: string, work: () => T): Promise<T> {
    this.calls.push({ operation, about, at: Date.now() })
    await this.gate
    if (this.forbidden.has(operation)) throw new ForbiddenError(`the App may not ${operation} here`)
    const fault = this.faults.get(operation)?.shift()
    if (fault?.kind === 'away') throw new UnavailableError('GitHub wants to be left alone', fault.afterMs)
    if (fault?.kind === 'refused') throw new ForbiddenError(`the App may not ${operation} here`)
    if (fault?.kind === 'gone') throw new NotFoundError('the App is not installed there any more')
    const result = work()
    if (fault?.kind === 'lost') throw new UnavailableError('GitHub did not answer', 1)
    return result
  }

  #refuseBad({ output }: ShownCheck): void {
    if (output.title === '' || output.summary === '') throw new Error('title and summary are required')
    if (Buffer.byteLength(output.summary) > 65_535) throw new Error('the summary is too long')
    if (output.annotations.length > 50) throw new Error('at most 50 annotations')
  }

  async findPermission(): Promise<Permission> {
    return 'write'
  }
  async findPullRequest(): Promise<PullRequestEvent> {
    throw new NotFoundError('there is no pull request')
  }
  async *listOpenPullRequests({ namespace, name }: ForgeRepository): AsyncIterable<PullRequestEvent> {
    if (this.failsAt === name) throw new Error(`${name} makes it fall over`)
    yield* this.pulls.get(`${namespace}/${name}`) ?? []
  }
  async findTagCommit(): Promise<string> {
    throw new NotFoundError('there is no tag')
  }
  async isOnBranch(): Promise<boolean> {
    return true
  }
  async findRepository(): Promise<ForgeProject & { defaultBranch: string }> {
    throw new NotFoundError('there is no repository')
  }
  async *listRepositories(): AsyncIterable<Listed> {
    yield* this.repositories
  }
  async *listDeliveries(): AsyncIterable<never> {}
  async redeliver(): Promise<void> {}
  async fetchAuthorization(): Promise<string> {
    return 'Basic x'
  }
  limits(): ForgeLimit[] {
    return []
  }
}

function wordOf(phase: CheckPhase): string {
  return phase.status === 'completed' ? phase.conclusion : phase.status
}
