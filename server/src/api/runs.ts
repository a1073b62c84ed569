import type { FastifyPluginAsync } from 'fastify'
import { findRunDetails } from '../db/read-run-details.ts'
import { findPipeline, findRun, listRuns } from '../db/read-runs.ts'
import { STATES } from '../domain/status.ts'
import type { ApiDeps } from './deps.ts'
import { findExpectations } from './expectations.ts'
import { filtersOf } from './filters.ts'
import { addDetail, addList } from './job-routes.ts'
import { ref } from './models/common.ts'
import { Pipeline, Run, RunEntry } from './models/runs.ts'
import { toPipeline, toRunEntry } from './shapes/run.ts'
import { toRun } from './shapes/run-details.ts'

const tag = 'runs'
const missing = 'No run has been found in DB'

export const runRoutes: FastifyPluginAsync<ApiDeps> = async (app, { db, links, buildSlots, now }) => {
  addList(app, '/runs', {
    operationId: 'listRuns',
    summary: 'Runs, the newest first',
    tag,
    unit: 'runs',
    filters: filtersOf.byAll(STATES),
    entry: ref(RunEntry),
    find: (filter, window) => listRuns(db, filter, window),
    toEntry: toRunEntry,
  })
  addDetail(app, '/runs/:id', {
    operationId: 'getPipeline',
    summary: 'One pipeline of a run',
    tag,
    model: ref(Pipeline),
    missing,
    find: (id) => findPipeline(db, id),
    toModel: toPipeline,
  })
  addDetail(app, '/runs/merged/:id', {
    operationId: 'getRun',
    summary: 'A run with everything its page shows',
    description: 'The id of any pipeline of the run finds it.',
    tag,
    model: ref(Run),
    missing,
    find: async (id) => {
      const run = await findRun(db, id)
      const details = run && (await findRunDetails(db, run.id))
      return details && { run, details }
    },
    toModel: async ({ run, details }) => {
      const expected = await findExpectations(db, details, { slots: buildSlots(), now: now() })
      return toRun(run, details, { links, expected, now: now() })
    },
  })
}
