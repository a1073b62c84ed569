import type { Db } from '../db/database.ts'
import { findRun, type Run } from '../db/runs.ts'

/** Whole runs by their pipelines, oldest first. */
export async function readRuns(tx: Db, pipelines: readonly Run['pipelines'][number][]): Promise<Run[]> {
  const runs: Run[] = []
  for (const id of new Set(pipelines.map((p) => p.mergedRunId ?? p.id))) {
    const run = await findRun(tx, id)
    if (run) runs.push(run)
  }
  return runs
}
