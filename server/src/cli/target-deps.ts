import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { TargetDeps } from '../events/refresh-targets.ts'
import { createTargetSource } from '../targets/client.ts'
import { readTargetLists } from '../targets/refresh.ts'
import { builtInLists } from '../targets/table.ts'
import { writeTargetsFile } from './targets-file.ts'

/** What refreshes the table of targets, put together; where it is switched off nothing is asked. */
export function createTargetDeps(config: Config, database: Database, now: () => Date): TargetDeps {
  const source = config.targetSource && createTargetSource(config.targetSource)
  return {
    database,
    now,
    builtIn: builtInLists,
    copr: source?.copr,
    readLists: source && ((known, at, signal) => readTargetLists(source, known, at, signal)),
    keepCopy: (lists) => writeTargetsFile(config.dataDir, lists),
  }
}
