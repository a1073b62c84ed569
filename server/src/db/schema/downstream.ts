// What carries releases into Fedora. It arrives with later releases or with an import; the tables exist from the first migration on.
import { sql } from 'drizzle-orm'
import { bigint, boolean, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at, group, id, importedAt, ref } from './columns.ts'
import { projects } from './projects.ts'
import { listIndexes, scope, scopeColumns } from './scope.ts'

export const kojiBuildGroups = pgTable('koji_build_groups', group())
export const kojiBuildTargets = pgTable(
  'koji_build_targets',
  {
    id: id(),
    ...scope(),
    groupId: ref().references(() => kojiBuildGroups.id),
    taskId: text(),
    status: text(),
    target: text(),
    webUrl: text(),
    buildLogsUrls: jsonb(),
    submittedAt: at().notNull().defaultNow(),
    startedAt: at(),
    endedAt: at(),
    /** Key in storage of what the submit command printed. */
    submissionLogKey: text(),
    data: jsonb(),
    sidetag: text(),
    nvr: text(),
    scratch: boolean(),
    importedAt: importedAt(),
  },
  (t) => [
    ...listIndexes('koji_build_targets', t.id, {
      ...scopeColumns(t),
      status: t.status,
      target: t.target,
      submitted: t.submittedAt,
    }),
    index('koji_build_targets_of_group').on(t.groupId, t.id),
    index('koji_build_targets_task').on(t.taskId),
    index('koji_build_targets_list_scratch').on(t.scratch, t.id).where(sql`scratch is not null`),
  ],
)

export const tagRequestGroups = pgTable('tag_request_groups', group())
export const tagRequestTargets = pgTable(
  'tag_request_targets',
  {
    id: id(),
    ...scope(),
    groupId: ref().references(() => tagRequestGroups.id),
    taskId: text(),
    target: text(),
    webUrl: text(),
    submittedAt: at().notNull().defaultNow(),
    sidetag: text(),
    nvr: text(),
    importedAt: importedAt(),
  },
  (t) => [
    ...listIndexes('tag_request_targets', t.id, { ...scopeColumns(t), target: t.target, submitted: t.submittedAt }),
    index('tag_request_targets_of_group').on(t.groupId, t.id),
  ],
)

export const bodhiUpdateGroups = pgTable('bodhi_update_groups', group())
export const bodhiUpdateTargets = pgTable(
  'bodhi_update_targets',
  {
    id: id(),
    ...scope(),
    groupId: ref().references(() => bodhiUpdateGroups.id),
    status: text(),
    target: text(),
    webUrl: text(),
    kojiNvrs: text(),
    sidetag: text(),
    alias: text(),
    submittedAt: at().notNull().defaultNow(),
    updateCreatedAt: at(),
    data: jsonb(),
    importedAt: importedAt(),
  },
  (t) => [
    ...listIndexes('bodhi_update_targets', t.id, {
      ...scopeColumns(t),
      status: t.status,
      target: t.target,
      submitted: t.submittedAt,
    }),
    index('bodhi_update_targets_of_group').on(t.groupId, t.id),
  ],
)

export const syncRuns = pgTable(
  'sync_runs',
  {
    ...group(),
    ...scope(),
    status: text(),
    jobType: text({ enum: ['propose_downstream', 'pull_from_upstream'] })
      .notNull()
      .default('propose_downstream'),
  },
  (t) => [
    ...listIndexes('sync_runs', t.id, { ...scopeColumns(t), status: t.status, submitted: t.submittedAt }),
    // two lists share the table
    index('sync_runs_list').on(t.jobType, t.id),
  ],
)
export const syncTargets = pgTable(
  'sync_targets',
  {
    id: id(),
    syncRunId: ref().references(() => syncRuns.id),
    branch: text().notNull().default('unknown'),
    status: text(),
    submittedAt: at().notNull().defaultNow(),
    startedAt: at(),
    endedAt: at(),
    logKey: text(),
    downstreamPrUrl: text(),
    importedAt: importedAt(),
  },
  (t) => [index('sync_targets_of_run').on(t.syncRunId, t.id)],
)
export const syncPullRequests = pgTable(
  'sync_pull_requests',
  {
    id: id(),
    number: bigint({ mode: 'number' }),
    projectId: ref().references(() => projects.id),
    isFastForward: boolean().notNull().default(false),
    targetBranch: text(),
    url: text(),
    importedAt: importedAt(),
  },
  (t) => [index('sync_pull_requests_of_project').on(t.projectId, t.number)],
)
export const syncTargetPullRequests = pgTable(
  'sync_target_pull_requests',
  {
    syncTargetId: ref()
      .notNull()
      .references(() => syncTargets.id),
    syncPullRequestId: ref()
      .notNull()
      .references(() => syncPullRequests.id),
  },
  (t) => [
    primaryKey({ columns: [t.syncTargetId, t.syncPullRequestId] }),
    index('sync_target_pull_requests_back').on(t.syncPullRequestId),
  ],
)

export const sidetagGroups = pgTable('sidetag_groups', {
  id: id(),
  name: text().notNull().unique(),
  importedAt: importedAt(),
})
export const sidetags = pgTable('sidetags', {
  id: id(),
  kojiName: text().unique(),
  target: text(),
  groupId: ref().references(() => sidetagGroups.id),
  importedAt: importedAt(),
})
