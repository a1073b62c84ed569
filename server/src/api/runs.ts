import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { findRunDetails } from '../db/read-run-details.ts'
import { findPipeline, findRun, listRuns } from '../db/read-runs.ts'
import { STATES } from '../domain/status.ts'
import { detail, list } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { notFound } from './errors.ts'
import { ref, words } from './models/common.ts'
import { Pipeline, Run, RunEntry } from './models/runs.ts'
import { Paging, sendPage, toWindow } from './paged.ts'
import { ProjectPath, parseProjectPath } from './project-path.ts'
import { toPipeline, toRunEntry } from './shapes/run.ts'
import { toRun } from './shapes/run-details.ts'

const tags = ['runs']
const ById = Type.Object({ id: Type.Integer() })
const MISSING = 'No run has been found in DB'

export const runRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db, links }) => {
  app.get(
    '/runs',
    {
      schema: {
        operationId: 'listRuns',
        summary: 'Runs, the newest first',
        tags,
        querystring: Type.Object({
          ...Paging,
          project: Type.Optional(ProjectPath),
          pr: Type.Optional(Type.Integer({ description: 'Number of a pull request', minimum: 0 })),
          status: Type.Optional(words(STATES, { description: 'State' })),
        }),
        response: list(ref(RunEntry)),
      },
    },
    async (request, reply) => {
      const { project, pr, status } = request.query
      const filter = { project: parseProjectPath(project), pullRequest: pr, state: status }
      const found = await listRuns(db, filter, toWindow(request.query))
      return sendPage(request, reply, { unit: 'runs', found, toEntry: toRunEntry, idOf: (row) => row.id })
    },
  )

  app.get(
    '/runs/:id',
    {
      schema: {
        operationId: 'getPipeline',
        summary: 'One pipeline of a run',
        tags,
        params: ById,
        response: detail(ref(Pipeline)),
      },
    },
    async ({ params }) => {
      const found = await findPipeline(db, params.id)
      if (!found) throw notFound(MISSING)
      return toPipeline(found)
    },
  )

  app.get(
    '/runs/merged/:id',
    {
      schema: {
        operationId: 'getRun',
        summary: 'A run with everything its page shows',
        tags,
        description: 'The id of any pipeline of the run finds it.',
        params: ById,
        response: detail(ref(Run)),
      },
    },
    async ({ params }) => {
      const found = await findRun(db, params.id)
      const details = found && (await findRunDetails(db, found.id))
      if (!details) throw notFound(MISSING)
      return toRun(found, details, links)
    },
  )
}
