import type { Fields } from '../../domain/fields.ts'
import type { PullRequestEvent } from '../../domain/forge-event.ts'
import { readRepository } from './repository.ts'

/** A pull request as GitHub describes it, in deliveries and in answers alike. */
export function readPullRequestObject(
  pull: Fields,
  { action, installationId }: { action: PullRequestEvent['action']; installationId?: number | undefined },
): PullRequestEvent {
  const base = pull.object('base')
  const head = pull.object('head')
  const project = readRepository(base.object('repo'), installationId)
  return {
    kind: 'pull_request',
    action,
    project,
    number: pull.integer('number'),
    title: pull.text('title'),
    author: pull.object('user').text('login', 200),
    url: pull.optionalPage('html_url'),
    base: { ref: base.ref('ref'), sha: base.sha('sha') },
    head: {
      cloneUrl: head.has('repo') ? head.object('repo').text('clone_url') : project.cloneUrl,
      ref: head.ref('ref'),
      sha: head.sha('sha'),
      isFork: isFork(base, head),
    },
    labels: pull.objects('labels').map((label) => label.text('name', 200)),
    order: pull.instant('updated_at'),
  }
}

/** A repository that is gone was another one: that of the pull request is there. */
function isFork(base: Fields, head: Fields): boolean {
  if (!head.has('repo')) return true
  const from = head.object('repo')
  const to = base.object('repo')
  if (from.has('id') && to.has('id')) return from.integer('id') !== to.integer('id')
  return from.text('clone_url') !== to.text('clone_url')
}
