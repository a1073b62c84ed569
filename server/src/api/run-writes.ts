import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Db } from '../db/database.ts'
import type { TriggerName } from '../db/projects.ts'
import { findRun, findRunOfPipeline } from '../db/runs.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import { cancelRun } from '../jobs/cancel-run.ts'
import { retryRun } from '../jobs/retry-run.ts'
import { runAgain } from '../jobs/run-again.ts'
import { actorOf, requireScope } from './auth.ts'
import type { ApiDeps } from './deps.ts'
import { readJsonBodies } from './json-body.ts'
import { ref, text } from './models/common.ts'
import { AcceptedRun, TriggerRun } from './models/writes.ts'
import { namedProject, projectOfRun } from './project-of.ts'
import { acceptWrite, writeSchema } from './write.ts'

const ById = Type.Object({ id: Type.Integer() })
const OfProject = Type.Object({
  forge: text('Host name, e.g. github.com'),
  namespace: text('A slash in it is written as %2F'),
  repo: text(),
})
const shared = { tags: ['runs'], ...writeSchema(ref(AcceptedRun)) }

/** What changes runs. */
export const runWriteRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, deps) => {
  readJsonBodies(app)
  const { queue, links } = deps
  const preParsing = requireScope('runs:write', deps, projectOfRun)
  const runUrl = (id: number) => `${links.base}/api/runs/merged/${id}`

  app.post(
    '/runs/:id/retry',
    {
      preParsing,
      schema: {
        ...shared,
        operationId: 'retryRun',
        summary: 'Run again what failed of a run',
        description:
          'A new attempt for what failed, broke or was cancelled: of packages whose SRPM was made, those targets alone. The id of any pipeline of the run finds it.',
        params: ById,
      },
    },
    (request, reply) =>
      acceptWrite<AcceptedRun>(request, reply, deps, async (tx, now) => {
        const { id } = request.params
        const { runId, eventId, attempt } = await retryRun(tx, queue, id, now)
        const url = runUrl(runId ?? id)
        return {
          body: { accepted: true, run_id: runId, event_id: eventId, attempt, url },
          action: 'run.retry',
          subject: `run ${id}`,
          detail: { run: runId, event: eventId, attempt },
        }
      }),
  )

  app.post(
    '/runs/:id/cancel',
    {
      preParsing,
      schema: {
        ...shared,
        operationId: 'cancelRun',
        summary: 'Cancel what is left of a run',
        description: 'What runs ends a moment later. The id of any pipeline of the run finds it.',
        params: ById,
      },
    },
    (request, reply) =>
      acceptWrite<AcceptedRun>(request, reply, deps, async (tx, now) => {
        const { id, eventId } = await cancel(tx, request.params.id, `cancelled by ${actorOf(request).name}`, now)
        return {
          body: { accepted: true, run_id: id, event_id: eventId, attempt: null, url: runUrl(id) },
          action: 'run.cancel',
          subject: `run ${id}`,
        }
      }),
  )

  /** @throws {ConflictError} when it ended otherwise; one that was cancelled stays so */
  async function cancel(tx: Db, pipelineId: number, reason: string, now: Date) {
    const id = await findRunOfPipeline(tx, pipelineId)
    if (id === undefined) throw new NotFoundError('No run has been found in DB')
    const any = await cancelRun(tx, queue, id, reason, now)
    const first = (await findRun(tx, id))?.pipelines[0]
    if (any || first?.state === 'canceled') return { id, eventId: first?.eventId ?? null }
    if (first?.state === 'running') throw new ConflictError(`run ${id} is built: its packages are being published`)
    throw new ConflictError(`run ${id} has ended${first?.state ? `: ${first.state}` : ''}`)
  }

  app.post(
    '/projects/:forge/:namespace/:repo/runs',
    {
      preParsing: requireScope('runs:write', deps, namedProject),
      schema: {
        ...shared,
        operationId: 'triggerRun',
        summary: 'Build the newest known commit of a pull request, branch or release again',
        description: 'A new attempt; what still runs for it is cancelled. Its runs are there a moment later.',
        params: OfProject,
        body: TriggerRun,
      },
    },
    (request, reply) =>
      acceptWrite<AcceptedRun>(request, reply, deps, async (tx) => {
        const { forge, namespace, repo } = request.params
        const { eventId, attempt, commit } = await runAgain(
          tx,
          queue,
          { forge, namespace, name: repo },
          toTriggerName(request.body),
        )
        const project = `${forge}/${namespace}/${repo}`
        const filter = new URLSearchParams({ project })
        for (const [name, value] of Object.entries(request.body)) filter.set(name, String(value))
        const url = `${links.base}/api/runs?${filter}`
        return {
          body: { accepted: true, run_id: null, event_id: eventId, attempt, url },
          action: 'run.trigger',
          subject: `project ${project}`,
          detail: { ...request.body, commit, event: eventId, attempt },
        }
      }),
  )
}

function toTriggerName({ pr, branch, release }: TriggerRun): TriggerName {
  if (pr !== undefined) return { kind: 'pull_request', number: pr }
  return branch === undefined ? { kind: 'release', name: release ?? '' } : { kind: 'branch_push', name: branch }
}
