import type { FoundTarget } from '../builders/builder.ts'
import type { BuildLedger } from '../builders/local/shared-builder.ts'
import { countBuildCrash } from '../db/builds.ts'
import type { Database, Db } from '../db/database.ts'
import {
  cancelLocalBuild,
  claimLocalBuild,
  endLocalBuilds,
  findLocalBuild,
  forgetLocalBuilds,
  listLocalBuilds,
  releaseLocalBuilds,
  releaseOrphans,
  writeLocalBuild,
} from '../db/local-builds.ts'
import { CRASH_RETURNS } from '../jobs/jobs.ts'
import type { Queue } from '../jobs/queue.ts'

/** The builds of this machine, as a table tells of them to the processes on others. */
export function createBuildLedger({ db }: Database, processId: string): BuildLedger {
  return {
    claim: (buildId, targets) => claimLocalBuild(db, { buildId, processId, targets }),
    write: (buildId, targets, hasEnded) => writeLocalBuild(db, { buildId, processId, targets, hasEnded }),
    async find(buildId) {
      const found = await findLocalBuild(db, buildId)
      if (!found) return undefined
      // written by `write` above, in this or another process
      const targets = (found.targets as (FoundTarget & { startedAt?: string; endedAt?: string })[]).map(withDates)
      return { targets, isHeld: found.processId !== null || found.hasEnded, isCanceled: found.isCanceled }
    },
    cancel: (buildId) => cancelLocalBuild(db, buildId),
    listOwn: () => listLocalBuilds(db, processId),
  }
}

/** JSON knows no instants. */
function withDates({ startedAt, endedAt, ...rest }: FoundTarget): FoundTarget {
  return {
    ...rest,
    ...(startedAt ? { startedAt: new Date(startedAt) } : {}),
    ...(endedAt ? { endedAt: new Date(endedAt) } : {}),
  }
}

/** Hands over what a process that stops was building; that is not counted as a failure of the build. */
export async function handOverBuilds(database: Database, queue: Queue, processId: string): Promise<void> {
  await database.transaction(async (tx) => {
    for (const buildId of await releaseLocalBuilds(tx, processId)) await beginAnew(tx, queue, buildId)
  })
}

/** Has others begin what dead processes were building, a limited number of times. */
export async function takeOverBuilds(database: Database, queue: Queue): Promise<void> {
  await database.transaction(async (tx) => {
    for (const buildId of await releaseOrphans(tx)) {
      const crashes = await countBuildCrash(tx, Number(buildId))
      if (crashes <= CRASH_RETURNS) await beginAnew(tx, queue, buildId)
      else await endLocalBuilds(tx, [buildId], (targets) => giveUpAll(targets as FoundTarget[]))
      await queue.add(tx, 'settle-build', { buildRowId: Number(buildId), poll: false })
    }
  })
  await forgetLocalBuilds(database.db)
}

const beginAnew = (tx: Db, queue: Queue, buildId: string) =>
  queue.add(tx, 'start-build', { buildRowId: Number(buildId) })

function giveUpAll(targets: FoundTarget[]): FoundTarget[] {
  const reason = `the service died ${CRASH_RETURNS} times while it built this`
  return targets.map((target) => ({ ...target, state: 'error', reason }))
}
