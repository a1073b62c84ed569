import type { Db } from '../db/database.ts'
import { insertPost, type Post } from '../db/posts.ts'
import type { Queue } from './queue.ts'

export type NewPost = Pick<Post, 'key' | 'projectId' | 'place' | 'number' | 'sha' | 'kind' | 'commentId' | 'body'>

/** Has a comment or a reaction written on the forge; a key that was there before is written once. */
export async function addPost(tx: Db, queue: Queue, post: NewPost): Promise<void> {
  const postId = await insertPost(tx, post)
  if (postId !== undefined) await queue.add(tx, 'send-post', { postId })
}
