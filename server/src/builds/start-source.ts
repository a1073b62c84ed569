import type { StartedBuild } from '../builders/builder.ts'
import { findSrpmBuild, listTargetsOfBuild, moveSrpm, setStarted } from '../db/builds.ts'
import { type Build, findRun, type Run, type SrpmBuild } from '../db/runs.ts'
import { ConfigError, UnavailableError } from '../domain/errors.ts'
import { isMadeInCopr, WAITS_FOR_COPR } from '../domain/srpm/where.ts'
import type { SrpmInput } from '../domain/srpm-input.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import { withLease } from '../jobs/lease.ts'
import { type BuildSettings, findBuildSettings, toBuild } from './build-settings.ts'
import type { BuildDeps } from './deps.ts'
import { giveUpBuild } from './give-up.ts'
import { buildsToStart, settleSrpm } from './settle-srpm.ts'
import { srpmFolder } from './srpm-keys.ts'
import { inTurn } from './wait-for-room.ts'

/** A run whose SRPM is made elsewhere: together with the first of its builds, which is one with it there. */
interface Source {
  srpm: SrpmBuild & { input: SrpmInput }
  run: Run
  lead: Build
  settings: BuildSettings
}

/**
 * Has an SRPM made by the builder, where that has to be. A repeat finds what the first call started.
 *
 * @returns `false` when it is to be made here
 */
export async function startSource(
  srpm: SrpmBuild & { input: SrpmInput },
  runId: number,
  deps: BuildDeps,
): Promise<boolean> {
  // it was noted together with the job that follows it
  if (srpm.coprBuildId !== null) return true
  if (!deps.builder.sources) return false
  return withLease(deps.database, `start-source ${srpm.id}`, () => start(srpm, runId, deps))
}

async function start(srpm: Source['srpm'], runId: number, deps: BuildDeps): Promise<boolean> {
  const { db } = deps.database
  // another worker may have been first, or it was cancelled meanwhile
  const current = await findSrpmBuild(db, srpm.id)
  if (!current || current.coprBuildId !== null || hasEnded(current.state)) return true
  const run = await findRun(db, runId)
  const [lead] = buildsToStart(run)
  if (!run || !lead) return false
  const settings = await findBuildSettings(db, run, lead)
  if (!isMadeInCopr(srpm.input, settings.isPrivate !== false, deps.sourcePlace)) return false
  const source = { srpm, run, lead, settings }
  try {
    await inTurn(deps, lead, async () => {
      const started = await handOver(source, deps)
      if (started) await note(source, started, deps)
    })
  } catch (error) {
    if (error instanceof UnavailableError) await noteWaiting(srpm, run.id, deps)
    throw error
  }
  return true
}

async function handOver({ srpm, run, lead, settings }: Source, deps: BuildDeps): Promise<StartedBuild | undefined> {
  const targets = await listTargetsOfBuild(deps.database.db, lead.id)
  const folder = srpmFolder(run, run.id)
  try {
    return await deps.builder.sources?.start({
      id: srpm.id,
      input: srpm.input,
      // `repos/…` is what is served
      folder: { key: folder, url: `${deps.reposUrl}/${folder.replace(/^repos\//, '')}` },
      ...toBuild(lead, targets, settings),
    })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    await refuse({ srpm, run, lead, settings }, error.message, deps)
    return undefined
  }
}

/** The packager has to mend something, of this build: others of the run may belong elsewhere. */
async function refuse({ srpm, run, lead }: Source, reason: string, deps: BuildDeps): Promise<void> {
  const { database, queue } = deps
  await giveUpBuild({ buildRowId: lead.id }, reason, deps, 'failure')
  const [next] = buildsToStart(await findRun(database.db, run.id))
  if (next) await queue.add(database.db, 'build-srpm', { srpmBuildId: srpm.id })
  else await settleSrpm(srpm, run.id, { state: 'failure', reason, cause: null }, deps)
}

/** Pages and checks say what it waits for. */
async function noteWaiting(srpm: SrpmBuild, runId: number, { database, queue, now }: BuildDeps): Promise<void> {
  if (srpm.reason === WAITS_FOR_COPR) return
  await database.transaction(async (tx) => {
    if (!(await moveSrpm(tx, srpm.id, ['pending'], { state: 'pending', reason: WAITS_FOR_COPR }))) return
    await announceRun(tx, queue, runId, now())
  })
}

/** Writes who makes it, and has it followed. */
async function note({ srpm, run, lead }: Source, { buildId, place }: StartedBuild, deps: BuildDeps): Promise<void> {
  const { database, builder, queue, now } = deps
  await database.transaction(async (tx) => {
    const set = { reason: null, startedAt: now(), coprBuildId: buildId, coprWebUrl: place?.webUrl ?? null }
    if (!(await moveSrpm(tx, srpm.id, ['pending', 'running'], { state: 'running', ...set }))) return
    await setStarted(tx, lead.id, {
      ...{ builder: builder.name, buildId },
      ...(place ? { owner: place.owner, projectName: place.project, webUrl: place.webUrl } : {}),
    })
    await queue.add(tx, 'settle-source', { srpmBuildId: srpm.id, poll: true })
    await announceRun(tx, queue, run.id, now(), { kind: 'srpm', rowId: srpm.id, state: 'running' })
  })
  // it may have been cancelled while it was handed over, when nobody could say so to the builder yet
  const after = await findSrpmBuild(database.db, srpm.id)
  if (after?.state === 'canceled' || after?.cancelReason != null) await builder.cancelBuild(buildId)
}
