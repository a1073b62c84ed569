import type { FastifyPluginAsync } from 'fastify'
import { findGroup } from '../db/job-row.ts'
import { findBuildTarget, findSrpmBuild, listBuilds, listSrpmBuilds } from '../db/read-builds.ts'
import { BUILD_STATUSES } from '../domain/status.ts'
import type { ApiDeps } from './deps.ts'
import { filtersOf } from './filters.ts'
import { addDetail, addList, MISSING_GROUP } from './job-routes.ts'
import { CoprBuild, CoprBuildEntry, SrpmBuild, SrpmBuildEntry } from './models/builds.ts'
import { ref } from './models/common.ts'
import { BuildGroup } from './models/groups.ts'
import { readLastText } from './read-chunks.ts'
import { toBuild, toBuildEntry, toSrpmBuild, toSrpmEntry } from './shapes/build.ts'
import { toGroup } from './shapes/job.ts'

const tag = 'builds'
const missing = 'No info about build stored in DB'

/** SRPMs, and RPM builds of any builder. */
export const buildRoutes: FastifyPluginAsync<ApiDeps> = async (app, { db, storage, links }) => {
  addList(app, '/srpm-builds', {
    operationId: 'listSrpmBuilds',
    summary: 'SRPMs, the newest first',
    tag,
    unit: 'srpm-builds',
    filters: filtersOf.byStatus(BUILD_STATUSES),
    entry: ref(SrpmBuildEntry),
    find: (filter, window) => listSrpmBuilds(db, filter, window),
    toEntry: (row) => toSrpmEntry(row, links),
  })
  addDetail(app, '/srpm-builds/:id', {
    operationId: 'getSrpmBuild',
    summary: 'An SRPM',
    tag,
    model: ref(SrpmBuild),
    missing,
    find: (id) => findSrpmBuild(db, id),
    end: (row) => row,
    toModel: async (row) => toSrpmBuild(row, await readLastText(storage, row.logKey), links),
  })
  addList(app, '/copr-builds', {
    operationId: 'listBuilds',
    summary: 'RPM builds of any builder, the newest first',
    tag,
    unit: 'copr-builds',
    filters: filtersOf.byAll(BUILD_STATUSES),
    entry: ref(CoprBuildEntry),
    find: (filter, window) => listBuilds(db, filter, window),
    toEntry: (row) => toBuildEntry(row, links),
  })
  addDetail(app, '/copr-builds/:id', {
    operationId: 'getBuild',
    summary: 'An RPM build in one chroot',
    tag,
    model: ref(CoprBuild),
    missing,
    find: (id) => findBuildTarget(db, id),
    end: (row) => row,
    toModel: (row) => toBuild(row, links),
  })
  addDetail(app, '/copr-builds/groups/:id', {
    operationId: 'getBuildGroup',
    summary: 'The builds of one submission',
    tag,
    model: ref(BuildGroup),
    missing: MISSING_GROUP,
    find: (id) => findGroup(db, 'build_groups', id),
    toModel: (row) => toGroup(row, 'build_target_ids'),
  })
}
