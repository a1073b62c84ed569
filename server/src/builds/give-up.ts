import { findBuild, findSrpmBuild, moveTarget } from '../db/builds.ts'
import { findRun, findRunOfGroup, findRunOfSrpm, setGaveUp } from '../db/runs.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { BuildDeps } from './deps.ts'
import { publishWhenBuilt } from './publish-when-built.ts'
import { settleSrpm } from './settle-srpm.ts'

/** A job that was given up ends its SRPM, and with it the run, as an error of ours: none is silent. */
export async function giveUpSrpm(
  { srpmBuildId }: { srpmBuildId: number },
  reason: string,
  deps: BuildDeps,
): Promise<void> {
  const srpm = await findSrpmBuild(deps.database.db, srpmBuildId)
  const runId = await findRunOfSrpm(deps.database.db, srpmBuildId)
  if (srpm && runId !== undefined && !hasEnded(srpm.state))
    await settleSrpm(srpm, runId, { state: 'error', reason, cause: null }, deps)
}

/** The same for the targets of a build; `failure` where it is the packager who has to mend something. */
export async function giveUpBuild(
  { buildRowId }: { buildRowId: number },
  reason: string,
  deps: BuildDeps,
  state: 'error' | 'failure' = 'error',
): Promise<void> {
  const { database, queue, now } = deps
  const build = await findBuild(database.db, buildRowId)
  const runId = build?.groupId == null ? undefined : await findRunOfGroup(database.db, build.groupId)
  if (runId === undefined) return
  await database.transaction(async (tx) => {
    const run = await findRun(tx, runId)
    let any = false
    for (const target of run?.targets ?? []) {
      if (target.buildRowId === buildRowId)
        any = (await moveTarget(tx, target.id, ['pending', 'running'], { state, reason, endedAt: now() })) || any
    }
    if (!any) return
    await announceRun(tx, queue, runId, now())
    // another build of the same run may have gone well
    await publishWhenBuilt(tx, queue, runId)
  })
}

/** The same for a repository that can't be published. */
export async function giveUpRepository(
  { runId }: Jobs['publish-repository'],
  reason: string,
  deps: BuildDeps,
): Promise<void> {
  const { database, queue, now } = deps
  await database.transaction(async (tx) => {
    await setGaveUp(tx, runId, `the repository could not be published: ${reason}`)
    await announceRun(tx, queue, runId, now())
  })
}
