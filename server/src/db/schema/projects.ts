import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { StoredPlan } from '../../domain/plan.ts'
import { at, id, importedAt, ref } from './columns.ts'

/** A repository on a forge. */
export const projects = pgTable(
  'projects',
  {
    id: id(),
    forge: text().notNull(),
    namespace: text().notNull(),
    name: text().notNull(),
    url: text().notNull(),
    /** `namespace/name`, what a search looks at. */
    path: text().notNull().generatedAlwaysAs(sql`namespace || '/' || name`),
    /** A duplicate from an import points at the row that counts. */
    sameAs: bigint({ mode: 'number' }).references((): AnyPgColumn => projects.id),
    isPrivate: boolean().notNull().default(false),
    /** The forge's own id, which outlives a new name. */
    repositoryId: bigint({ mode: 'number' }),
    /** The forge's id of the App's installation that serves it. */
    installationId: bigint({ mode: 'number' }),
    onboardedDownstream: boolean().notNull().default(false),
    prsHandled: integer().notNull().default(0),
    branchesHandled: integer().notNull().default(0),
    releasesHandled: integer().notNull().default(0),
    issuesHandled: integer().notNull().default(0),
    lastActivityAt: at(),
    importedAt: importedAt(),
  },
  (t) => [
    uniqueIndex('projects_identity').on(t.forge, t.namespace, t.name).where(sql`same_as is null`),
    index('projects_order').on(t.namespace, t.id).where(sql`same_as is null`),
    index('projects_of_forge').on(t.forge, t.namespace, t.id).where(sql`same_as is null`),
    index('projects_search').using('gin', sql`${t.path} gin_trgm_ops`),
    index('projects_name_search').using('gin', sql`${t.name} gin_trgm_ops`),
    index('projects_same_as').on(t.sameAs),
    index('projects_repository').on(t.forge, t.repositoryId).where(sql`repository_id is not null`),
  ],
)

/** A project at release-monitoring.org. */
export const anityaProjects = pgTable('anitya_projects', {
  id: id(),
  anityaId: bigint({ mode: 'number' }).notNull(),
  name: text(),
  package: text(),
  importedAt: importedAt(),
})

/** What can set a run off: pull request, branch, release, issue, Koji tag, Anitya version(s). */
export const triggers = pgTable(
  'triggers',
  {
    id: id(),
    kind: text({
      enum: [
        'pull_request',
        'branch_push',
        'release',
        'issue',
        'koji_build_tag',
        'anitya_version',
        'anitya_multiple_versions',
      ],
    }).notNull(),
    projectId: ref().references(() => projects.id),
    anityaProjectId: ref().references(() => anityaProjects.id),
    /** What the lists of jobs are filtered by, with the contract's own words: `pr:41`, `branch:main`, `release:1.0`. */
    key: text().generatedAlwaysAs(sql`case kind
      when 'pull_request' then 'pr:' || number::text
      when 'issue' then 'issue:' || number::text
      when 'branch_push' then 'branch:' || name
      when 'koji_build_tag' then 'branch:' || target
      when 'release' then 'release:' || name
      when 'anitya_version' then 'version:' || name end`),
    /** Number of a pull request or issue. */
    number: bigint({ mode: 'number' }),
    /** Branch, tag of a release, Koji tag, or version. */
    name: text(),
    versions: text().array(),
    title: text(),
    author: text(),
    url: text(),
    baseRef: text(),
    headRef: text(),
    headRepo: text(),
    /** Whether the head comes from another repository than the one it is for; null where that is not known. */
    isFork: boolean(),
    labels: text().array().notNull().default(sql`'{}'`),
    open: boolean().notNull().default(true),
    /** The newest delivery seen, by the forge's own order. */
    orderKey: bigint({ mode: 'number' }).notNull().default(0),
    /** From where the base repository is fetched. */
    cloneUrl: text(),
    /** Commit of a release. */
    commitHash: text(),
    /** Koji task and target of a Koji tag. */
    taskId: text(),
    target: text(),
    sameAs: bigint({ mode: 'number' }).references((): AnyPgColumn => triggers.id),
    lastPipelineAt: at(),
    importedAt: importedAt(),
  },
  (t) => [
    check('triggers_one_project', sql`num_nonnulls(project_id, anitya_project_id) = 1`),
    uniqueIndex('triggers_number')
      .on(t.projectId, t.kind, t.number)
      .where(sql`kind in ('pull_request', 'issue') and same_as is null`),
    uniqueIndex('triggers_name')
      .on(t.projectId, t.kind, t.name)
      .where(sql`kind in ('branch_push', 'release') and same_as is null`),
    uniqueIndex('triggers_koji_tag')
      .on(t.projectId, t.taskId, t.name)
      .where(sql`kind = 'koji_build_tag' and same_as is null`),
    uniqueIndex('triggers_anitya_version')
      .on(t.anityaProjectId, t.name)
      .where(sql`kind = 'anitya_version' and same_as is null`),
    uniqueIndex('triggers_anitya_versions')
      .on(t.anityaProjectId, t.versions)
      .where(sql`kind = 'anitya_multiple_versions' and same_as is null`),
    index('triggers_of_project').on(t.projectId, t.kind, t.id),
    index('triggers_key').on(t.projectId, t.key),
    index('triggers_title_search').using('gin', sql`${t.title} gin_trgm_ops`),
    index('triggers_author_search').using('gin', sql`${t.author} gin_trgm_ops`),
    index('triggers_same_as').on(t.sameAs),
  ],
)

/** The inbox: everything a forge told us, stored once, with what came of it. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: id(),
    /** Which endpoint took it: `github`, `git`, … */
    source: text().notNull(),
    deliveryId: text().notNull(),
    event: text().notNull(),
    action: text(),
    /** Key of the body in storage, from which that of the headers follows; null once they have expired. */
    payloadKey: text(),
    receivedAt: at().notNull().defaultNow(),
    state: text({ enum: ['received', 'decided', 'refused', 'failed'] })
      .notNull()
      .default('received'),
    decision: text(),
    reasons: text().array().notNull().default(sql`'{}'`),
    projectId: ref().references(() => projects.id),
    triggerId: ref().references(() => triggers.id),
    eventId: ref().references((): AnyPgColumn => projectEvents.id),
  },
  (t) => [
    uniqueIndex('deliveries_identity').on(t.source, t.deliveryId),
    index('deliveries_of_event').on(t.eventId),
    index('deliveries_of_project').on(t.projectId, t.id),
    index('deliveries_state').on(t.state, t.id),
    index('deliveries_source').on(t.source, t.id),
    index('deliveries_event').on(t.event, t.id),
    index('deliveries_received').on(t.receivedAt, t.id),
  ],
)

/** A trigger at one commit, with its frozen plan. */
export const projectEvents = pgTable(
  'project_events',
  {
    id: id(),
    /** Null only for rows of an import that lost it. */
    triggerId: ref().references(() => triggers.id),
    commitSha: text(),
    commitTitle: text(),
    baseSha: text(),
    /** What the branch pointed at before this push. */
    beforeSha: text(),
    /** Order among the heads of one trigger, as the forge counts it: a larger one is newer. */
    orderKey: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: at().notNull().defaultNow(),
    plan: jsonb().$type<StoredPlan>(),
    supersededBy: bigint({ mode: 'number' }).references((): AnyPgColumn => projectEvents.id),
    importedAt: importedAt(),
  },
  (t) => [
    uniqueIndex('project_events_identity').on(t.triggerId, t.commitSha).where(sql`imported_at is null`),
    index('project_events_of_trigger').on(t.triggerId, t.id),
    // also finds a commit by the beginning of its hash
    index('project_events_commit').on(sql`${t.commitSha} text_pattern_ops`, t.id),
    check('project_events_trigger', sql`trigger_id is not null or imported_at is not null`),
  ],
)

export const sourceGitLinks = pgTable('source_git_links', {
  id: id(),
  sourceGitTriggerId: ref().references(() => triggers.id),
  distGitTriggerId: ref().references(() => triggers.id),
  importedAt: importedAt(),
})
