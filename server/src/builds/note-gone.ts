import { listRemoteBuilds, markExpired } from '../db/retention.ts'
import { findRunOfPipeline } from '../db/runs.ts'
import { announceRun } from '../jobs/announce.ts'
import type { BuildDeps } from './deps.ts'

/** Copr keeps what is published for two weeks at least; what is younger is not asked for. */
const KEPT_DAYS = 14
const DAY_MS = 24 * 60 * 60_000

/** Notes what the builder has removed: its pages say so, and offer to build it again. */
export async function noteGone(deps: BuildDeps): Promise<void> {
  const { database, builder, queue, now } = deps
  if (!builder.isRemote) return
  const before = new Date(now().getTime() - KEPT_DAYS * DAY_MS)
  for (let after = 0; ; ) {
    const published = await listRemoteBuilds(database.db, before, after)
    const last = published.at(-1)
    if (!last) return
    after = last.pipelineId
    for (const build of published) {
      if (build.builder !== builder.name || (await builder.findTargets(build.buildId, []))) continue
      const runId = await findRunOfPipeline(database.db, build.pipelineId)
      await database.transaction(async (tx) => {
        await markExpired(tx, [build.pipelineId], now())
        if (runId !== undefined) await announceRun(tx, queue, runId, now())
      })
    }
  }
}
