import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { type ComparedRunRow, findComparedRuns } from '../db/read-compare.ts'
import { notModified, problem, refusals } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { badParameter, notFound } from './errors.ts'
import { ref } from './models/common.ts'
import { Comparison } from './models/compare.ts'
import { natural } from './query.ts'
import { toComparison } from './shapes/compare.ts'

const run = (which: string) => natural(`Run ${which}: the id of any of its pipelines`)

/** Two runs of one project, side by side. */
export const compareRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db }) => {
  app.get(
    '/compare',
    {
      schema: {
        operationId: 'compareRuns',
        summary: 'What differs between two runs of the same project',
        description:
          'Step by step: states, durations and package versions, and whether a failure is new, old or fixed.',
        tags: ['runs'],
        querystring: Type.Object({ a: run('a, the earlier one'), b: run('b, the later one') }),
        response: {
          200: ref(Comparison),
          304: notModified,
          400: problem('A parameter is missing or wrong, or the two runs are not of one project'),
          404: problem('There is no such run'),
          ...refusals,
        },
      },
    },
    async ({ query }) => {
      const [a, b] = [need('a', query.a), need('b', query.b)]
      const rows = await findComparedRuns(db, [a, b])
      const [before, after] = [pick(rows, a), pick(rows, b)]
      if (before.id === after.id) throw badParameter('b', `a and b are the same run, ${after.id}`)
      if (before.projectId === null || before.projectId !== after.projectId)
        throw badParameter(
          'b',
          `a is a run of ${nameOf(before)}, b one of ${nameOf(after)}: only runs of one project are compared`,
        )
      return toComparison(before, after)
    },
  )
}

/** A parameter that is missing is told here: others may always be left out. */
function need(name: 'a' | 'b', id: number | undefined): number {
  if (id === undefined) throw badParameter(name, `${name} is missing: it names one of the two runs`)
  return id
}

/** A run of a private project is as if it were not there. */
function pick(rows: readonly ComparedRunRow[], id: number): ComparedRunRow {
  const row = rows.find(({ askedId }) => askedId === id)
  if (!row || row.isPrivate) throw notFound(`No run ${id} has been found in DB`)
  return row
}

function nameOf({ event }: ComparedRunRow): string {
  return event?.forge ? `${event.forge}/${event.namespace}/${event.repo}` : 'a project that is not known any more'
}
