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
import type { Cause } from '../../domain/cause/cause.ts'
import { type CheckAnnotation, type CheckButton, CONCLUSIONS } from '../../domain/check.ts'
import type { SrpmInput } from '../../domain/srpm-input.ts'
import { STATES } from '../../domain/status.ts'
import { at, id, importedAt, ref } from './columns.ts'
import { bodhiUpdateGroups, kojiBuildGroups, syncRuns, tagRequestGroups } from './downstream.ts'
import { projectEvents } from './projects.ts'
import { derivedScope, listIndexes, scope, scopeColumns } from './scope.ts'
import { logDetectiveGroups, testGroups, vmImages } from './tests.ts'

/** A stored package file. */
export interface StoredFile {
  name: string
  key: string
  size: number
}

/** The source package of one commit; several pipelines may share it. */
export const srpmBuilds = pgTable(
  'srpm_builds',
  {
    id: id(),
    ...scope(),
    /** All that decides what the SRPM will be: settled with the plan. */
    input: jsonb().$type<SrpmInput>(),
    /** The word of the compatible API. */
    status: text(),
    state: text({ enum: STATES }).notNull(),
    reason: text(),
    submittedAt: at().notNull().defaultNow(),
    startedAt: at(),
    endedAt: at(),
    /** File name and key in storage of the result. */
    nvr: text(),
    fileKey: text(),
    logKey: text(),
    logSize: bigint({ mode: 'number' }).notNull().default(0),
    cause: jsonb().$type<Cause>(),
    /** How often a process died while it worked on this. */
    crashes: integer().notNull().default(0),
    /** Why it shall be cancelled; null as long as nobody wants that. */
    cancelReason: text(),
    /** What an import brought. */
    url: text(),
    /** Where Copr made it, or an import says that it was made. */
    logsUrl: text(),
    coprBuildId: text(),
    coprWebUrl: text(),
    importedAt: importedAt(),
  },
  (t) => [
    ...listIndexes('srpm_builds', t.id, { ...scopeColumns(t), status: t.status, submitted: t.submittedAt }),
    index('srpm_builds_state').on(t.state, t.id),
    index('srpm_builds_copr').on(t.coprBuildId),
    index('srpm_builds_search').using('gin', sql`${t.nvr} gin_trgm_ops`),
    check('srpm_builds_event', sql`event_id is not null or imported_at is not null`),
  ],
)

/** One submission of a pipeline's SRPM. */
export const buildGroups = pgTable('build_groups', {
  id: id(),
  submittedAt: at().notNull().defaultNow(),
  importedAt: importedAt(),
})

/** A build as its builder knows it: one SRPM, a set of chroots. */
export const builds = pgTable(
  'builds',
  {
    id: id(),
    groupId: ref().references(() => buildGroups.id),
    ...scope(),
    identifier: text(),
    submittedAt: at().notNull().defaultNow(),
    builder: text({ enum: ['local', 'copr', 'mock'] }).notNull(),
    /** The builder's id; null until submitted. */
    buildId: text(),
    /** The smallest target row that the list of builds shows; see `db/builds.ts`. */
    listedId: bigint({ mode: 'number' }),
    projectName: text(),
    owner: text(),
    webUrl: text(),
    crashes: integer().notNull().default(0),
    /** Why it shall be cancelled; null as long as nobody wants that. */
    cancelReason: text(),
    importedAt: importedAt(),
  },
  (t) => [
    uniqueIndex('builds_identity').on(t.builder, t.buildId).where(sql`imported_at is null`),
    index('builds_of_group').on(t.groupId),
    index('builds_listed').on(t.listedId).where(sql`listed_id is not null`),
    ...listIndexes('builds', t.listedId, {
      ...scopeColumns(t),
      identifier: t.identifier,
      submitted: t.submittedAt,
    }),
  ],
)

/** The part of a build in one chroot. */
export const buildTargets = pgTable(
  'build_targets',
  {
    id: id(),
    groupId: ref().references(() => buildGroups.id),
    buildRowId: ref().references(() => builds.id),
    /** That of its build, so that the list of builds can be filtered by chroot and status. */
    listedId: bigint({ mode: 'number' }),
    target: text(),
    identifier: text(),
    status: text(),
    state: text({ enum: STATES }).notNull(),
    reason: text(),
    submittedAt: at().notNull().defaultNow(),
    startedAt: at(),
    endedAt: at(),
    logKey: text(),
    logSize: bigint({ mode: 'number' }).notNull().default(0),
    logsUrl: text(),
    webUrl: text(),
    builtPackages: jsonb().$type<{ name: string; epoch: number; version: string; release: string; arch: string }[]>(),
    files: jsonb().$type<StoredFile[]>(),
    cause: jsonb().$type<Cause>(),
    taskAcceptedAt: at(),
    data: jsonb(),
    importedAt: importedAt(),
  },
  (t) => [
    uniqueIndex('build_targets_identity').on(t.groupId, t.target).where(sql`imported_at is null`),
    index('build_targets_of_group').on(t.groupId, t.id),
    index('build_targets_of_build').on(t.buildRowId, t.id),
    index('build_targets_state').on(t.state, t.id),
    index('build_targets_list_target').on(t.target, t.listedId).where(sql`listed_id is not null`),
    index('build_targets_list_status').on(t.status, t.listedId).where(sql`listed_id is not null`),
    check('build_targets_group', sql`group_id is not null or imported_at is not null`),
  ],
)

/** One attempt to serve one package (view) of an event. */
export const pipelines = pgTable(
  'pipelines',
  {
    id: id(),
    eventId: ref().references(() => projectEvents.id),
    /** Empty when the configuration has one package only. */
    package: text().notNull().default(''),
    identifier: text().notNull().default(''),
    ...derivedScope(),
    attempt: integer().notNull().default(1),
    cause: text({ enum: ['delivery', 'command', 'retry', 'import', 'try'] })
      .notNull()
      .default('delivery'),
    createdAt: at().notNull().defaultNow(),
    /** The smallest pipeline with the same SRPM: the id of the run. Set once. */
    mergedRunId: bigint({ mode: 'number' }).references((): AnyPgColumn => pipelines.id),
    /** Whether it is the first of its run, which stands for the run. A column, so that PostgreSQL knows how many are. */
    isRun: boolean().generatedAlwaysAs(sql`id = merged_run_id`),
    srpmBuildId: ref().references(() => srpmBuilds.id),
    buildGroupId: ref().references(() => buildGroups.id),
    kojiBuildGroupId: ref().references(() => kojiBuildGroups.id),
    tagRequestGroupId: ref().references(() => tagRequestGroups.id),
    vmImageId: ref().references(() => vmImages.id),
    testGroupId: ref().references(() => testGroups.id),
    syncRunId: ref().references(() => syncRuns.id),
    bodhiUpdateGroupId: ref().references(() => bodhiUpdateGroups.id),
    logDetectiveGroupId: ref().references(() => logDetectiveGroups.id),
    /** How the whole stands; of the run on its first pipeline. */
    state: text({ enum: STATES }),
    reason: text(),
    endedAt: at(),
    /** Why the run was given up, when it was: an error of ours. */
    gaveUp: text(),
    /** The published repository: name, key in storage, when. */
    repositoryName: text(),
    repositoryKey: text(),
    publishedAt: at(),
    /** When the repository was removed again. */
    expiredAt: at(),
    importedAt: importedAt(),
  },
  (t) => [
    uniqueIndex('pipelines_identity').on(t.eventId, t.package, t.identifier, t.attempt).where(sql`imported_at is null`),
    index('pipelines_runs').on(t.id).where(sql`is_run`),
    index('pipelines_running').on(t.id).where(sql`is_run and state in ('pending', 'running')`),
    ...listIndexes(
      'pipelines',
      t.id,
      { ...scopeColumns(t), identifier: t.identifier, state: t.state, submitted: t.createdAt },
      sql`is_run`,
    ),
    index('pipelines_of_run').on(t.mergedRunId, t.id),
    index('pipelines_of_event').on(t.eventId, t.id),
    index('pipelines_srpm').on(t.srpmBuildId, t.id),
    index('pipelines_build_group').on(t.buildGroupId, t.id),
    index('pipelines_koji_group').on(t.kojiBuildGroupId, t.id),
    index('pipelines_tag_group').on(t.tagRequestGroupId, t.id),
    index('pipelines_test_group').on(t.testGroupId, t.id),
    index('pipelines_sync_run').on(t.syncRunId, t.id),
    index('pipelines_bodhi_group').on(t.bodhiUpdateGroupId, t.id),
    index('pipelines_log_detective_group').on(t.logDetectiveGroupId, t.id),
    index('pipelines_vm_image').on(t.vmImageId, t.id),
    index('pipelines_created').on(t.createdAt),
    index('pipelines_repository').on(t.repositoryName, t.id),
  ],
)

/** What a forge shall show of an event: the wanted state, and the version it shows already. */
export const checks = pgTable(
  'checks',
  {
    id: id(),
    eventId: ref()
      .notNull()
      .references(() => projectEvents.id),
    name: text().notNull(),
    state: text({ enum: STATES }).notNull(),
    title: text().notNull(),
    summary: text().notNull().default(''),
    link: text(),
    /** Where the conclusion is another than that of the state. */
    conclusion: text({ enum: CONCLUSIONS }),
    annotations: jsonb().$type<CheckAnnotation[]>().notNull().default([]),
    buttons: jsonb().$type<CheckButton[]>().notNull().default([]),
    startedAt: at(),
    endedAt: at(),
    /** Of the run that it shows; a further one begins a new check run on the forge. */
    attempt: integer().notNull().default(1),
    version: integer().notNull().default(1),
    updatedAt: at().notNull().defaultNow(),
    /** What the forge shows: its id of the check run, and which version of ours. */
    forgeId: text(),
    shownVersion: integer().notNull().default(0),
    shownState: text({ enum: STATES }),
    shownAttempt: integer(),
    shownAt: at(),
    /** Shown as a commit status, where checks are not to be had. */
    isStatus: boolean().notNull().default(false),
    /** Who brings it to the forge holds it until then. */
    claimedUntil: at(),
    /** Why it is not shown yet, and when that is tried again: the forge's budget, a fault of it. */
    waitsUntil: at(),
    waitsFor: text(),
  },
  (t) => [
    uniqueIndex('checks_identity').on(t.eventId, t.name),
    index('checks_waiting').on(t.waitsUntil).where(sql`waits_until is not null`),
  ],
)
