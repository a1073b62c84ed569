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
    headUrl: head.cloneUrl,
    headRef: head.ref,
  }
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
