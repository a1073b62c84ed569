import { findBuildRow } from '../db/builds.ts'
import type { Database } from '../db/database.ts'
import type { Build } from '../db/runs.ts'
import type { Queue } from './queue.ts'

/** A build of twenty chroots tells forty things, many at the same moment: so often its builder is asked at most. */
const SPAN_SECONDS = 2

/**
 * Has a build looked at, because something told that it changed. A hint that comes before the builder's id is known here is no loss: the
 * build is looked at when the id is written.
 *
 * @returns whether it is a build of ours
 */
export async function hintBuild(
  { database, queue }: { database: Database; queue: Queue },
  hint: { builder: Build['builder']; buildId: string },
  {
    isBurst = false,
  }: { /** Many are told at a time: they are collapsed, which takes a moment. */ isBurst?: boolean } = {},
): Promise<boolean> {
  const buildRowId = await findBuildRow(database.db, hint)
  if (buildRowId === undefined) return false
  const options = isBurst ? { collapse: { key: `hint-${buildRowId}`, seconds: SPAN_SECONDS } } : {}
  await queue.add(database.db, 'settle-build', { buildRowId, poll: false }, options)
  return true
}
