import type { FastifyPluginAsync } from 'fastify'
import { findGroup } from '../db/job-row.ts'
import { findAnalysis, findScan, listAnalyses, listScans } from '../db/read-analyses.ts'
import { ANALYSIS_STATUSES, SCAN_STATUSES } from '../domain/status.ts'
import type { ApiDeps } from './deps.ts'
import { filtersOf } from './filters.ts'
import { addDetail, addList, MISSING_GROUP } from './job-routes.ts'
import { Analysis, Scan, ScanEntry } from './models/analyses.ts'
import { ref } from './models/common.ts'
import { AnalysisGroup } from './models/groups.ts'
import { toAnalysis, toGroup, toScan, toScanEntry } from './shapes/job.ts'

const tag = 'analyses'

/** Scans by OpenScanHub, and analyses of logs by Log Detective. */
export const analysisRoutes: FastifyPluginAsync<ApiDeps> = async (app, { db }) => {
  addList(app, '/openscanhub-scans', {
    operationId: 'listScans',
    summary: 'Scans by OpenScanHub, the newest first',
    tag,
    unit: 'openscanhub-scans',
    filters: filtersOf.byStatus(SCAN_STATUSES),
    entry: ref(ScanEntry),
    find: (filter, window) => listScans(db, filter, window),
    toEntry: toScanEntry,
  })
  addDetail(app, '/openscanhub-scans/:id', {
    operationId: 'getScan',
    summary: 'A scan',
    tag,
    model: ref(Scan),
    missing: 'No info about scan stored in DB',
    find: (id) => findScan(db, id),
    toModel: toScan,
  })
  addList(app, '/log-detective', {
    operationId: 'listAnalyses',
    summary: 'Analyses by Log Detective, the newest first',
    tag,
    unit: 'log-detective-results',
    filters: filtersOf.byAll(ANALYSIS_STATUSES),
    entry: ref(Analysis),
    find: (filter, window) => listAnalyses(db, filter, window),
    toEntry: toAnalysis,
  })
  addDetail(app, '/log-detective/:id', {
    operationId: 'getAnalysis',
    summary: 'An analysis',
    tag,
    model: ref(Analysis),
    missing: 'No info about Log Detective run stored in DB',
    find: (id) => findAnalysis(db, id),
    toModel: toAnalysis,
  })
  addDetail(app, '/log-detective/groups/:id', {
    operationId: 'getAnalysisGroup',
    summary: 'The analyses of one submission',
    tag,
    model: ref(AnalysisGroup),
    missing: MISSING_GROUP,
    find: (id) => findGroup(db, 'log_detective_groups', id),
    toModel: (row) => ({ packit_id: row.id, ...toGroup(row, 'log_detective_target_ids') }),
  })
}
