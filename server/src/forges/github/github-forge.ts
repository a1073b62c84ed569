import type { Forge } from '../forge.ts'
import { hostOfApi } from './app.ts'
import { createChecks } from './checks.ts'
import { Client, type ClientOptions } from './client.ts'
import { createComments } from './comments.ts'
import { createAppLists } from './deliveries.ts'
import { createReads } from './reads.ts'
import { RepositoryClient } from './repositories.ts'

/** A token that git is given is good for so long at least: a large repository takes its time. */
const FETCH_TOKEN_MS = 20 * 60_000

/**
 * GitHub, asked as an App. The App may be set up, or another be put in its place, while the service runs; without one
 * every function throws `UnavailableError`. What has to wait for a limit is not waited for here: it throws
 * `UnavailableError` with the time, so that its job waits and no worker does.
 */
export function createGithubForge(options: ClientOptions): Forge {
  const client = new Client(options)
  const repositories = new RepositoryClient(client)
  return {
    source: 'github',
    get host() {
      return hostOfApi(options.app()?.apiUrl ?? 'https://api.github.com')
    },
    ...createChecks(repositories),
    ...createComments(repositories),
    ...createReads(repositories),
    ...createAppLists(client),

    async fetchAuthorization(repository) {
      const token = await repositories.as(repository, 'fetchAuthorization', (id) =>
        client.token(id, { fetches: repository.name }, FETCH_TOKEN_MS),
      )
      return `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
    },

    limits: () => (options.app() ? client.budget.limits() : []),
  }
}
