import { NO_COMMIT } from './events.ts'
import { deleteRef, mergeCommits, readCommit, setRef } from './git.ts'
import type { Hub } from './hub.ts'
import { closePull } from './pulls.ts'
import { announcePush, tipOf } from './repositories.ts'
import type { PullRequest } from './things.ts'

/** What the merge queue wants checked. */
export interface MergeGroup {
  pr: PullRequest
  ref: string
  sha: string
  base: { ref: string; sha: string }
}

/** Puts a pull request into the merge queue: a group of its own, whose merge wants checks. */
export async function queueMerge(hub: Hub, pr: PullRequest): Promise<MergeGroup> {
  const { repository, pull, number } = pr
  const base = { ref: pull.base.ref, sha: await tipOf(repository, pull.base.ref) }
  const message = `Merge pull request #${number}`
  const sha = await mergeCommits(repository.dir, base.sha, pull.head.sha, { message, at: hub.state.now() })
  if (!sha) throw new Error(`pull request ${number} conflicts with ${base.ref}`)
  const ref = `refs/heads/gh-readonly-queue/${base.ref}/pr-${number}-${base.sha}`
  const group = { pr, ref, sha, base }
  await setRef(repository.dir, ref, sha)
  await announcePush(hub, repository, repository.owner, { ref, before: NO_COMMIT, after: sha })
  await tellOfGroup(hub, group, { action: 'checks_requested' })
  return group
}

/** Takes the group from the queue; `merged` moves the branch to it. */
export async function leaveQueue(
  hub: Hub,
  group: MergeGroup,
  reason: 'merged' | 'dequeued' | 'invalidated',
): Promise<void> {
  const { pr, ref, sha, base } = group
  const { repository, pull } = pr
  const owner = repository.owner
  await deleteRef(repository.dir, ref)
  await tellOfGroup(hub, group, { action: 'destroyed', reason })
  await announcePush(hub, repository, owner, { ref, before: sha, after: NO_COMMIT })
  if (reason !== 'merged') return
  await setRef(repository.dir, `refs/heads/${base.ref}`, sha)
  Object.assign(pull, { mergedAt: hub.state.now(), mergedBy: owner, merge: { state: 'clean', sha } })
  await announcePush(hub, repository, owner, { ref: `refs/heads/${base.ref}`, before: base.sha, after: sha })
  await closePull(hub, pr, owner)
}

async function tellOfGroup(hub: Hub, group: MergeGroup, more: Record<string, unknown>): Promise<void> {
  const { pr, ref, sha, base } = group
  const { tree, message, author, committer } = await readCommit(pr.repository.dir, sha)
  const head_commit = { id: sha, tree_id: tree, message, timestamp: author.date, author, committer }
  const merge_group = {
    head_sha: sha,
    head_ref: ref,
    base_ref: `refs/heads/${base.ref}`,
    base_sha: base.sha,
    head_commit,
  }
  await hub.events.ofRepository('merge_group', pr.repository, pr.repository.owner, { ...more, merge_group })
}
