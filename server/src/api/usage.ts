import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { findProject } from '../db/read-projects.ts'
import type { PastKind } from '../domain/usage/periods.ts'
import { toProjectUsage, toUsage } from '../domain/usage/report.ts'
import { notModified, problem, refusals } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { ApiError, notFound } from './errors.ts'
import { ref, text } from './models/common.ts'
import { IntervalUsage, ListProblem, Onboarding, PastUsage, ProjectUsage, Usage } from './models/usage.ts'
import { compileUsageQuery, IntervalsQuery, PeriodQuery, Top, toPeriod } from './usage-query.ts'

export { UsageReports } from '../jobs/usage-reports.ts'

const tags = ['usage']
const ById = Type.Object({ id: text('As the redirect names it') })
const wrong = Type.Unsafe<ListProblem>({ ...ref(ListProblem), description: 'A parameter is wrong' })
const redirect = Type.Unsafe<null>({
  type: 'null',
  description: 'Where the numbers are',
  headers: { Location: { type: 'string', description: 'Relative to this address' } },
})
const NOT_READY = 'The numbers are being counted: ask again in a moment.'
const UNKNOWN = 'No info about usage stored in DB'

/** How much the service is used. Private projects and projects outside of a forge (Anitya's) are left out of all of it. */
export const usageRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, deps) => {
  app.setValidatorCompiler(compileUsageQuery)
  await app.register(periodRoutes, deps)
  await app.register(pastRoutes, deps)
  await app.register(intervalRoutes, deps)
}

/** Any period, of all projects or one; and who uses the service downstream. */
const periodRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db, usage }) => {
  app.get(
    '/usage',
    {
      schema: {
        operationId: 'getUsage',
        summary: 'Usage in a period',
        description: 'Without from and to: ever. Exact, at most five minutes old.',
        tags,
        querystring: Type.Object({ ...PeriodQuery, ...Top }),
        response: { 200: ref(Usage), 304: notModified, 400: wrong, ...refusals },
      },
    },
    async ({ query }) => toUsage(ready(await usage.readCounts(toPeriod(query))), query.top),
  )

  app.get(
    '/usage/project/:forge/:namespace/:repo',
    {
      schema: {
        operationId: 'getProjectUsage',
        summary: 'Usage of a project in a period, and its place among all',
        description: 'A project that is not known has null everywhere.',
        tags,
        params: Type.Object({
          forge: text('Host name, e.g. github.com'),
          namespace: text('A slash in it is written as %2F'),
          repo: text(),
        }),
        querystring: Type.Object(PeriodQuery),
        response: { 200: ref(ProjectUsage), 304: notModified, 400: wrong, ...refusals },
      },
    },
    async ({ params: { forge, namespace, repo }, query }) => {
      const counts = ready(await usage.readCounts(toPeriod(query)))
      const project = await findProject(db, { forge, namespace, name: repo })
      return toProjectUsage(counts, project?.id)
    },
  )

  app.get(
    '/usage/onboarded-projects',
    {
      schema: {
        operationId: 'listOnboardedProjects',
        summary: 'Projects that use the service downstream, and those about to',
        tags,
        response: { 200: ref(Onboarding), 304: notModified, ...refusals },
      },
    },
    async (_request, reply) => sendText(reply, await usage.readOnboarding()),
  )
}

/** The well-known periods. */
const pastRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { usage }) => {
  app.get(
    '/usage/past-day',
    {
      schema: {
        operationId: 'getUsageOfPastDay',
        summary: 'Usage since yesterday, 00:00 UTC',
        tags,
        response: { 200: ref(PastUsage), 304: notModified, ...refusals },
      },
    },
    async (_request, reply) => sendText(reply, await usage.readPast('past-day', usage.pastId('past-day'))),
  )

  const redirecting: [Exclude<PastKind, 'past-day'>, string, string][] = [
    ['past-week', 'PastWeek', 'since 7 days ago, 00:00 UTC'],
    ['past-month', 'PastMonth', 'since 30 days ago, 00:00 UTC'],
    ['past-year', 'PastYear', 'since 365 days ago, 00:00 UTC'],
    ['total', 'Total', 'ever'],
  ]
  for (const [kind, name, when] of redirecting) {
    app.get(
      `/usage/${kind}`,
      {
        schema: {
          operationId: `findUsageOf${name}`,
          summary: `Where usage ${when} is told`,
          tags,
          response: { 302: redirect, ...refusals },
        },
      },
      async (_request, reply) => reply.redirect(`${kind}/${usage.pastId(kind)}`, 302),
    )
  }

  for (const [kind, name, when] of [['past-day', 'PastDay', 'since yesterday, 00:00 UTC'] as const, ...redirecting]) {
    app.get(
      `/usage/${kind}/:id`,
      {
        schema: {
          operationId: `getUsageOf${name}ById`,
          summary: `Usage ${when}, as of now or of a day just past`,
          tags,
          params: ById,
          response: { 200: ref(PastUsage), 304: notModified, 404: problem('Not found'), ...refusals },
        },
      },
      async ({ params }, reply) => sendText(reply, await usage.readPast(kind, params.id)),
    )
  }
}

/** Adjacent intervals. */
const intervalRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { usage }) => {
  app.get(
    '/usage/intervals',
    {
      schema: {
        operationId: 'findUsageIntervals',
        summary: 'Where usage in adjacent intervals is told; the last one ends at the current full hour',
        tags,
        querystring: Type.Object(IntervalsQuery),
        response: { 302: redirect, 400: wrong, ...refusals },
      },
    },
    async ({ query: { days = 0, hours = 0, count = 10 } }, reply) => {
      const length = days + hours === 0 ? { days: 1, hours } : { days, hours }
      return reply.redirect(`intervals/${usage.intervalsId({ ...length, count })}`, 302)
    },
  )

  app.get(
    '/usage/intervals/:id',
    {
      schema: {
        operationId: 'getUsageIntervals',
        summary: 'Usage in adjacent intervals',
        tags,
        params: ById,
        response: { 200: ref(IntervalUsage), 304: notModified, 404: problem('Not found'), ...refusals },
      },
    },
    async ({ params }, reply) => sendText(reply, await usage.readIntervals(params.id)),
  )
}

function ready<T>(found: T | undefined): T {
  if (found === undefined) throw new ApiError(503, NOT_READY, undefined, { 'retry-after': '2' })
  return found
}

/** Sends a report as it was written: the order of its keys is a rank. */
function sendText(reply: FastifyReply, found: string | undefined | null): never {
  if (found === null) throw notFound(UNKNOWN)
  // the answer is text already, which the types of the models can't say
  return reply.type('application/json; charset=utf-8').send(ready(found)) as never
}
