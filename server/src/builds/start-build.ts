import { findBuild, findSrpmBuild, listTargetsOfBuild, setBuildId } from '../db/builds.ts'
import { findRun, findRunOfGroup } from '../db/runs.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { BuildDeps } from './deps.ts'
import { waitForRoom } from './wait-for-room.ts'

/** Hands an SRPM to the builder. A repeat finds what the first call started. */
export async function startBuild({ buildRowId }: Jobs['start-build'], deps: BuildDeps): Promise<void> {
  const { database, builder, queue, now } = deps
  const build = await findBuild(database.db, buildRowId)
  const runId = build?.groupId == null ? undefined : await findRunOfGroup(database.db, build.groupId)
  if (!build || runId === undefined || build.cancelReason !== null) return
  const run = await findRun(database.db, runId)
  const srpm = run?.srpm && (await findSrpmBuild(database.db, run.srpm.id))
  const targets = await listTargetsOfBuild(database.db, build.id)
  const chroots = targets.filter((t) => !hasEnded(t.state)).map((t) => t.target ?? '')
  if (!srpm?.fileKey || chroots.length === 0) return

  await waitForRoom(deps)
  const buildId = await builder.startBuild({
    id: build.id,
    srpm: srpm.fileKey,
    chroots,
    project: build.projectName ?? '',
  })
  await database.transaction(async (tx) => {
    if (build.buildId !== buildId) await setBuildId(tx, build.id, buildId)
    await queue.add(tx, 'settle-build', { buildRowId: build.id, poll: true })
    await announceRun(tx, queue, runId, now())
  })
}
