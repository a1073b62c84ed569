import type { findEvent } from '../db/events.ts'
import type { ForgeProject, PullRequestEvent, PushEvent } from '../domain/forge-event.ts'
import type { Head } from './decide-attempt.ts'

/** A head that may get a run: one commit of a pull request, a branch or a release. */
export interface EventHead extends Head {
  project: ForgeProject
  on: 'pull_request' | 'commit' | 'release'
  triggerKind: 'pull_request' | 'branch_push' | 'release'
  /** Number of a pull request; null for others. */
  number: number | null
  /** Branch or tag; null for pull requests. */
  name: string | null
  title: string | null
  author: string
  url: string | null
  headUrl: string
  headRef: string
  /** What the payload said of the base; null when it must be looked up. */
  baseSha: string | null
  labels: string[]
}

export function headOfPullRequest(event: PullRequestEvent, receipt: number): EventHead {
  const { project, number, title, author, url, base, head, action, labels } = event
  return {
    project,
    number,
    title,
    author,
    url,
    action,
    labels,
    on: 'pull_request',
    triggerKind: 'pull_request',
    name: null,
    sha: head.sha,
    before: null,
    baseRef: base.ref,
    baseSha: base.sha,
    order: event.order ?? receipt,
    ...whereHeadIs(event),
  }
}

/**
 * Where the head of a pull request is fetched from. A fork of a private repository is private too, and what lets the
 * repository be fetched is not good for it; GitHub keeps the heads of pull requests in the repository as well.
 */
function whereHeadIs({ project, number, head }: PullRequestEvent): { headUrl: string; headRef: string } {
  return project.isPrivate && head.isFork && project.installationId !== undefined
    ? { headUrl: project.cloneUrl, headRef: `refs/pull/${number}/head` }
    : { headUrl: head.cloneUrl, headRef: head.ref }
}

/** @returns the head, or why a push has none */
export function headOfPush(event: PushEvent, receipt: number): EventHead | string {
  const { project, ref, refKind, before, after, author } = event
  if (after === null) return `${refKind} ${ref} was deleted`
  const isTag = refKind === 'tag'
  return {
    project,
    author,
    before,
    on: isTag ? 'release' : 'commit',
    triggerKind: isTag ? 'release' : 'branch_push',
    number: null,
    name: ref,
    title: null,
    url: null,
    action: 'push',
    labels: [],
    sha: after,
    baseRef: ref,
    baseSha: null,
    order: receipt,
    headUrl: project.cloneUrl,
    headRef: ref,
  }
}

const ON = { pull_request: 'pull_request', branch_push: 'commit', release: 'release' } as const

/**
 * The head of an event that is stored, to be run again.
 *
 * @returns `undefined` when it is not known any more from where it is fetched (an import), or nothing can be built for it
 */
export function headOfEvent(
  { event, trigger, project }: NonNullable<Awaited<ReturnType<typeof findEvent>>>,
  labels: string[],
): EventHead | undefined {
  const { kind, cloneUrl, number, name } = trigger
  if (!event.commitSha || !cloneUrl || !(kind === 'pull_request' || kind === 'branch_push' || kind === 'release'))
    return undefined
  const { forge, namespace, name: repo, url, isPrivate } = project
  return {
    project: { forge, namespace, name: repo, webUrl: url, cloneUrl, isPrivate },
    on: ON[kind],
    triggerKind: kind,
    number,
    name,
    labels,
    title: trigger.title,
    author: trigger.author ?? '',
    url: trigger.url,
    action: kind === 'pull_request' ? 'updated' : 'push',
    sha: event.commitSha,
    before: event.beforeSha,
    baseRef: trigger.baseRef ?? name ?? '',
    baseSha: event.baseSha,
    order: event.orderKey,
    headUrl: trigger.headRepo ?? cloneUrl,
    headRef: trigger.headRef ?? name ?? '',
  }
}
