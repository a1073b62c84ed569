// Comments on the world's pull requests: a forge in memory that is asked about them, and their deliveries.
import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { Replacements } from '../src/cli/service.ts'
import { ConflictError, NotFoundError } from '../src/domain/errors.ts'
import type {
  CheckActionEvent,
  CommentEvent,
  ForgeProject,
  PullRequestEvent,
  RerunEvent,
} from '../src/domain/forge-event.ts'
import type { CommandTrust } from '../src/events/commands/trust.ts'
import type { Forge, ForgeInbox, Permission } from '../src/forges/forge.ts'
import type { TestRepository } from '../src/git/test-repository.ts'
import { storeDelivery } from '../src/webhooks/store-delivery.ts'
import { writeTogether } from '../src/webhooks/write-together.ts'
import type { DatabaseKind } from './database.ts'
import { createWorld, type PullRequest, type World } from './world.ts'

/** What the forge knows; a story changes it. */
export class ForgeState {
  readonly permissions: Record<string, Permission> = { ann: 'read', walter: 'write', mallory: 'read' }
  readonly pullRequests = new Map<number, PullRequestEvent>()
  readonly tags = new Map<string, string>()
  /** Commits of each branch. */
  readonly branches = new Map<string, string[]>()
  readonly asked: string[] = []
  defaultBranch = 'main'
  /** Thrown by every question. */
  failure: Error | undefined
}

/** A forge that answers what commands ask, from its state; it is written to by nobody. */
function memoryForge(state: ForgeState): Forge {
  const answer = async <T>(question: string, found: T | undefined): Promise<T> => {
    state.asked.push(question)
    if (state.failure) throw state.failure
    if (found === undefined) throw new NotFoundError(`${question}: there is none`)
    return found
  }
  const never = (): never => {
    throw new Error('commands ask no such thing')
  }
  return {
    source: 'github',
    host: 'localhost',
    findPermission: (_, login) => answer(`permission of ${login}`, state.permissions[login]),
    findPullRequest: (_, number) => answer(`pull request ${number}`, state.pullRequests.get(number)),
    findTagCommit: (_, tag) => answer(`tag ${tag}`, state.tags.get(tag)),
    isOnBranch: (_, branch, sha) => answer(`branch ${branch}`, state.branches.get(branch)?.includes(sha)),
    findRepository: ({ namespace, name }) =>
      answer('repository', { ...projectAt(`/${name}`, namespace), defaultBranch: state.defaultBranch }),
    createCheck: never,
    updateCheck: never,
    findCheck: never,
    setStatus: never,
    addComment: never,
    findComment: never,
    acknowledge: never,
    listOpenPullRequests: never,
    listRepositories: never,
    listDeliveries: never,
    redeliver: never,
    fetchAuthorization: never,
    limits: () => [],
  }
}

function projectAt(path: string, namespace = 'acme'): ForgeProject {
  const name = basename(path)
  return { forge: 'localhost', namespace, name, webUrl: `file://${path}`, cloneUrl: path, isPrivate: false }
}

/** Deliveries whose body is the event itself. */
const inbox: ForgeInbox = {
  source: 'gitlab',
  accepted: 'accepted',
  verify: async () => ({ ok: true }),
  deliveryId: () => randomUUID(),
  read: (_, body) => {
    const forgeEvent = body as CommentEvent | CheckActionEvent | RerunEvent
    return { kind: 'event', event: forgeEvent.kind, action: null, forgeEvent }
  },
}

/** Trust as a story sets it; leave has what waited built. */
export class TrustState implements CommandTrust {
  project: 'allowed' | 'waiting' | 'denied' = 'allowed'
  readonly waiting = new Set<number>()
  readonly approved: string[] = []
  /** Why leave can't be given. */
  refusal: string | undefined
  world: World | undefined

  async findProjectStatus() {
    return { kind: this.project, path: 'localhost' } as const
  }
  async findApproval(_: unknown, eventId: number) {
    return this.waiting.has(eventId) ? ('waits' as const) : ('not-needed' as const)
  }
  async approve(tx: Parameters<CommandTrust['approve']>[0], { eventId, actor }: { eventId: number; actor: string }) {
    if (this.refusal !== undefined) throw new ConflictError(this.refusal)
    this.waiting.delete(eventId)
    this.approved.push(`${eventId} by ${actor}`)
    await this.world?.service.queue.add(tx, 'run-event', { eventId, attempt: 2, cause: 'command' })
    return 2
  }
}

export interface CommentOptions {
  author?: string
  action?: 'created' | 'edited'
  id?: string
  /** The id of the delivery. */
  delivery?: string
}

/** A world in which people write comments. */
export class CommentsWorld {
  readonly world: World
  readonly forge: ForgeState
  readonly trust: TrustState
  #count = 0

  constructor(world: World, forge: ForgeState, trust: TrustState) {
    this.world = world
    this.forge = forge
    this.trust = trust
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]()
  }

  /** Stores the delivery of a comment; `undefined` when it was there before. */
  async send(
    repository: TestRepository,
    where: Pick<CommentEvent, 'on' | 'number' | 'sha'>,
    body: string,
    { author = 'walter', action = 'created', id, delivery = randomUUID() }: CommentOptions = {},
  ): Promise<number | undefined> {
    this.#count += 1
    const project = projectAt(repository.path)
    const commentId = id ?? String(this.#count)
    const forgeEvent: CommentEvent = { kind: 'comment', action, project, ...where, commentId, body, author, url: null }
    const read = { kind: 'event' as const, event: 'comment', action, forgeEvent }
    const incoming = {
      source: 'gitlab',
      deliveryId: delivery,
      headers: {},
      body: Buffer.from(JSON.stringify(forgeEvent)),
      read,
    }
    return storeDelivery(incoming, this.#stores())
  }

  #stores() {
    return { storage: this.world.service.storage, write: writeTogether(this.world.service) }
  }

  /** Clicks a button of a check of an event. */
  async press(pr: PullRequest, eventId: number, actor: string, button = 'approve'): Promise<void> {
    const project = projectAt(pr.repository.path)
    await this.#tell({ kind: 'check_action', button, project, sha: pr.head.sha, eventId, actor })
  }

  /** Asks the forge to run a check of an event again. */
  async rerun(pr: PullRequest, eventId: number, check: string | null, actor = 'walter'): Promise<void> {
    await this.#tell({ kind: 'rerun', project: projectAt(pr.repository.path), sha: pr.head.sha, check, eventId, actor })
  }

  async #tell(forgeEvent: CheckActionEvent | RerunEvent): Promise<void> {
    const read = { kind: 'event' as const, event: forgeEvent.kind, action: null, forgeEvent }
    const body = Buffer.from(JSON.stringify(forgeEvent))
    await storeDelivery({ source: 'gitlab', deliveryId: randomUUID(), headers: {}, body, read }, this.#stores())
    await this.world.settle()
  }

  /** Writes a comment on a pull request, and waits for what comes of it. */
  async comment(pr: PullRequest, body: string, options: CommentOptions = {}): Promise<void> {
    await this.send(pr.repository, { on: 'pull_request', number: pr.number, sha: null }, body, options)
    await this.world.settle()
  }

  async commentCommit(repository: TestRepository, sha: string, body: string, options: CommentOptions = {}) {
    await this.send(repository, { on: 'commit', number: null, sha }, body, options)
    await this.world.settle()
  }

  /** What is to be posted, oldest first: the text of comments, `👀 <comment>` for reactions. */
  async posts(): Promise<string[]> {
    const rows = await this.world.service.database.db.query.posts.findMany({ orderBy: (row, { asc }) => asc(row.id) })
    return rows.map(({ kind, body, commentId }) => (kind === 'reaction' ? `👀 ${commentId}` : body))
  }

  /** The rows of comments that held commands: `<verdict> <reason>`. */
  async verdicts(): Promise<string[]> {
    const rows = await this.world.service.database.db.query.commands.findMany({
      orderBy: (row, { asc }) => asc(row.id),
    })
    return rows.map(({ verdict, reason }) => `${verdict} ${reason}`)
  }

  /** Each pipeline: `<attempt> <cause> <identifier> <state>: <chroots>`. */
  async pipelines(): Promise<string[]> {
    const { pipelines, buildTargets } = this.world.service.database.db.query
    const rows = await pipelines.findMany({ orderBy: (row, { asc }) => asc(row.id) })
    const targets = await buildTargets.findMany({ orderBy: (row, { asc }) => asc(row.id) })
    return rows.map(({ attempt, cause, identifier, state, buildGroupId }) => {
      const of = targets.filter((target) => target.groupId === buildGroupId && buildGroupId !== null)
      return `${[attempt, cause, identifier, state].filter(Boolean).join(' ')}: ${of.map(({ target }) => target?.split('-')[0]).join(' ')}`
    })
  }

  /** The newest decision about a delivery. */
  async decision(): Promise<string> {
    const [row] = await this.world.service.database.db.query.deliveries.findMany({
      orderBy: (row, { desc }) => desc(row.id),
      limit: 1,
    })
    return `${row?.decision}: ${row?.reasons.join('; ')}`
  }
}

export async function createCommentsWorld(
  options: { database?: DatabaseKind; env?: Record<string, string>; replace?: Replacements; chroots?: string[] } = {},
) {
  const state = new ForgeState()
  const trust = new TrustState()
  const forge = memoryForge(state)
  const findForge = (host: string) => (host === 'localhost' ? forge : undefined)
  const replace = { trust, findForge, ...options.replace }
  const world = await createWorld({ allowed: ['localhost'], ...options, replace })
  trust.world = world
  const { inboxes } = world.service
  inboxes.splice(
    inboxes.findIndex(({ source }) => source === 'gitlab'),
    1,
    inbox,
  )
  return new CommentsWorld(world, state, trust)
}
