import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { findGroup } from '../db/job-row.ts'
import { findBodhiUpdate, findSyncTarget, listBodhiUpdates, listSyncRuns, type SyncJob } from '../db/read-releases.ts'
import { SYNC_STATUSES, UPDATE_STATUSES } from '../domain/status.ts'
import type { ApiDeps } from './deps.ts'
import { filtersOf } from './filters.ts'
import { addDetail, addList, MISSING_GROUP } from './job-routes.ts'
import { ref } from './models/common.ts'
import { UpdateGroup } from './models/groups.ts'
import { BodhiUpdate, BodhiUpdateEntry, SyncRunEntry, SyncTarget } from './models/releases.ts'
import { readLastText } from './read-chunks.ts'
import { toGroup, toSyncEntry, toSyncTarget, toUpdate, toUpdateEntry } from './shapes/job.ts'

const tag = 'releases'

/** What carries a release into the distribution. */
export const releaseRoutes: FastifyPluginAsync<ApiDeps> = async (app, deps) => {
  const { db } = deps
  addList(app, '/bodhi-updates', {
    operationId: 'listBodhiUpdates',
    summary: 'Bodhi updates, the newest first',
    tag,
    unit: 'bodhi-updates',
    filters: filtersOf.byTarget(UPDATE_STATUSES),
    entry: ref(BodhiUpdateEntry),
    find: (filter, window) => listBodhiUpdates(db, filter, window),
    toEntry: toUpdateEntry,
  })
  addDetail(app, '/bodhi-updates/:id', {
    operationId: 'getBodhiUpdate',
    summary: 'A Bodhi update',
    tag,
    model: ref(BodhiUpdate),
    missing: 'No info about update stored in DB',
    find: (id) => findBodhiUpdate(db, id),
    toModel: toUpdate,
  })
  addDetail(app, '/bodhi-updates/groups/:id', {
    operationId: 'getUpdateGroup',
    summary: 'The updates of one submission',
    tag,
    model: ref(UpdateGroup),
    missing: MISSING_GROUP,
    find: (id) => findGroup(db, 'bodhi_update_groups', id),
    toModel: (row) => toGroup(row, 'update_target_ids'),
  })
  addSync(app, deps, 'propose_downstream', {
    path: '/propose-downstream',
    name: 'ProposeDownstream',
    summary: 'Releases proposed downstream, the newest first',
  })
  addSync(app, deps, 'pull_from_upstream', {
    path: '/pull-from-upstream',
    name: 'PullFromUpstream',
    summary: 'Releases pulled from upstream, the newest first',
  })
}

/** A list of runs, and details of their targets. */
function addSync(
  app: FastifyInstance,
  { db, storage }: ApiDeps,
  job: SyncJob,
  { path, name, summary }: { path: string; name: string; summary: string },
): void {
  const words = job.replaceAll('_', ' ')
  addList(app, path, {
    operationId: `list${name}`,
    summary,
    tag,
    unit: `${path.slice(1)}s`,
    filters: filtersOf.byTarget(SYNC_STATUSES),
    entry: ref(SyncRunEntry),
    find: (filter, window) => listSyncRuns(db, job, filter, window),
    toEntry: toSyncEntry,
  })
  addDetail(app, `${path}/:id`, {
    operationId: `get${name}Target`,
    summary: 'One branch of it, by the id of a target',
    tag,
    model: ref(SyncTarget),
    missing: `No info about ${words} target stored in DB`,
    find: (id) => findSyncTarget(db, job, id),
    end: (row) => ({ ...row, state: null }),
    toModel: async (row) => toSyncTarget(row, await readLastText(storage, row.logKey)),
  })
}
