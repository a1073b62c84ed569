import { findTargetOfBuild, setTargetLogSize } from '../db/builds.ts'
import { type Database, notify } from '../db/database.ts'

/** Tells those who watch a build's log that it has grown. */
export type TellLogGrowth = (buildId: string, chroot: string, bytes: number) => Promise<void>

/** Which target and run a builder's words are about is looked up once for each. */
export function createLogTeller(database: Database, builder: 'local' | 'copr' | 'mock'): TellLogGrowth {
  const known = new Map<string, { id: number; run: number }>()
  return async (buildId, chroot, bytes) => {
    const key = `${buildId} ${chroot}`
    const target = known.get(key) ?? (await findTargetOfBuild(database.db, builder, buildId, chroot))
    if (!target) return
    known.set(key, target)
    if (known.size > 1000) known.clear()
    await setTargetLogSize(database.db, target.id, bytes)
    await notifyGrowth(database, target, bytes)
  }
}

/** Tells those who watch the log of a build target how large it is. */
export async function notifyGrowth(
  { db }: Database,
  target: { id: number; run: number },
  bytes: number,
): Promise<void> {
  const { id, run } = target
  await notify(db, 'packit_logs', JSON.stringify({ step: 'build', id, run, size: bytes }))
}
