import type { Db } from '../db/database.ts'
import { insertPost, type NewPost } from '../db/posts.ts'
import type { Queue } from './queue.ts'

/**
 * Has a comment or reaction written on a forge, once for each key, whoever asks and however often.
 *
 * @returns false when it was asked for before
 */
export async function addPost(tx: Db, queue: Queue, post: NewPost): Promise<boolean> {
  const postId = await insertPost(tx, post)
  if (postId === undefined) return false
  await queue.add(tx, 'send-post', { postId })
  return true
}
