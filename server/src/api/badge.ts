import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { type BadgeFilter, type BadgeRunRow, findBadgeRuns } from '../db/read-badge.ts'
import { type BadgeRun, decideBadgeState } from '../domain/badge.ts'
import { notModified, problem, refusals } from './answers.ts'
import { renderBadge } from './badge-svg.ts'
import type { ApiDeps } from './deps.ts'
import { text } from './models/common.ts'
import { natural } from './query.ts'
import { toState } from './shapes/status.ts'

const DESCRIPTION = `A picture for a README with the state of the newest event that has ended: of a branch, of a pull request,
or, when neither is given, of the last push to any branch (of anything where there was none). A project that is not known,
or nothing to show, is a grey "Unknown" with 200: sites that show pictures of others put a broken one in place of any other
answer. It may be kept for a minute.`

const name = (description: string) =>
  Type.Optional(Type.String({ description, pattern: '^[^\\u0000]+$', maxLength: 300 }))
const image = { content: { 'image/svg+xml': { schema: Type.String() } } }

/** `…/badge/{forge}/{namespace}/{repo}.svg` */
export const badgeRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db }) => {
  app.get(
    '/badge/:forge/:namespace/:repo.svg',
    {
      schema: {
        operationId: 'getBadge',
        summary: 'A badge with the state of a project',
        description: DESCRIPTION.replaceAll('\n', ' '),
        tags: ['projects'],
        params: Type.Object({
          forge: text('Host name, e.g. github.com'),
          namespace: text('A slash in it is written as %2F'),
          repo: text(),
        }),
        querystring: Type.Object({
          branch: name('Branch that was pushed to'),
          pr: Type.Optional(natural('Number of a pull request')),
          target: name('Target: the chroot that is shown alone'),
        }),
        response: {
          200: { description: 'The badge', ...image },
          304: notModified,
          400: problem('A parameter is wrong'),
          404: problem('There is nothing at this address'),
          ...refusals,
        },
      },
    },
    async ({ params, query }, reply) => {
      const { branch, pr, target } = query
      const trigger = toTrigger(branch, pr)
      const project = { forge: params.forge, namespace: params.namespace, name: params.repo }
      // as in lists, what contradicts itself finds nothing
      const isImpossible = branch !== undefined && pr !== undefined
      const rows = isImpossible ? [] : ((await findBadgeRuns(db, project, { trigger, target })) ?? [])
      const runs = rows.map((row) => toRun(row, target !== undefined))
      reply.type('image/svg+xml; charset=utf-8').header('cache-control', 'public, max-age=60')
      // who opens it as a page gets a picture that can do nothing
      reply.header('content-security-policy', "default-src 'none'; sandbox")
      return reply.send(renderBadge(target ?? 'packit', decideBadgeState(runs, trigger !== undefined)) as never)
    },
  )
}

function toTrigger(branch: string | undefined, pr: number | undefined): BadgeFilter['trigger'] {
  if (pr !== undefined) return { kind: 'pull_request', number: pr }
  return branch === undefined ? undefined : { kind: 'branch_push', name: branch }
}

function toRun(row: BadgeRunRow, isOfTarget: boolean): BadgeRun {
  const { eventId, isReplaced, kind } = row
  // a run may be for some targets only: the stable check knows how all of them stand
  const states = isOfTarget ? row.builds.map(toState) : [toState({ state: row.eventState ?? row.state, status: null })]
  return { eventId, package: row.package, isReplaced, isPush: kind === 'branch_push', states }
}
