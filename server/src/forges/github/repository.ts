import type { Fields } from '../../domain/fields.ts'
import type { ForgeProject } from '../../domain/forge-event.ts'

/** A repository as GitHub describes it, in deliveries and in answers alike. */
export function readRepository(repo: Fields, installationId?: number): ForgeProject {
  const page = repo.page('html_url')
  return {
    forge: page.hostname,
    namespace: repo.object('owner').text('login', 200),
    name: repo.text('name', 200),
    webUrl: page.href,
    cloneUrl: repo.text('clone_url'),
    isPrivate: repo.boolean('private'),
    ...(repo.has('id') ? { repositoryId: repo.integer('id') } : {}),
    ...(installationId === undefined ? {} : { installationId }),
  }
}

/** By which installation of the App a delivery came; webhooks of repositories name none. */
export function installationOf(body: Fields): number | undefined {
  return body.has('installation') ? body.object('installation').integer('id') : undefined
}
