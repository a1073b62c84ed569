import type { Fields } from '../../domain/fields.ts'
import type { ForgeProject, PullRequestEvent } from '../../domain/forge-event.ts'

/**
 * A pull request as GitHub describes it, in deliveries and in answers alike.
 *
 * @param pull           the object `pull_request`
 * @param installationId by which installation of the App it was told, where that is known
 * @throws {DeliveryError} naming the field that is missing or wrong
 */
export function readPullRequest(
  pull: Fields,
  action: PullRequestEvent['action'],
  installationId?: number,
): PullRequestEvent {
  const base = pull.object('base')
  const head = pull.object('head')
  const project = readProject(base.object('repo'), installationId)
  // a fork that was deleted leaves no repository behind
  const from = head.has('repo') ? head.object('repo') : undefined
  return {
    kind: 'pull_request',
    action,
    project,
    number: pull.integer('number'),
    title: pull.text('title'),
    author: pull.has('user') ? pull.object('user').text('login', 200) : 'ghost',
    url: pull.optionalPage('html_url'),
    base: { ref: base.ref('ref'), sha: base.sha('sha') },
    head: {
      cloneUrl: from ? from.text('clone_url') : project.cloneUrl,
      ref: head.ref('ref'),
      sha: head.sha('sha'),
      isFork: !from || isOther(from, base.object('repo')),
    },
    labels: pull.objects('labels').map((label) => label.text('name', 200)),
    order: pull.instant('updated_at'),
  }
}

/** A repository as GitHub describes it. Throws `DeliveryError` naming the field that is missing or wrong. */
export function readProject(repo: Fields, installationId?: number): ForgeProject {
  const page = repo.page('html_url')
  return {
    forge: page.hostname,
    namespace: repo.object('owner').text('login', 200),
    name: repo.text('name', 200),
    webUrl: page.href,
    cloneUrl: repo.text('clone_url'),
    isPrivate: repo.boolean('private'),
    ...(repo.has('id') && { repositoryId: repo.integer('id') }),
    ...(installationId !== undefined && { installationId }),
  }
}

/** By the ids, which outlive a new name; where one is missing, by the addresses. */
function isOther(head: Fields, base: Fields): boolean {
  if (head.has('id') && base.has('id')) return head.integer('id') !== base.integer('id')
  return head.text('clone_url') !== base.text('clone_url')
}
