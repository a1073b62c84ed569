import { NotFoundError } from '../src/domain/errors.ts'
import type { ForgeProject, PullRequestEvent } from '../src/domain/forge-event.ts'
import type { Forge, ForgeRepository, PastDelivery } from '../src/forges/forge.ts'

type Listed = ForgeProject & { installationId: number; account: string }

/** A forge in memory, for stories that are not about what it shows: it lists what a test put there. */
export class MemoryForge implements Forge {
  readonly source = 'github'
  readonly host: string
  repositories: Listed[] = []
  /** By `namespace/name`. */
  pulls = new Map<string, PullRequestEvent[]>()
  tags = new Map<string, string>()
  deliveries: PastDelivery[] = []
  readonly redelivered: string[] = []
  /** What is asked throws, from the repository with this name on. */
  failsAt: string | undefined

  constructor(host = 'github.com') {
    this.host = host
  }

  async createCheck() {
    return '1'
  }
  async updateCheck() {}
  async findCheck() {
    return undefined
  }
  async setStatus() {}
  async addComment() {
    return '1'
  }
  async findComment() {
    return undefined
  }
  async acknowledge() {}
  async findPermission() {
    return 'write' as const
  }
  async findPullRequest(): Promise<PullRequestEvent> {
    throw new NotFoundError('no pull request')
  }
  async *listOpenPullRequests({ namespace, name }: ForgeRepository) {
    if (this.failsAt === name) throw new Error(`${name} makes it fall over`)
    yield* this.pulls.get(`${namespace}/${name}`) ?? []
  }
  async findTagCommit(_: ForgeRepository, tag: string) {
    const sha = this.tags.get(tag)
    if (!sha) throw new NotFoundError(`no tag ${tag}`)
    return sha
  }
  async isOnBranch() {
    return true
  }
  async findRepository(): Promise<never> {
    throw new NotFoundError('no repository')
  }
  async *listRepositories() {
    yield* this.repositories
  }
  async *listDeliveries(since: Date) {
    yield* this.deliveries.filter(({ deliveredAt }) => deliveredAt >= since)
  }
  async redeliver(id: string) {
    this.redelivered.push(id)
  }
  async fetchAuthorization() {
    return ''
  }
  limits() {
    return []
  }
}
