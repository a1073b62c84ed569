import { NotFoundError } from '../../domain/errors.ts'
import type { ForgeRepository } from '../forge.ts'
import { type Answer, type Call, type Client, readAnswer } from './client.ts'
import { InstallationGoneError } from './errors.ts'

const MOST_KNOWN = 5_000

/** Asks as the installation that a repository belongs to, which is looked up where nobody named it. */
export class RepositoryClient {
  readonly client: Client
  /** By App, namespace and name. */
  readonly #known = new Map<string, number>()

  constructor(client: Client) {
    this.client = client
  }

  /** @throws as `Forge` says */
  async ask(repository: ForgeRepository, call: Call): Promise<Answer> {
    return this.as(repository, call.operation, (id) => this.client.ask(id, ofRepository(repository, call)))
  }

  /** Each page of a list. */
  async *pages(repository: ForgeRepository, call: Call): AsyncIterable<unknown> {
    const id = await this.findInstallation(repository, call.operation)
    yield* this.client.pages(id, ofRepository(repository, call))
  }

  /** By which installation a repository is asked about; one that is known to be gone is not given. */
  async findInstallation(repository: ForgeRepository, operation: string): Promise<number> {
    return this.as(repository, operation, async (id) => {
      await this.client.token(id, {}, 0)
      return id
    })
  }

  /** Does something as the installation of a repository; where that one is gone, as the one that is there now. */
  async as<T>(repository: ForgeRepository, operation: string, work: (id: number) => Promise<T>): Promise<T> {
    const key = this.#keyOf(repository)
    const known = this.#known.get(key) ?? repository.installationId
    if (known !== null) {
      this.client.budget.name(known, repository.namespace)
      try {
        return await work(known)
      } catch (error) {
        if (error instanceof NotFoundError) this.#known.delete(key)
        if (!(error instanceof InstallationGoneError)) throw error
      }
    }
    const found = await this.#find(repository, operation)
    this.#remember(key, found)
    return await work(found)
  }

  async #find(repository: ForgeRepository, operation: string): Promise<number> {
    const call = {
      operation: `${operation}:installation`,
      what: `the installation of the App for ${nameOf(repository)}`,
      route: 'GET /repos/{owner}/{repo}/installation',
    }
    const { data } = await this.client.ask('app', ofRepository(repository, call))
    const { id, login } = readAnswer(data, (fields) => ({
      id: fields.integer('id'),
      login: fields.has('account') ? fields.object('account').optionalText('login') : null,
    }))
    this.client.budget.name(id, login ?? repository.namespace)
    return id
  }

  #remember(key: string, id: number): void {
    this.#known.delete(key)
    this.#known.set(key, id)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_KNOWN) return
      this.#known.delete(oldest)
    }
  }

  #keyOf({ namespace, name }: ForgeRepository): string {
    return `${this.client.app.appId} ${namespace}/${name}`.toLowerCase()
  }
}

export function nameOf({ namespace, name }: ForgeRepository): string {
  return `${namespace}/${name}`
}

function ofRepository({ namespace, name }: ForgeRepository, call: Call): Call {
  return { ...call, parameters: { owner: namespace, repo: name, ...call.parameters } }
}
