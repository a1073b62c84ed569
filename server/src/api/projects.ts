import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import {
  findProject,
  listBranches,
  listIssues,
  listProjects,
  listPullRequests,
  listReleases,
} from '../db/read-projects.ts'
import { detail, projectList } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { notFound } from './errors.ts'
import { ProjectSearch } from './filters.ts'
import { toLike } from './like.ts'
import { ref, text } from './models/common.ts'
import { Project, ProjectBranch, ProjectPullRequest, ProjectRelease } from './models/projects.ts'
import { Paging, sendPage, toWindow } from './paged.ts'
import { toBranch, toProject, toPullRequest, toRelease } from './shapes/project.ts'

const tags = ['projects']
const InForge = { forge: text('Host name, e.g. github.com') }
const InNamespace = { ...InForge, namespace: text('A slash in it is written as %2F') }
const OfProject = Type.Object({ ...InNamespace, repo: text() })
const Plain = Type.Object(Paging)

/** Projects, and what has set something off in them. */
export const projectRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db }) => {
  const page = { unit: 'git-projects', emptyIs200: true, toEntry: toProject }

  app.get(
    '/projects',
    {
      schema: {
        operationId: 'listProjects',
        summary: 'Projects, by namespace',
        tags,
        querystring: Type.Object({
          ...Paging,
          q: Type.Optional(ProjectSearch),
          forge: Type.Optional(text('Only projects of this forge')),
          namespace: Type.Optional(text('Only projects of this namespace')),
        }),
        response: projectList(ref(Project)),
      },
    },
    async (request, reply) => {
      const { q, forge, namespace } = request.query
      const like = q === undefined || q === '' ? undefined : toLike(q)
      const found = await listProjects(db, { forge, namespace, like }, toWindow(request.query))
      return sendPage(request, reply, { ...page, found })
    },
  )

  app.get(
    '/projects/:forge',
    {
      schema: {
        operationId: 'listProjectsOfForge',
        summary: 'Projects of a forge',
        tags,
        params: Type.Object(InForge),
        querystring: Plain,
        response: projectList(ref(Project)),
      },
    },
    async (request, reply) => {
      const found = await listProjects(db, request.params, toWindow(request.query))
      return sendPage(request, reply, { ...page, found })
    },
  )

  app.get(
    '/projects/:forge/:namespace',
    {
      schema: {
        operationId: 'listProjectsOfNamespace',
        summary: 'Projects of a namespace, those of its subgroups left out',
        tags,
        params: Type.Object(InNamespace),
        querystring: Plain,
        response: projectList(ref(Project)),
      },
    },
    async (request, reply) => {
      const found = await listProjects(db, request.params, toWindow(request.query))
      return sendPage(request, reply, { ...page, found })
    },
  )

  app.get(
    '/projects/:forge/:namespace/:repo',
    {
      schema: {
        operationId: 'getProject',
        summary: 'A project',
        tags,
        params: OfProject,
        response: detail(ref(Project)),
      },
    },
    async ({ params }) => {
      const found = await findProject(db, toName(params))
      if (!found) throw notFound('No info about project stored in DB')
      return toProject(found)
    },
  )
}

/** Pull requests, issues, releases and branches of a project; a project that isn't known has none. */
export const projectTriggerRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db, links }) => {
  app.get(
    '/projects/:forge/:namespace/:repo/prs',
    {
      schema: {
        operationId: 'listPullRequests',
        summary: 'Pull requests of a project, with their builds',
        tags,
        params: OfProject,
        querystring: Plain,
        response: projectList(ref(ProjectPullRequest)),
      },
    },
    async (request, reply) => {
      const found = await listPullRequests(db, toName(request.params), toWindow(request.query))
      return sendPage(request, reply, {
        unit: 'git-project-prs',
        emptyIs200: true,
        found,
        toEntry: (row) => toPullRequest(row, links),
      })
    },
  )

  app.get(
    '/projects/:forge/:namespace/:repo/branches',
    {
      schema: {
        operationId: 'listBranches',
        summary: 'Branches of a project, with their builds',
        tags,
        params: OfProject,
        querystring: Plain,
        response: projectList(ref(ProjectBranch)),
      },
    },
    async (request, reply) => {
      const found = await listBranches(db, toName(request.params), toWindow(request.query))
      return sendPage(request, reply, {
        unit: 'git-project-branches',
        emptyIs200: true,
        found,
        toEntry: (row) => toBranch(row, links),
      })
    },
  )

  app.get(
    '/projects/:forge/:namespace/:repo/releases',
    {
      schema: {
        operationId: 'listReleases',
        summary: 'Releases of a project',
        tags,
        params: OfProject,
        querystring: Plain,
        response: projectList(ref(ProjectRelease)),
      },
    },
    async (request, reply) => {
      const found = await listReleases(db, toName(request.params), toWindow(request.query))
      return sendPage(request, reply, {
        unit: 'git-project-releases',
        emptyIs200: true,
        found,
        toEntry: toRelease,
      })
    },
  )

  app.get(
    '/projects/:forge/:namespace/:repo/issues',
    {
      schema: {
        operationId: 'listIssues',
        summary: 'Numbers of the issues of a project',
        tags,
        params: OfProject,
        querystring: Plain,
        response: projectList(Type.Integer()),
      },
    },
    async (request, reply) => {
      const found = await listIssues(db, toName(request.params), toWindow(request.query))
      return sendPage(request, reply, {
        unit: 'git-project-issues',
        emptyIs200: true,
        found,
        toEntry: (row) => row.number,
      })
    },
  )
}

function toName({ forge, namespace, repo }: { forge: string; namespace: string; repo: string }) {
  return { forge, namespace, name: repo }
}
