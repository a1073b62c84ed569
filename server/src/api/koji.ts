import type { FastifyPluginAsync } from 'fastify'
import Type from 'typebox'
import { findGroup } from '../db/job-row.ts'
import { findKojiBuild, findTagRequest, listKojiBuilds, listTagRequests } from '../db/read-koji.ts'
import { KOJI_STATUSES } from '../domain/status.ts'
import type { ApiDeps } from './deps.ts'
import { filtersOf } from './filters.ts'
import { addDetail, addList, MISSING_GROUP } from './job-routes.ts'
import { ref } from './models/common.ts'
import { BuildGroup, TagRequestGroup } from './models/groups.ts'
import { KojiBuild, KojiBuildEntry, TagRequest, TagRequestEntry } from './models/koji.ts'
import { readLastText } from './read-chunks.ts'
import { toGroup, toKojiBuild, toKojiEntry, toTagEntry, toTagRequest } from './shapes/job.ts'

const tag = 'koji'
const Scratch = Type.String({
  description: 'Scratch builds alone (true, in any case), or all others (any other value)',
  pattern: '^[^\\u0000]*$',
  maxLength: 100,
})

/** Koji builds, and requests to tag them. */
export const kojiRoutes: FastifyPluginAsync<ApiDeps> = async (app, { db, storage }) => {
  addList(app, '/koji-builds', {
    operationId: 'listKojiBuilds',
    summary: 'Koji builds, the newest first',
    tag,
    unit: 'koji-builds',
    filters: { ...filtersOf.byTarget(KOJI_STATUSES), scratch: Type.Optional(Scratch) },
    entry: ref(KojiBuildEntry),
    find: (filter, window) => listKojiBuilds(db, filter, window),
    toEntry: toKojiEntry,
  })
  addDetail(app, '/koji-builds/:id', {
    operationId: 'getKojiBuild',
    summary: 'A Koji build',
    tag,
    model: ref(KojiBuild),
    missing: 'No info about build stored in DB',
    find: (id) => findKojiBuild(db, id),
    end: (row) => ({ ...row, state: null }),
    toModel: async (row) => toKojiBuild(row, await readLastText(storage, row.submissionLogKey)),
  })
  addDetail(app, '/koji-builds/groups/:id', {
    operationId: 'getKojiBuildGroup',
    summary: 'The Koji builds of one submission',
    tag,
    model: ref(BuildGroup),
    missing: MISSING_GROUP,
    find: (id) => findGroup(db, 'koji_build_groups', id),
    toModel: (row) => toGroup(row, 'build_target_ids'),
  })
  addList(app, '/koji-tag-requests', {
    operationId: 'listTagRequests',
    summary: 'Requests to tag a build into a side tag, the newest first',
    tag,
    unit: 'koji-tag-requests',
    filters: filtersOf.withoutStatus,
    entry: ref(TagRequestEntry),
    find: (filter, window) => listTagRequests(db, filter, window),
    toEntry: toTagEntry,
  })
  addDetail(app, '/koji-tag-requests/:id', {
    operationId: 'getTagRequest',
    summary: 'A request to tag a build',
    tag,
    model: ref(TagRequest),
    missing: 'No info about tagging request stored in DB',
    find: (id) => findTagRequest(db, id),
    toModel: toTagRequest,
  })
  addDetail(app, '/koji-tag-requests/groups/:id', {
    operationId: 'getTagRequestGroup',
    summary: 'The tag requests of one submission',
    tag,
    model: ref(TagRequestGroup),
    missing: MISSING_GROUP,
    find: (id) => findGroup(db, 'tag_request_groups', id),
    toModel: (row) => toGroup(row, 'tag_request_target_ids'),
  })
}
