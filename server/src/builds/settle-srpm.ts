import { findSrpmCancel, moveSrpm, moveTarget } from '../db/builds.ts'
import { findRun, type Run, type SrpmBuild } from '../db/runs.ts'
import type { Cause } from '../domain/cause/cause.ts'
import type { State } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import type { BuildDeps } from './deps.ts'

/** How an SRPM ended, and what is kept of it. */
export interface EndedSrpm {
  state: State
  reason: string | null
  cause: Cause | null
  nvr?: string
  fileKey?: string
  logKey?: string
  logSize?: number
  logsUrl?: string
}

/** Writes how the SRPM ended, and hands over: to the builder, or to nobody. */
export async function settleSrpm(
  srpm: SrpmBuild,
  runId: number,
  end: EndedSrpm,
  { database, queue, now }: BuildDeps,
): Promise<void> {
  await database.transaction(async (tx) => {
    const ended = {
      ...end,
      reason: end.state === 'canceled' ? ((await findSrpmCancel(tx, srpm.id)) ?? end.reason) : end.reason,
    }
    const { cause, ...columns } = ended
    const set = { ...columns, endedAt: now(), ...(cause ? { cause } : {}) }
    if (!(await moveSrpm(tx, srpm.id, ['pending', 'running'], set))) return
    const run = await findRun(tx, runId)
    for (const target of run?.targets ?? []) {
      if (target.state !== 'pending') continue
      const next = ended.state === 'success' ? { state: 'pending' as const } : afterFailedSrpm(ended, now())
      await moveTarget(tx, target.id, ['pending'], next)
    }
    for (const build of ended.state === 'success' ? buildsToStart(run) : []) {
      // where Copr made the SRPM, one of the builds is under way there already
      if (build.buildId !== null && build.buildId === run?.srpm?.coprBuildId)
        await queue.add(tx, 'settle-build', { buildRowId: build.id, poll: true })
      else await queue.add(tx, 'start-build', { buildRowId: build.id })
    }
    await announceRun(tx, queue, runId, now(), { kind: 'srpm', rowId: srpm.id, state: ended.state })
  })
}

/** Those that have something left to build. */
export function buildsToStart(run: Run | undefined): Run['builds'] {
  return run?.builds.filter((b) => run.targets.some((t) => t.buildRowId === b.id && t.state === 'pending')) ?? []
}

/** A target that never became a build: what the list of builds leaves out (no start, no log). */
function afterFailedSrpm(ended: EndedSrpm, endedAt: Date): { state: State; reason: string; endedAt: Date } {
  const words: Partial<Record<State, string>> = {
    failure: 'the SRPM failed',
    error: 'the SRPM could not be made',
    skipped: 'there is no SRPM',
  }
  return { state: ended.state, reason: words[ended.state] ?? ended.reason ?? 'cancelled', endedAt }
}
