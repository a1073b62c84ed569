import { findBuildRow } from '../db/builds.ts'
import type { BuildDeps } from './deps.ts'

/** Somebody says that something about a build changed: its builder is asked at once, if the build is one of ours. */
export async function hintBuild(
  buildId: string,
  { database, queue, builder }: Pick<BuildDeps, 'database' | 'queue' | 'builder'>,
): Promise<void> {
  const buildRowId = await findBuildRow(database.db, builder.name, buildId)
  if (buildRowId !== undefined) await queue.add(database.db, 'settle-build', { buildRowId, poll: false })
}
