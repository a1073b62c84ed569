import type { FoundTarget } from '../builders/builder.ts'
import { moveTarget } from '../db/builds.ts'
import type { BuildTarget } from '../db/runs.ts'
import type { Cause } from '../domain/cause/cause.ts'
import { findCause } from '../domain/cause/find-cause.ts'
import { hasEnded, statesBefore } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import type { BuildDeps } from './deps.ts'
import { findStoredCause } from './find-stored-cause.ts'
import { publishWhenBuilt } from './publish-when-built.ts'

/** A target as it is kept, and as its builder has it now. */
export interface TargetNews {
  target: BuildTarget
  found: FoundTarget
}

type Columns = Parameters<typeof moveTarget>[3]

/** Writes what is new about targets of a run: all in one step, which is told and reported once. */
export async function settleTargets(news: readonly TargetNews[], runId: number, deps: BuildDeps): Promise<void> {
  const { database, queue, now } = deps
  const changes: { target: BuildTarget; columns: Columns }[] = []
  for (const { target, found } of news) {
    if (!statesBefore(found.state).includes(target.state)) continue
    changes.push({ target, columns: await columnsOf(target, found, deps) })
  }
  if (changes.length === 0) return
  await database.transaction(async (tx) => {
    const moved = []
    for (const { target, columns } of changes) {
      if (await moveTarget(tx, target.id, statesBefore(columns.state), columns))
        moved.push({ kind: 'build' as const, rowId: target.id, state: columns.state })
    }
    if (moved.length === 0) return
    await announceRun(tx, queue, runId, now(), ...moved)
    if (moved.some(({ state }) => hasEnded(state))) await publishWhenBuilt(tx, queue, runId)
  })
}

/** What is read from logs and files, before anything is locked. */
async function columnsOf(target: BuildTarget, found: FoundTarget, { storage, now }: BuildDeps): Promise<Columns> {
  const sizeOf = async (key: string) => (await storage.range(key, 0, 0))?.size ?? 0
  const isBroken = found.state === 'failure' || found.state === 'error'
  const cause = isBroken ? await explain(target, found, storage) : null
  const files = await Promise.all(
    (found.files ?? []).map(async (key) => ({ key, name: key.split('/').at(-1) ?? key, size: await sizeOf(key) })),
  )
  return {
    state: found.state,
    reason: found.reason ?? cause?.summary ?? null,
    ...(found.startedAt ? { startedAt: found.startedAt } : {}),
    ...(found.log ? { logKey: found.log, logSize: await sizeOf(found.log) } : {}),
    ...(found.logsUrl ? { logsUrl: found.logsUrl } : {}),
    ...(hasEnded(found.state) ? { endedAt: found.endedAt ?? now(), builtPackages: found.packages ?? [], files } : {}),
    ...(cause ? { cause } : {}),
  }
}

async function explain(target: BuildTarget, found: FoundTarget, storage: BuildDeps['storage']): Promise<Cause> {
  const step = { kind: 'build' as const, name: target.target ?? '', ...(found.end ? { end: found.end } : {}) }
  return found.log ? findStoredCause(storage, found.log, step) : findCause('', step)
}
