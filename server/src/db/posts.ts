import { and, desc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import type { Project } from './projects.ts'
import { posts, projects } from './schema.ts'

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

/** A post with the project it is written in. */
export async function findPost(db: Db, id: number): Promise<{ post: Post; project: Project } | undefined> {
  const rows = await db
    .select({ post: posts, project: projects })
    .from(posts)
    .innerJoin(projects, eq(projects.id, posts.projectId))
    .where(eq(posts.id, id))
  return rows[0]
}

/** The comment that was last wanted at a place, whatever became of it. */
export async function findLastComment(
  db: Db,
  { projectId, place, number, sha }: Pick<NewPost, 'projectId' | 'place' | 'number' | 'sha'>,
): Promise<string | undefined> {
  const at = number == null ? eq(posts.sha, sha ?? '') : eq(posts.number, number)
  const rows = await db
    .select({ body: posts.body })
    .from(posts)
    .where(and(eq(posts.projectId, projectId), eq(posts.place, place), eq(posts.kind, 'comment'), at))
    .orderBy(desc(posts.id))
    .limit(1)
  return rows[0]?.body
}

/** Takes a waiting post for a time; false when another worker holds it, or it is written. Each claim counts as a try. */
export async function claimPost(db: Db, post: Post, now: Date, until: Date): Promise<boolean> {
  const isFree = or(isNull(posts.claimedUntil), lte(posts.claimedUntil, now))
  const rows = await db
    .update(posts)
    .set({ claimedUntil: until, tries: sql`${posts.tries} + 1` })
    .where(and(eq(posts.id, post.id), eq(posts.state, 'waiting'), eq(posts.tries, post.tries), isFree))
    .returning({ id: posts.id })
  return rows.length > 0
}

/** Lets go of a post that could not be written now. */
export async function releasePost(db: Db, id: number): Promise<void> {
  await db.update(posts).set({ claimedUntil: null }).where(eq(posts.id, id))
}

/** Writes what became of a post; one that has ended stays as it is. */
export async function settlePost(
  db: Db,
  id: number,
  end: { state: 'written' | 'refused' | 'shadow'; forgeId?: string; reason?: string },
): Promise<void> {
  await db
    .update(posts)
    .set({ ...end, claimedUntil: null })
    .where(and(eq(posts.id, id), eq(posts.state, 'waiting')))
}
