// How built packages are looked at: tests, scans, analyses of logs, images. Most arrive with later releases or with an import; the
// tables exist from the first migration on.
import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, group, id, importedAt, ref } from './columns.ts'
import { listIndexes, scope, scopeColumns } from './scope.ts'

export const testGroups = pgTable('test_groups', { ...group(), ranch: text() })
export const testTargets = pgTable(
  'test_targets',
  {
    id: id(),
    ...scope(),
    groupId: ref().references(() => testGroups.id),
    pipelineId: text(),
    identifier: text(),
    status: text(),
    state: text(),
    reason: text(),
    target: text(),
    webUrl: text(),
    submittedAt: at().notNull().defaultNow(),
    startedAt: at(),
    endedAt: at(),
    logKey: text(),
    data: jsonb(),
    importedAt: importedAt(),
  },
  (t) => [
    ...listIndexes('test_targets', t.id, {
      ...scopeColumns(t),
      status: t.status,
      target: t.target,
      identifier: t.identifier,
      submitted: t.submittedAt,
    }),
    index('test_targets_of_group').on(t.groupId, t.id),
    index('test_targets_request').on(t.pipelineId),
    check('test_targets_group', sql`group_id is not null or imported_at is not null`),
  ],
)
export const testTargetBuilds = pgTable(
  'test_target_builds',
  {
    testTargetId: ref()
      .notNull()
      .references(() => testTargets.id),
    buildTargetId: ref().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.testTargetId, t.buildTargetId] }),
    index('test_target_builds_of_build').on(t.buildTargetId),
  ],
)
export const testTargetKojiBuilds = pgTable(
  'test_target_koji_builds',
  {
    testTargetId: ref()
      .notNull()
      .references(() => testTargets.id),
    kojiBuildTargetId: ref().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.testTargetId, t.kojiBuildTargetId] }),
    index('test_target_koji_builds_of_build').on(t.kojiBuildTargetId),
  ],
)

export const vmImages = pgTable('vm_images', {
  id: id(),
  buildId: text(),
  projectUrl: text(),
  projectName: text(),
  owner: text(),
  status: text(),
  target: text(),
  prId: text(),
  taskAcceptedAt: at(),
  submittedAt: at().notNull().defaultNow(),
  startedAt: at(),
  endedAt: at(),
  data: jsonb(),
  importedAt: importedAt(),
})

export const scans = pgTable(
  'scans',
  {
    id: id(),
    ...scope(),
    taskId: bigint({ mode: 'number' }),
    status: text(),
    url: text(),
    issuesAddedUrl: text(),
    issuesFixedUrl: text(),
    scanResultsUrl: text(),
    issuesAddedCount: integer(),
    submittedAt: at().notNull().defaultNow(),
    buildTargetId: ref(),
    importedAt: importedAt(),
  },
  (t) => [
    ...listIndexes('scans', t.id, { ...scopeColumns(t), status: t.status, submitted: t.submittedAt }),
    uniqueIndex('scans_task').on(t.taskId).where(sql`imported_at is null`),
    uniqueIndex('scans_build_target').on(t.buildTargetId).where(sql`imported_at is null`),
  ],
)

export const logDetectiveGroups = pgTable('log_detective_groups', group())
export const logDetectiveRuns = pgTable(
  'log_detective_runs',
  {
    id: id(),
    ...scope(),
    groupId: ref().references(() => logDetectiveGroups.id),
    analysisId: text().notNull(),
    status: text().notNull(),
    identifier: text(),
    targetBuild: text(),
    target: text(),
    response: jsonb(),
    errorMessage: text(),
    submittedAt: at().notNull().defaultNow(),
    buildSystem: text({ enum: ['copr', 'koji'] }),
    buildTargetId: ref(),
    kojiBuildTargetId: ref(),
    importedAt: importedAt(),
  },
  (t) => [
    ...listIndexes('log_detective_runs', t.id, {
      ...scopeColumns(t),
      status: t.status,
      target: t.target,
      identifier: t.identifier,
      submitted: t.submittedAt,
    }),
    uniqueIndex('log_detective_runs_analysis').on(t.analysisId),
    index('log_detective_runs_of_group').on(t.groupId, t.id),
    index('log_detective_runs_of_build').on(t.buildTargetId),
    index('log_detective_runs_of_koji_build').on(t.kojiBuildTargetId),
  ],
)
