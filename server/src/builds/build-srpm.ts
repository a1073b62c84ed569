import type { MadeSrpm } from '../builders/srpm-maker.ts'
import { findSrpmBuild, findSrpmCancel, moveSrpm, setSrpmLogSize } from '../db/builds.ts'
import { notify } from '../db/database.ts'
import { findEvent } from '../db/events.ts'
import { findRun, findRunOfSrpm, type SrpmBuild } from '../db/runs.ts'
import { NotFoundError } from '../domain/errors.ts'
import { hasEnded } from '../domain/status.ts'
import type { FetchOptions } from '../git/mirrors.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { JobContext } from '../jobs/queue.ts'
import type { BuildDeps } from './deps.ts'
import { explainFailure } from './explain-srpm.ts'
import { createLogWriter } from './log-writer.ts'
import { type EndedSrpm, settleSrpm } from './settle-srpm.ts'
import { srpmFolder, srpmLogKey } from './srpm-keys.ts'
import { startSource } from './start-source.ts'
import { waitForRoom } from './wait-for-room.ts'

const WATCH_CANCEL_MS = 1000

/** Has the SRPM of one commit made, here or by the builder. What was begun here begins anew after a crash. */
export async function buildSrpm(
  { srpmBuildId }: Jobs['build-srpm'],
  deps: BuildDeps,
  context: JobContext,
): Promise<void> {
  const { database, now } = deps
  const srpm = await findSrpmBuild(database.db, srpmBuildId)
  const runId = await findRunOfSrpm(database.db, srpmBuildId)
  if (!srpm?.input || runId === undefined || hasEnded(srpm.state)) return
  if (await startSource({ ...srpm, input: srpm.input }, runId, deps)) return
  await waitForRoom(deps)
  const logKey = srpmLogKey(srpm.id)
  await database.transaction(async (tx) => {
    const set = { reason: null, startedAt: now(), logKey, logSize: 0 }
    await moveSrpm(tx, srpm.id, ['pending', 'running'], { state: 'running', ...set })
    await announceRun(tx, deps.queue, runId, now(), { kind: 'srpm', rowId: srpm.id, state: 'running' })
  })
  // what a dead process wrote is begun anew: a log is written once
  await deps.storage.delete(`srpm/${srpm.id}`)
  const ended = await makeSrpm(srpm, srpm.input, runId, logKey, deps, context.signal)
  context.signal.throwIfAborted()
  await settleSrpm(srpm, runId, ended, deps)
}

async function makeSrpm(
  srpm: SrpmBuild,
  input: NonNullable<SrpmBuild['input']>,
  runId: number,
  logKey: string,
  deps: BuildDeps,
  stop: AbortSignal,
): Promise<EndedSrpm> {
  const cancel = watchCancel(srpm.id, deps)
  const log = createLogWriter(deps.storage, logKey, async (size) => {
    await setSrpmLogSize(deps.database.db, srpm.id, size)
    await notify(deps.database.db, 'packit_logs', JSON.stringify({ step: 'srpm', id: srpm.id, run: runId, size }))
  })
  try {
    // nobody removes the mirror before the sandbox has read it
    await using _held = await deps.mirrors.hold(input.baseUrl)
    const mirror = await fetchCommits(input, deps, await fetchOptions(runId, deps))
    const made = await deps.srpmMaker.makeSrpm(input, mirror, {
      onLog: (chunk) => log.write(chunk),
      signal: AbortSignal.any([stop, cancel.signal]),
    })
    await log.end()
    return made.ok ? await keepSrpm(runId, made, deps) : await explainFailure(deps.storage, logKey, made)
  } catch (error) {
    await log.end()
    if (error instanceof NotFoundError) return { state: 'canceled', reason: error.message, cause: null }
    throw error
  } finally {
    cancel.end()
  }
}

/** Head, base and what `upstream_ref` means in one mirror; they may have been evicted since the event was decided. */
async function fetchCommits(
  input: NonNullable<SrpmBuild['input']>,
  { mirrors }: BuildDeps,
  options: FetchOptions,
): Promise<string> {
  const { mirror } = await mirrors.fetchCommit(
    { mirrorOf: input.baseUrl, from: input.headUrl, sha: input.headSha, ref: input.headRef },
    options,
  )
  const besides = (input.upstream ?? []).map(({ name, sha }) => (name === sha ? { sha } : { sha, ref: name }))
  if (input.baseSha) besides.push({ sha: input.baseSha, ref: input.baseRef })
  for (const want of besides) await mirrors.fetchCommit({ mirrorOf: input.baseUrl, ...want }, options)
  return mirror
}

/** A private repository is fetched with what its forge gives for it. */
async function fetchOptions(runId: number, { database, findForge }: BuildDeps): Promise<FetchOptions> {
  const run = await findRun(database.db, runId)
  const eventId = run?.pipelines[0]?.eventId
  const project = eventId ? (await findEvent(database.db, eventId))?.project : undefined
  const forge = project?.isPrivate ? findForge(project.forge) : undefined
  return project && forge ? { authorization: await forge.fetchAuthorization(project) } : {}
}

/** The SRPM lies beside the run's repositories, where it can be fetched. */
async function keepSrpm(
  runId: number,
  made: MadeSrpm & { ok: true },
  { database, storage }: BuildDeps,
): Promise<EndedSrpm> {
  const fileKey = `${srpmFolder(await findRun(database.db, runId), runId)}/${made.name}`
  await storage.putFile(fileKey, made.path)
  await made.remove()
  return { state: 'success', reason: null, cause: null, nvr: made.nvr, fileKey }
}

/** Cancelling is a state that the machine holding the sandbox watches. */
function watchCancel(srpmBuildId: number, { database }: BuildDeps): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController()
  const timer = setInterval(async () => {
    const reason = await findSrpmCancel(database.db, srpmBuildId).catch(() => null)
    if (reason !== null) controller.abort()
  }, WATCH_CANCEL_MS)
  return { signal: controller.signal, end: () => clearInterval(timer) }
}
