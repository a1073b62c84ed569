import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { findBuildGroup, findBuildTarget, findSrpmBuild, listBuilds, listSrpmBuilds } from '../db/read-builds.ts'
import { detail, list } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { notFound } from './errors.ts'
import { BuildGroup, CoprBuild, CoprBuildEntry, SrpmBuild, SrpmBuildEntry } from './models/builds.ts'
import { ref } from './models/common.ts'
import { Paging, sendPage, toWindow } from './paged.ts'
import { toBuild, toBuildEntry, toBuildGroup, toSrpmBuild, toSrpmEntry } from './shapes/build.ts'

const ById = Type.Object({ id: Type.Integer() })
const Plain = Type.Object(Paging)
const MISSING = 'No info about build stored in DB'
const MISSING_GROUP = 'No info about group stored in DB'

/** How much of a log an older client gets inside an SRPM's details. */
const LOG_TEXT_BYTES = 2 ** 20

export const srpmBuildRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db, storage, links }) => {
  const tags = ['builds']
  app.get(
    '/srpm-builds',
    {
      schema: {
        operationId: 'listSrpmBuilds',
        summary: 'SRPMs, the newest first',
        tags,
        querystring: Plain,
        response: list(ref(SrpmBuildEntry)),
      },
    },
    async (request, reply) => {
      const found = await listSrpmBuilds(db, toWindow(request.query))
      const toEntry = (row: (typeof found.rows)[number]) => toSrpmEntry(row, links)
      return sendPage(request, reply, { unit: 'srpm-builds', found, toEntry, idOf: (row) => row.id })
    },
  )

  app.get(
    '/srpm-builds/:id',
    {
      schema: { operationId: 'getSrpmBuild', summary: 'An SRPM', tags, params: ById, response: detail(ref(SrpmBuild)) },
    },
    async ({ params }) => {
      const found = await findSrpmBuild(db, params.id)
      if (!found) throw notFound(MISSING)
      const logs =
        found.logKey === null ? undefined : await storage.range(found.logKey, -LOG_TEXT_BYTES, LOG_TEXT_BYTES)
      return toSrpmBuild(found, logs?.data.toString() ?? null, links)
    },
  )
}

export const buildRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db, links }) => {
  const tags = ['builds']
  app.get(
    '/copr-builds',
    {
      schema: {
        operationId: 'listBuilds',
        summary: 'RPM builds of any builder, the newest first',
        tags,
        querystring: Plain,
        response: list(ref(CoprBuildEntry)),
      },
    },
    async (request, reply) => {
      const found = await listBuilds(db, toWindow(request.query))
      const toEntry = (row: (typeof found.rows)[number]) => toBuildEntry(row, links)
      return sendPage(request, reply, { unit: 'copr-builds', found, toEntry, idOf: (row) => row.id })
    },
  )

  app.get(
    '/copr-builds/:id',
    {
      schema: {
        operationId: 'getBuild',
        summary: 'An RPM build in one chroot',
        tags,
        params: ById,
        response: detail(ref(CoprBuild)),
      },
    },
    async ({ params }) => {
      const found = await findBuildTarget(db, params.id)
      if (!found) throw notFound(MISSING)
      return toBuild(found, links)
    },
  )

  app.get(
    '/copr-builds/groups/:id',
    {
      schema: {
        operationId: 'getBuildGroup',
        summary: 'The builds of one submission',
        tags,
        params: ById,
        response: detail(ref(BuildGroup)),
      },
    },
    async ({ params }) => {
      const found = await findBuildGroup(db, params.id)
      if (!found) throw notFound(MISSING_GROUP)
      return toBuildGroup(found)
    },
  )
}
