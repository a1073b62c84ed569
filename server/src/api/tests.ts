import type { FastifyPluginAsync } from 'fastify'
import { findGroup } from '../db/job-row.ts'
import { findRunDetails } from '../db/read-run-details.ts'
import { findTest, listTests } from '../db/read-tests.ts'
import { TEST_STATUSES } from '../domain/status.ts'
import type { ApiDeps } from './deps.ts'
import { findExpectations } from './expectations.ts'
import { filtersOf } from './filters.ts'
import { addDetail, addList, MISSING_GROUP } from './job-routes.ts'
import { logPaths } from './links.ts'
import { ref } from './models/common.ts'
import { TestGroup } from './models/groups.ts'
import { Test, TestEntry } from './models/tests.ts'
import { toGroup, toTest, toTestEntry } from './shapes/job.ts'

const tag = 'tests'

/** Tests of built packages, of any test runner. */
export const testRoutes: FastifyPluginAsync<ApiDeps> = async (app, { db, buildSlots, now }) => {
  addList(app, '/testing-farm/results', {
    operationId: 'listTests',
    summary: 'Tests of any runner, the newest first',
    tag,
    unit: 'test-results',
    filters: filtersOf.byAll(TEST_STATUSES),
    entry: ref(TestEntry),
    find: (filter, window) => listTests(db, filter, window),
    toEntry: toTestEntry,
  })
  addDetail(app, '/testing-farm/:id', {
    operationId: 'getTest',
    summary: 'Tests on one target',
    tag,
    model: ref(Test),
    missing: 'No info about build stored in DB',
    find: (id) => findTest(db, id),
    end: (row) => row,
    toModel: async (row) => {
      const details = row.state === 'pending' && row.runId !== null ? await findRunDetails(db, row.runId) : undefined
      const expected = details && (await findExpectations(db, details, { slots: buildSlots(), now: now() }))
      return toTest(row, row.logKey === null ? null : logPaths.test(row.id), expected?.tests.get(row.id))
    },
  })
  addDetail(app, '/testing-farm/groups/:id', {
    operationId: 'getTestGroup',
    summary: 'The tests of one submission',
    tag,
    model: ref(TestGroup),
    missing: MISSING_GROUP,
    find: (id) => findGroup(db, 'test_groups', id),
    toModel: (row) => toGroup(row, 'test_target_ids'),
  })
}
