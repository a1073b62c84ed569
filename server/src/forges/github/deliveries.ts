import { ForbiddenError, NotFoundError } from '../../domain/errors.ts'
import type { Forge, PastDelivery } from '../forge.ts'
import { type Client, readAnswer } from './client.ts'
import { readProject } from './pull-request.ts'
import { readOrSkip } from './reads.ts'

type AppLists = Pick<Forge, 'listRepositories' | 'listDeliveries' | 'redeliver'>

/** What is asked as the App itself, beyond one repository. */
export function createAppLists(client: Client): AppLists {
  return {
    async *listRepositories() {
      for await (const { id, account } of listInstallations(client)) {
        client.budget.name(id, account)
        try {
          yield* listInstallationRepositories(client, id, account)
        } catch (error) {
          // removed or suspended since the list was made
          if (!(error instanceof NotFoundError || error instanceof ForbiddenError)) throw error
          client.warn(`repositories of ${account} are left out: ${error.message}`)
        }
      }
    },

    async *listDeliveries(since) {
      const pages = client.pages('app', {
        operation: 'listDeliveries',
        what: 'the deliveries of the App',
        route: 'GET /app/hook/deliveries',
      })
      for await (const page of pages) {
        for (const delivery of readDeliveries(page)) {
          if (delivery.deliveredAt < since) return
          yield delivery
        }
      }
    },

    async redeliver(id) {
      await client.ask('app', {
        operation: 'redeliver',
        what: `the delivery ${id}`,
        route: 'POST /app/hook/deliveries/{delivery_id}/attempts',
        parameters: { delivery_id: id },
      })
    },
  }
}

/** Those that are not suspended. */
async function* listInstallations(client: Client): AsyncIterable<{ id: number; account: string }> {
  const pages = client.pages('app', {
    operation: 'listRepositories:installations',
    what: 'the installations of the App',
    route: 'GET /app/installations',
  })
  for await (const page of pages) {
    const installations = readAnswer({ installations: page }, (fields) =>
      fields.objects('installations').map((installation) => ({
        id: installation.integer('id'),
        account: installation.has('account') ? (installation.object('account').optionalText('login') ?? '') : '',
        isSuspended: installation.has('suspended_at'),
      })),
    )
    yield* installations.filter(({ isSuspended }) => !isSuspended)
  }
}

async function* listInstallationRepositories(client: Client, id: number, account: string) {
  const pages = client.pages(id, {
    operation: 'listRepositories',
    what: `the repositories of ${account}`,
    route: 'GET /installation/repositories',
  })
  for await (const page of pages) {
    for (const repository of readAnswer(page, (fields) => fields.objects('repositories'))) {
      const project = readOrSkip(
        () => readProject(repository, id),
        (why) => client.warn(why),
      )
      if (project) yield { ...project, installationId: id, account }
    }
  }
}

function readDeliveries(page: unknown): PastDelivery[] {
  const ids = Array.isArray(page) ? page.map((entry) => String(entry?.id)) : []
  return readAnswer({ deliveries: page }, (fields) =>
    fields.objects('deliveries').map((delivery, i) => {
      const status = delivery.has('status_code') ? delivery.integer('status_code') : 0
      return {
        // as a text: octokit gives a BigInt where it is too large for a number
        id: ids[i] ?? '',
        deliveryId: delivery.text('guid'),
        event: delivery.text('event'),
        deliveredAt: new Date(delivery.instant('delivered_at')),
        ok: status >= 200 && status < 300,
      }
    }),
  )
}
