// How built packages are looked at: tests, scans, analyses of logs, images. Most arrive with later releases or with an import; the
// tables exist from the first migration on.
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { STATES } from '../../domain/status.ts'
import type { TestCaseResult, TestSummary } from '../../domain/test-result.ts'
import type { TestInput } from '../../domain/test-run.ts'
import { at, group, id, importedAt, ref } from './columns.ts'
import { listIndexes, scope, scopeColumns } from './scope.ts'

export const testGroups = pgTable('test_groups', { ...group(), ranch: text() })
export const testTargets = pgTable(
  'test_targets',
  {
    id: id(),
    ...scope(),
    groupId: ref().references(() => testGroups.id),
    /** Its runner's id of the newest request. */
    pipelineId: text(),
    identifier: text(),
    status: text(),
    state: text({ enum: STATES }),
    reason: text(),
    target: text(),
    webUrl: text(),
    submittedAt: at().notNull().defaultNow(),
    startedAt: at(),
    endedAt: at(),
    /** How often it was asked for anew, since the runner broke or lost it. */
    tries: integer().notNull().default(0),
    /** When what it tests was there and it was handed over; null as long as it waits for builds. */
    readyAt: at(),
    /** Why it shall be cancelled; null as long as nobody wants that. */
    cancelReason: text(),
    /** What is asked for, beside what the plan says. */
    input: jsonb().$type<TestInput>(),
    /** What each test said, and the little of it that checks and lists tell. */
    results: jsonb().$type<TestCaseResult[]>(),
    summary: jsonb().$type<TestSummary>(),
    logKey: text(),
    logUrl: text(),
    logSize: bigint({ mode: 'number' }).notNull().default(0),
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
    uniqueIndex('test_targets_identity').on(t.groupId, t.target).where(sql`imported_at is null`),
    index('test_targets_waiting').on(t.id).where(sql`ready_at is null and state = 'pending' and imported_at is null`),
    check('test_targets_group', sql`group_id is not null or imported_at is not null`),
  ],
)
/** One submission of tests to their runner; a repeat of what broke is another one. */
export const testRequests = pgTable(
  'test_requests',
  {
    id: id(),
    testTargetId: ref()
      .notNull()
      .references(() => testTargets.id),
    tester: text({ enum: ['local', 'testing-farm'] }).notNull(),
    /** The runner's id; null until it was submitted. */
    requestId: text(),
    isInternal: boolean().notNull().default(false),
    /** Of the secret by which the runner proves that a notification is its own; see `domain/token.ts`. */
    secretHash: text().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    index('test_requests_of_target').on(t.testTargetId, t.id),
    index('test_requests_request').on(t.requestId),
    uniqueIndex('test_requests_secret').on(t.secretHash),
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
