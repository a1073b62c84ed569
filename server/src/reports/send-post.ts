import { createHash } from 'node:crypto'
import { claimPost, findPost, type Post, releasePost, settlePost } from '../db/posts.ts'
import { ForbiddenError, NotFoundError } from '../domain/errors.ts'
import type { CommentPlace, Forge, ForgeRepository } from '../forges/forge.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { ReportDeps } from './deps.ts'

/**
 * Writes a comment or reaction on its forge, once. A comment carries a mark that nobody sees, by which it is found again
 * when the answer to its writing got lost.
 */
export async function sendPost({ postId }: Jobs['send-post'], deps: ReportDeps): Promise<void> {
  const { db } = deps.database
  const found = await findPost(db, postId)
  if (found?.post.state !== 'waiting') return
  const { post, project } = found
  if (deps.isShadow) return settlePost(db, postId, { state: 'shadow', reason: 'shadow mode: nothing is posted' })
  const forge = deps.findForge(project.forge)
  if (!forge) return settlePost(db, postId, { state: 'refused', reason: `nothing is set up for ${project.forge}` })
  const now = deps.now()
  if (!(await claimPost(db, post, now, new Date(now.getTime() + deps.timing.claimMs)))) return lookLater(post, deps)
  try {
    const { namespace, name, installationId } = project
    const forgeId = await write(forge, { namespace, name, installationId }, post)
    await settlePost(db, postId, { state: 'written', ...(forgeId === undefined ? {} : { forgeId }) })
  } catch (error) {
    if (error instanceof ForbiddenError || error instanceof NotFoundError)
      return settlePost(db, postId, { state: 'refused', reason: error.message })
    // whether it was written is not known: the next try looks for it first
    await releasePost(db, postId)
    throw error
  }
}

/** What was tried for too long is not written any more; the row says why. */
export async function giveUpPost({ postId }: Jobs['send-post'], reason: string, deps: ReportDeps): Promise<void> {
  await settlePost(deps.database.db, postId, { state: 'refused', reason })
}

async function write(forge: Forge, repository: ForgeRepository, post: Post): Promise<string | undefined> {
  const place = placeOf(post)
  if (post.kind === 'reaction' && (await react(forge, repository, post))) return undefined
  const mark = markOf(post.key)
  const there = post.tries > 0 ? await forge.findComment(repository, place, mark) : undefined
  return there ?? forge.addComment(repository, place, `${withoutMarks(post.body)}\n\n${mark}`)
}

/** @returns false where the forge does not let us, and there is a text that tells the same */
async function react(forge: Forge, repository: ForgeRepository, post: Post): Promise<boolean> {
  try {
    await forge.acknowledge(repository, placeOf(post), post.commentId ?? '')
    return true
  } catch (error) {
    // GitHub asks for leave to change the repository before it lets anybody react to a comment on a commit
    if (error instanceof ForbiddenError && post.body !== '') return false
    throw error
  }
}

/** What a comment of ours is found by. */
export function markOf(key: string): string {
  return `<!-- packit:${createHash('sha256').update(key).digest('hex').slice(0, 32)} -->`
}

/** A text that a configuration wrote must not pass for another comment of ours. */
function withoutMarks(body: string): string {
  return body.replaceAll('<!-- packit:', '<!-- ')
}

function placeOf({ place, number, sha }: Post): CommentPlace {
  return place === 'commit' ? { on: 'commit', sha: sha ?? '' } : { on: place, number: number ?? 0 }
}

/** Another worker is at it; should it have died, this finds what it left behind. */
async function lookLater({ id }: Post, { database, queue, timing }: ReportDeps): Promise<void> {
  await queue.add(database.db, 'send-post', { postId: id }, { afterMs: timing.claimMs })
}
