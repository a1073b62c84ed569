import type { FoundTarget } from '../builders/builder.ts'
import { listTargetsOfBuild, setLiveLog } from '../db/builds.ts'
import type { Build, BuildTarget } from '../db/runs.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import type { BuildDeps } from './deps.ts'
import { notifyGrowth } from './tell-log-growth.ts'

/** Copies what is new of the logs of targets that run elsewhere, and tells those who watch them. */
export async function copyLiveLogs(
  build: Pick<Build, 'id'> & { buildId: string },
  found: readonly FoundTarget[],
  runId: number,
  deps: BuildDeps,
): Promise<void> {
  const { liveLogs } = deps.builder
  const running = found.filter(({ state }) => state === 'running')
  if (!liveLogs || running.length === 0) return
  const copied = await liveLogs.copy(build.buildId, running)
  if (copied.length === 0) return
  const targets = await listTargetsOfBuild(deps.database.db, build.id)
  for (const { chroot, key, size } of copied) {
    const target = targets.find((t) => t.target === chroot)
    if (target) await noteCopy(target, { key, size }, runId, deps)
    // whoever wrote its end removed the copies before this one was made
    if (target && hasEnded(target.state) && target.logKey !== key) await liveLogs.remove(build.buildId, chroot)
  }
}

async function noteCopy(
  target: BuildTarget,
  log: { key: string; size: number },
  runId: number,
  { database, queue, now }: BuildDeps,
): Promise<void> {
  if (target.logKey === log.key) {
    if (!(await setLiveLog(database.db, target.id, log))) return
  } else {
    // pages learn that there is a log now
    const isNew = await database.transaction(async (tx) => {
      if (!(await setLiveLog(tx, target.id, log))) return false
      await announceRun(tx, queue, runId, now(), { kind: 'build', rowId: target.id, state: target.state })
      return true
    })
    if (!isNew) return
  }
  await notifyGrowth(database, { id: target.id, run: runId }, log.size)
}
