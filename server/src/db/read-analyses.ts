import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { findJob, type JobRow, jobColumns, runIds } from './job-row.ts'
import { type JobList, readList } from './list.ts'
import type { JobFilter } from './list-filter.ts'
import type { Found, Window } from './read.ts'

/** A scan of a build by OpenScanHub. */
export interface ScanRow extends JobRow {
  taskId: number | null
  status: string | null
  url: string | null
  issuesAddedCount: number | null
  issuesAddedUrl: string | null
  issuesFixedUrl: string | null
  scanResultsUrl: string | null
  buildTargetId: number | null
}

const SCAN = sql`${jobColumns('scans')}, x.task_id as "taskId", x.status, x.url,
  x.issues_added_count as "issuesAddedCount", x.issues_added_url as "issuesAddedUrl",
  x.issues_fixed_url as "issuesFixedUrl", x.scan_results_url as "scanResultsUrl", x.build_target_id as "buildTargetId"`

const SCANS: JobList = {
  table: 'scans',
  key: 'id',
  submittedAt: 'submitted_at',
  facets: { package: 'package', status: 'status' },
  columns: SCAN,
}

/** Scans, the newest first. */
export function listScans(db: Db, filter: JobFilter, window: Window): Promise<Found<ScanRow>> {
  return readList(db, SCANS, filter, window)
}

export function findScan(db: Db, id: number): Promise<ScanRow | undefined> {
  return findJob(db, 'scans', SCAN, sql`x.id = ${id}`)
}

/** What Log Detective makes of the log of a failed build. */
export interface LogDetectiveRow extends JobRow {
  groupId: number | null
  analysisId: string
  status: string
  identifier: string | null
  target: string | null
  targetBuild: string | null
  response: unknown
  errorMessage: string | null
  buildSystem: 'copr' | 'koji' | null
  buildTargetId: number | null
  kojiBuildTargetId: number | null
  runIds: number[]
}

const ANALYSIS = sql`${jobColumns('log_detective_runs')}, x.group_id as "groupId", x.analysis_id as "analysisId", x.status,
  x.identifier, x.target, x.target_build as "targetBuild", x.response, x.error_message as "errorMessage",
  x.build_system as "buildSystem", x.build_target_id as "buildTargetId", x.koji_build_target_id as "kojiBuildTargetId",
  ${runIds('log_detective_runs')} as "runIds"`

const ANALYSES: JobList = {
  table: 'log_detective_runs',
  key: 'id',
  submittedAt: 'submitted_at',
  facets: { package: 'package', identifier: 'identifier', target: 'target', status: 'status' },
  columns: ANALYSIS,
}

/** Analyses by Log Detective, the newest first. */
export function listAnalyses(db: Db, filter: JobFilter, window: Window): Promise<Found<LogDetectiveRow>> {
  return readList(db, ANALYSES, filter, window)
}

export function findAnalysis(db: Db, id: number): Promise<LogDetectiveRow | undefined> {
  return findJob(db, 'log_detective_runs', ANALYSIS, sql`x.id = ${id}`)
}
