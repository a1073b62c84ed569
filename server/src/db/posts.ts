import type { Db } from './database.ts'
import { posts } from './schema.ts'

/** What is written on a forge besides checks. */
export type NewPost = Pick<typeof posts.$inferInsert, 'key' | 'projectId' | 'place' | 'kind'> & {
  /** Of a pull request or issue; left out for commits. */
  number?: number
  /** Of a commit; left out for others. */
  sha?: string
  /** Markdown of a comment; empty for a reaction. */
  body?: string
  /** Of a reaction: the forge's id of the comment it is for. */
  commentId?: string
}

/** Notes what is to be written. Gives its id, or `undefined` when its key is there already. */
export async function insertPost(tx: Db, post: NewPost): Promise<number | undefined> {
  const rows = await tx.insert(posts).values(post).onConflictDoNothing().returning({ id: posts.id })
  return rows[0]?.id
}
