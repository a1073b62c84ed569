import type { findEvent } from '../db/events.ts'
import type { ForgeProject, MergeGroupEvent, PullRequestEvent, PushEvent, ReleaseEvent } from '../domain/forge-event.ts'
import { isQueueBranch } from '../domain/merge-queue.ts'
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
  /** It comes from another repository than the one it is for; null where that is not known. */
  isFork: boolean | null
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
    isFork: head.isFork ?? null,
  }
}

/** What a head of a branch or tag has in common: it is in the project's own repository. */
function ownHead(project: ForgeProject, name: string, order: number) {
  return {
    project,
    name,
    order,
    number: null,
    title: null,
    url: null,
    action: 'push' as const,
    labels: [],
    before: null,
    baseSha: null,
    headUrl: project.cloneUrl,
    headRef: name,
    isFork: false,
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
    ...ownHead(project, ref, receipt),
    on: isTag ? 'release' : 'commit',
    triggerKind: isTag ? 'release' : 'branch_push',
    author,
    before,
    sha: after,
    baseRef: ref,
  }
}

/** @param sha  what the tag points at */
export function headOfRelease(
  { project, tag, title, author, url }: ReleaseEvent,
  sha: string,
  receipt: number,
): EventHead {
  const place = { on: 'release', triggerKind: 'release', sha, baseRef: tag } as const
  return { ...ownHead(project, tag, receipt), ...place, title, author, url }
}

/** A group of pull requests that may be merged together: their jobs run on what the branch would become. */
export function headOfMergeGroup({ project, ref, sha, base }: MergeGroupEvent, receipt: number): EventHead {
  return {
    ...ownHead(project, ref, receipt),
    on: 'pull_request',
    triggerKind: 'branch_push',
    author: '',
    sha,
    baseRef: base.ref,
    baseSha: base.sha,
  }
}

type FoundEvent = NonNullable<Awaited<ReturnType<typeof findEvent>>>

const ON = { pull_request: 'pull_request', branch_push: 'commit', release: 'release' } as const

/**
 * The head of an event that is stored, to be run again.
 *
 * @returns `undefined` when it is not known any more from where it is fetched (an import), or nothing can be built for it
 */
export function headOfEvent({ event, trigger, project }: FoundEvent): EventHead | undefined {
  const { kind, cloneUrl, number, name } = trigger
  if (!event.commitSha || !cloneUrl || !(kind === 'pull_request' || kind === 'branch_push' || kind === 'release'))
    return undefined
  const isGroup = kind === 'branch_push' && isQueueBranch(name ?? '')
  return {
    project: toForgeProject(project, cloneUrl),
    on: isGroup ? 'pull_request' : ON[kind],
    triggerKind: kind,
    number,
    name,
    labels: trigger.labels,
    isFork: trigger.isFork,
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

function toForgeProject(project: FoundEvent['project'], cloneUrl: string): ForgeProject {
  const { forge, namespace, name, url, isPrivate, repositoryId, installationId } = project
  return {
    forge,
    namespace,
    name,
    webUrl: url,
    cloneUrl,
    isPrivate,
    ...(repositoryId === null ? {} : { repositoryId }),
    ...(installationId === null ? {} : { installationId }),
  }
}
