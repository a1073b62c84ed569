import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { findConfig } from '../db/read-config.ts'
import { GRID_KINDS, type GridKind, listGrid } from '../db/read-grid.ts'
import { findPublicProject } from '../db/read-projects.ts'
import { findStatistics } from '../db/read-statistics.ts'
import { detail, problem, projectList } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { notFound } from './errors.ts'
import { ref, text, words } from './models/common.ts'
import { GridEntry, ProjectConfig, ProjectStatistics } from './models/project-views.ts'
import { CursorPaging, sendPage, toWindow } from './paged.ts'
import { toConfig, toGridEntry, toStatistics } from './shapes/project-views.ts'

const tags = ['projects']
const OfProject = Type.Object({
  forge: text('Host name, e.g. github.com'),
  namespace: text('A slash in it is written as %2F'),
  repo: text(),
})
const KINDS: Record<string, readonly GridKind[]> = {
  pull_request: ['pull_request'],
  branch: ['branch_push'],
  release: ['release'],
}
const wrong = { 400: problem('A parameter is wrong'), 404: problem('Not found') }

/** A project at a glance: how its pull requests, branches and releases stand, how its builds go, what its file says. */
export const projectViewRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db }) => {
  const findId = async ({ forge, namespace, repo }: { forge: string; namespace: string; repo: string }) => {
    const id = await findPublicProject(db, { forge, namespace, name: repo })
    if (id === undefined) throw notFound('No info about project stored in DB')
    return id
  }

  app.get(
    '/projects/:forge/:namespace/:repo/grid',
    {
      schema: {
        operationId: 'getProjectGrid',
        summary: 'Latest state by target of pull requests, branches and releases, the last active first',
        description:
          'A row for each of them, with the newest build of its newest head in each target. There are no pages by ' +
          'number: Link leads to what follows, which may be there though a page is not full.',
        tags,
        params: OfProject,
        querystring: Type.Object({
          ...CursorPaging,
          kind: Type.Optional(words(Object.keys(KINDS), { description: 'Only these; all three when left out' })),
        }),
        response: { ...projectList(ref(GridEntry)), ...wrong },
      },
    },
    async (request, reply) => {
      const id = await findId(request.params)
      const { kind } = request.query
      const kinds = kind === undefined ? GRID_KINDS : (KINDS[kind] ?? [])
      const found = await listGrid(db, id, kinds, toWindow(request.query))
      return sendPage(request, reply, {
        unit: 'grid-rows',
        emptyIs200: true,
        byCursor: true,
        found,
        toEntry: toGridEntry,
      })
    },
  )

  app.get(
    '/projects/:forge/:namespace/:repo/statistics',
    {
      schema: {
        operationId: 'getProjectStatistics',
        summary: 'Success rate and duration of SRPMs, and of builds by target',
        tags,
        params: OfProject,
        querystring: Type.Object({
          days: Type.Optional(
            Type.Integer({ description: 'How many days back', minimum: 1, maximum: 365, default: 30 }),
          ),
        }),
        response: { ...detail(ref(ProjectStatistics)), ...wrong },
      },
    },
    async ({ params, query }) => {
      const days = query.days ?? 30
      return toStatistics(await findStatistics(db, await findId(params), days), days)
    },
  )

  app.get(
    '/projects/:forge/:namespace/:repo/config',
    {
      schema: {
        operationId: 'getProjectConfig',
        summary: 'The package configuration as it was understood at the newest event',
        description: 'That may be the pull request of a stranger: trigger says which. Errors have line and column.',
        tags,
        params: OfProject,
        response: detail(ref(ProjectConfig)),
      },
    },
    async ({ params }) => {
      const found = await findConfig(db, await findId(params))
      if (!found) throw notFound('No configuration of this project is kept')
      return toConfig(found)
    },
  )
}
