import { sql } from 'drizzle-orm'
import type { TestCaseResult, TestSummary } from '../domain/test-result.ts'
import type { Db } from './database.ts'
import { findJob, type JobRow, jobColumns, runIds } from './job-row.ts'
import { type JobList, readList } from './list.ts'
import type { JobFilter } from './list-filter.ts'
import { epoch, type Found, type Window } from './read.ts'

/** Tests of built packages on one target. */
export interface TestRow extends JobRow {
  /** Id of the request at the test runner. */
  pipelineId: string | null
  status: string | null
  state: string | null
  reason: string | null
  identifier: string | null
  target: string | null
  webUrl: string | null
  startedAt: number | null
  endedAt: number | null
}

export interface TestDetailsRow extends TestRow {
  runIds: number[]
  buildIds: number[]
  kojiBuildIds: number[]
  ranch: string | null
  tries: number
  summary: TestSummary | null
  results: TestCaseResult[] | null
  logKey: string | null
  logSize: number
  logUrl: string | null
  cancelReason: string | null
}

const TEST = sql`${jobColumns('test_targets')}, x.pipeline_id as "pipelineId", x.status, x.state, x.reason, x.identifier,
  x.target, x.web_url as "webUrl", ${epoch('x.started_at')} as "startedAt", ${epoch('x.ended_at')} as "endedAt"`

const TESTS: JobList = {
  table: 'test_targets',
  key: 'id',
  submittedAt: 'submitted_at',
  facets: { package: 'package', identifier: 'identifier', target: 'target', status: 'status' },
  columns: TEST,
}

/** Tests of every target, the newest first. */
export function listTests(db: Db, filter: JobFilter, window: Window): Promise<Found<TestRow>> {
  return readList(db, TESTS, filter, window)
}

export function findTest(db: Db, id: number): Promise<TestDetailsRow | undefined> {
  return findJob(
    db,
    'test_targets',
    sql`${TEST}, ${runIds('test_targets')} as "runIds", x.log_key as "logKey", x.log_size as "logSize",
      x.log_url as "logUrl", x.cancel_reason as "cancelReason", x.tries, x.summary, x.results,
      array(select b.build_target_id from test_target_builds b where b.test_target_id = x.id order by 1) as "buildIds",
      array(select k.koji_build_target_id from test_target_koji_builds k where k.test_target_id = x.id order by 1) as "kojiBuildIds",
      (select g.ranch from test_groups g where g.id = x.group_id) as ranch`,
    sql`x.id = ${id}`,
  )
}
