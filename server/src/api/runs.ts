import type { FastifyPluginAsync } from 'fastify'
import type { Db } from '../db/database.ts'
import { findDurations } from '../db/read-durations.ts'
import { findRunDetails, type RunDetailsRow } from '../db/read-run-details.ts'
import { findPipeline, findRun, listRuns, type RunRow } from '../db/read-runs.ts'
import { estimateQueue, type QueueEstimate } from '../domain/queue-estimate.ts'
import { STATES } from '../domain/status.ts'
import type { ApiDeps } from './deps.ts'
import { filtersOf } from './filters.ts'
import { addDetail, addList } from './job-routes.ts'
import { ref } from './models/common.ts'
import { Pipeline, Run, RunEntry } from './models/runs.ts'
import { toPipeline, toRunEntry } from './shapes/run.ts'
import { isQueued, toRun } from './shapes/run-details.ts'

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
      const expected = isQueued(run, details) ? await expect(db, run, details, buildSlots()) : undefined
      return toRun(run, details, { links, expected, now: now() })
    },
  })
}

/** When a run that waits may begin and end, by what like it took. */
async function expect(db: Db, { id }: RunRow, { ahead, builds }: RunDetailsRow, slots: number): Promise<QueueEstimate> {
  const targets = builds.flatMap(({ target, state }) => (target !== null && state === 'pending' ? [target] : []))
  return estimateQueue({ ...(await findDurations(db, id, targets)), ahead, slots })
}
