import type { Db } from './database.ts'
import { posts } from './schema.ts'

export type Post = typeof posts.$inferSelect

/** What is written on a forge besides checks: `number` on pull requests and issues, `sha` on commits. */
export type NewPost = Pick<
  typeof posts.$inferInsert,
  'key' | 'projectId' | 'place' | 'number' | 'sha' | 'kind' | 'commentId' | 'body'
>

/** Notes what is to be written. Gives its id, or `undefined` when its key is there already. */
export async function insertPost(tx: Db, post: NewPost): Promise<number | undefined> {
  const rows = await tx.insert(posts).values(post).onConflictDoNothing().returning({ id: posts.id })
  return rows[0]?.id
}
