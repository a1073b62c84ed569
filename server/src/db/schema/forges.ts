import { sql } from 'drizzle-orm'
import { type AnyPgColumn, bigint, boolean, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, id, importedAt, ref } from './columns.ts'
import { deliveries, projectEvents, projects, triggers } from './projects.ts'

/** Where the App is installed. */
export const installations = pgTable(
  'installations',
  {
    id: id(),
    /** Host; null for rows of an import. */
    forge: text(),
    /** The forge's id of it. */
    installationId: bigint({ mode: 'number' }),
    accountLogin: text(),
    accountId: bigint({ mode: 'number' }),
    accountUrl: text(),
    accountType: text(),
    senderId: bigint({ mode: 'number' }),
    senderLogin: text(),
    createdAt: at().notNull().defaultNow(),
    suspendedAt: at(),
    deletedAt: at(),
    repositories: bigint({ mode: 'number' }).array().notNull().default(sql`'{}'`),
    importedAt: importedAt(),
  },
  (t) => [uniqueIndex('installations_identity').on(t.forge, t.installationId)],
)

export const allowlist = pgTable(
  'allowlist',
  {
    id: id(),
    /** `forge`, `forge/namespace`, or `forge/namespace/repo.git`. */
    namespace: text().notNull(),
    status: text({ enum: ['approved_automatically', 'waiting', 'approved_manually', 'denied'] }).notNull(),
    fasAccount: text(),
    /** Who decided, and when; null for rows of an import. */
    actor: text(),
    decidedAt: at(),
    importedAt: importedAt(),
  },
  (t) => [
    index('allowlist_namespace').on(t.namespace),
    uniqueIndex('allowlist_identity').on(t.namespace).where(sql`imported_at is null`),
  ],
)

/** Leave to build an outsider's pull request: at one commit, and for no other. */
export const approvals = pgTable('approvals', {
  eventId: ref()
    .primaryKey()
    .references(() => projectEvents.id),
  actor: text().notNull(),
  at: at().notNull().defaultNow(),
})

/** Commands in comments: each counts once, however often its comment is told of or edited. */
export const commands = pgTable(
  'commands',
  {
    id: id(),
    projectId: ref()
      .notNull()
      .references(() => projects.id),
    /** What the comment stands on, and the forge's id of it. */
    place: text({ enum: ['pull_request', 'issue', 'commit'] }).notNull(),
    commentId: text().notNull(),
    deliveryId: ref().references(() => deliveries.id),
    triggerId: ref().references(() => triggers.id),
    eventId: ref().references((): AnyPgColumn => projectEvents.id),
    actor: text().notNull(),
    /** The lines of its commands. */
    text: text().notNull(),
    verdict: text({ enum: ['accepted', 'refused', 'answered'] }).notNull(),
    reason: text(),
    /** The last attempt of the event that it asked for: no other may be given its number before it has begun. */
    attempt: integer(),
    at: at().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('commands_identity').on(t.projectId, t.place, t.commentId),
    index('commands_of_trigger').on(t.triggerId, t.id),
    index('commands_of_event').on(t.eventId, t.id),
  ],
)

/** What we write on a forge besides checks: comments and reactions. Each key is written once. */
export const posts = pgTable(
  'posts',
  {
    id: id(),
    /** What it is about, so that a repeat of what caused it writes nothing: `command:17`, `failure:318:rpm-build:…` */
    key: text().notNull().unique(),
    projectId: ref()
      .notNull()
      .references(() => projects.id),
    place: text({ enum: ['pull_request', 'issue', 'commit'] }).notNull(),
    number: bigint({ mode: 'number' }),
    sha: text(),
    kind: text({ enum: ['comment', 'reaction'] }).notNull(),
    /** Of a reaction: the comment it is for. */
    commentId: text(),
    body: text().notNull().default(''),
    state: text({ enum: ['waiting', 'written', 'refused', 'shadow'] })
      .notNull()
      .default('waiting'),
    forgeId: text(),
    reason: text(),
    tries: integer().notNull().default(0),
    /** Who writes it on the forge holds it until then. */
    claimedUntil: at(),
    at: at().notNull().defaultNow(),
  },
  (t) => [index('posts_of_project').on(t.projectId, t.id), index('posts_state').on(t.state, t.id)],
)

export const authenticationIssues = pgTable('authentication_issues', {
  id: id(),
  projectId: ref().references(() => projects.id),
  issueCreated: boolean().notNull().default(false),
  importedAt: importedAt(),
})
