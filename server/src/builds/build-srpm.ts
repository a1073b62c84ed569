import type { MadeSrpm } from '../builders/srpm-maker.ts'
import { findSrpmBuild, findSrpmCancel, moveSrpm, moveTarget, setSrpmLogSize } from '../db/builds.ts'
import { notify } from '../db/database.ts'
import { findEvent } from '../db/events.ts'
import { findRun, findRunOfSrpm, type Run, type SrpmBuild } from '../db/runs.ts'
import type { Cause } from '../domain/cause/cause.ts'
import { NotFoundError } from '../domain/errors.ts'
import { runRepositoryKey } from '../domain/repository.ts'
import { hasEnded, type State } from '../domain/status.ts'
import type { FetchOptions } from '../git/mirrors.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { JobContext } from '../jobs/queue.ts'
import type { BuildDeps } from './deps.ts'
import { describeEnd } from './describe-end.ts'
import { findStoredCause } from './find-stored-cause.ts'
import { createLogWriter } from './log-writer.ts'
import { waitForRoom } from './wait-for-room.ts'

const WATCH_CANCEL_MS = 1000

/** Makes the SRPM of one commit, and hands it to the builder. Run again after a crash, it begins anew. */
export async function buildSrpm(
  { srpmBuildId }: Jobs['build-srpm'],
  deps: BuildDeps,
  context: JobContext,
): Promise<void> {
  const { database, now } = deps
  const srpm = await findSrpmBuild(database.db, srpmBuildId)
  const runId = await findRunOfSrpm(database.db, srpmBuildId)
  if (!srpm?.input || runId === undefined || hasEnded(srpm.state)) return
  await waitForRoom(deps)
  const logKey = `srpm/${srpm.id}/build.log`
  await database.transaction(async (tx) => {
    await moveSrpm(tx, srpm.id, ['pending', 'running'], { state: 'running', startedAt: now(), logKey, logSize: 0 })
    await announceRun(tx, deps.queue, runId, now(), { kind: 'srpm', rowId: srpm.id, state: 'running' })
  })
  // what a dead process wrote is begun anew: a log is written once
  await deps.storage.delete(`srpm/${srpm.id}`)
  const ended = await makeSrpm(srpm, srpm.input, runId, logKey, deps, context.signal)
  context.signal.throwIfAborted()
  await settleSrpm(srpm, runId, ended, deps)
}

interface Ended {
  state: State
  reason: string | null
  cause: Cause | null
  nvr?: string
  fileKey?: string
}

async function makeSrpm(
  srpm: SrpmBuild,
  input: NonNullable<SrpmBuild['input']>,
  runId: number,
  logKey: string,
  deps: BuildDeps,
  stop: AbortSignal,
): Promise<Ended> {
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
    return made.ok ? await keepSrpm(runId, made, deps) : await explainFailure(logKey, made, deps)
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
): Promise<Ended> {
  const run = await findRun(database.db, runId)
  const fileKey = `${runRepositoryKey(run?.pipelines[0]?.repositoryName ?? 'srpm', runId, 'srpm')}/${made.name}`
  await storage.putFile(fileKey, made.path)
  await made.remove()
  return { state: 'success', reason: null, cause: null, nvr: made.nvr, fileKey }
}

async function explainFailure(logKey: string, made: MadeSrpm & { ok: false }, { storage }: BuildDeps): Promise<Ended> {
  if (made.end === 'canceled') return { state: 'canceled', reason: 'cancelled', cause: null }
  const step = { kind: 'srpm' as const, end: made.end, ...(made.failure ? { failure: made.failure } : {}) }
  const cause = await findStoredCause(storage, logKey, step)
  // a conflict is no fault of the change alone: it ends neutral, with the files named
  if (made.failure?.kind === 'merge-conflict') return { state: 'skipped', reason: 'Merge conflicts present', cause }
  if (made.failure?.lacks) return { state: 'error', reason: `this machine lacks the ${made.failure.lacks}`, cause }
  return { state: made.end === 'crashed' ? 'error' : 'failure', reason: describeEnd(made.end) ?? cause.summary, cause }
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

/** Writes how the SRPM ended, and hands over: to the builder, or to nobody. */
export async function settleSrpm(
  srpm: SrpmBuild,
  runId: number,
  end: Ended,
  { database, queue, now }: BuildDeps,
): Promise<void> {
  await database.transaction(async (tx) => {
    const ended = {
      ...end,
      reason: end.state === 'canceled' ? ((await findSrpmCancel(tx, srpm.id)) ?? end.reason) : end.reason,
    }
    const { cause, ...columns } = ended
    if (
      !(await moveSrpm(tx, srpm.id, ['pending', 'running'], {
        ...columns,
        endedAt: now(),
        ...(cause ? { cause } : {}),
      }))
    )
      return
    const run = await findRun(tx, runId)
    for (const target of run?.targets ?? []) {
      if (target.state !== 'pending') continue
      await moveTarget(
        tx,
        target.id,
        ['pending'],
        ended.state === 'success' ? { state: 'pending' } : afterFailedSrpm(ended, now()),
      )
    }
    if (ended.state === 'success')
      for (const build of buildsToStart(run)) await queue.add(tx, 'start-build', { buildRowId: build.id })
    await announceRun(tx, queue, runId, now(), { kind: 'srpm', rowId: srpm.id, state: ended.state })
  })
}

function buildsToStart(run: Run | undefined): Run['builds'] {
  return run?.builds.filter((b) => run.targets.some((t) => t.buildRowId === b.id && t.state === 'pending')) ?? []
}

/** A target that never became a build: what the list of builds leaves out (no start, no log). */
function afterFailedSrpm(ended: Ended, endedAt: Date): { state: State; reason: string; endedAt: Date } {
  const words: Partial<Record<State, string>> = {
    failure: 'the SRPM failed',
    error: 'the SRPM could not be made',
    skipped: 'there is no SRPM',
  }
  return { state: ended.state, reason: words[ended.state] ?? ended.reason ?? 'cancelled', endedAt }
}
