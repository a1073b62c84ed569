import type { Db } from './database.ts'
import { posts } from './schema.ts'

export type Post = typeof posts.$inferSelect

/** Writes down what is to be posted; `undefined`, and nothing written, when its key is there already. */
export async function insertPost(tx: Db, post: typeof posts.$inferInsert): Promise<number | undefined> {
  const rows = await tx.insert(posts).values(post).onConflictDoNothing().returning({ id: posts.id })
  return rows[0]?.id
}
