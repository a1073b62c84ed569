import type { StartedBuild } from '../builders/builder.ts'
import { findBuild, findSrpmBuild, listTargetsOfBuild, setStarted } from '../db/builds.ts'
import { type Build, findRun, findRunOfGroup, type Run } from '../db/runs.ts'
import { ConfigError } from '../domain/errors.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { withLease } from '../jobs/lease.ts'
import { findBuildSettings, refuseBuilder, toBuild } from './build-settings.ts'
import type { BuildDeps } from './deps.ts'
import { giveUpBuild } from './give-up.ts'
import { inTurn, waitForRoom } from './wait-for-room.ts'

/** Hands an SRPM to the builder. A repeat finds what the first call started. */
export async function startBuild({ buildRowId }: Jobs['start-build'], deps: BuildDeps): Promise<void> {
  await withLease(deps.database, `start-build ${buildRowId}`, () => start(buildRowId, deps))
}

async function start(buildRowId: number, deps: BuildDeps): Promise<void> {
  const { database, builder } = deps
  const build = await findBuild(database.db, buildRowId)
  const runId = build?.groupId == null ? undefined : await findRunOfGroup(database.db, build.groupId)
  if (!build || runId === undefined || build.cancelReason !== null) return
  // it was noted together with the job that follows it
  if (builder.isRemote && build.buildId !== null) return
  const run = await findRun(database.db, runId)
  if (!run) return
  const begin = async () => {
    const started = await handOver(run, build, deps)
    if (started) await note(build, runId, started, deps)
  }
  if (builder.isRemote) return inTurn(deps, build, begin)
  await waitForRoom(deps)
  await begin()
}

/** Writes what was started, and has it followed. */
async function note(build: Build, runId: number, { buildId, place }: StartedBuild, deps: BuildDeps): Promise<void> {
  const { database, builder, queue, now } = deps
  await database.transaction(async (tx) => {
    const isKnown = build.buildId === buildId && build.builder === builder.name
    if (!isKnown)
      await setStarted(tx, build.id, {
        ...{ builder: builder.name, buildId },
        ...(place ? { owner: place.owner, projectName: place.project, webUrl: place.webUrl } : {}),
      })
    await queue.add(tx, 'settle-build', { buildRowId: build.id, poll: true })
    await announceRun(tx, queue, runId, now())
  })
  // it may have been cancelled while it was handed over, when nobody could say so to the builder yet
  if ((await findBuild(database.db, build.id))?.cancelReason != null) await builder.cancelBuild(buildId)
}

async function handOver(run: Run, build: Build, deps: BuildDeps): Promise<StartedBuild | undefined> {
  const { db } = deps.database
  const srpm = run.srpm && (await findSrpmBuild(db, run.srpm.id))
  const targets = await listTargetsOfBuild(db, build.id)
  if (!srpm?.fileKey || targets.every(({ state }) => hasEnded(state))) return undefined
  const settings = await findBuildSettings(db, run, build)
  try {
    const refusal = refuseBuilder(settings, deps.builder)
    if (refusal) throw new ConfigError(refusal)
    return await deps.builder.startBuild({
      id: build.id,
      srpm: srpm.fileKey,
      ...toBuild(build, targets, settings),
    })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    await giveUpBuild({ buildRowId: build.id }, error.message, deps, 'failure')
    return undefined
  }
}
