import { addChanges } from '../db/changes.ts'
import { writeChecks } from '../db/checks.ts'
import type { Database } from '../db/database.ts'
import { findEvent, listPipelinesOfEvent } from '../db/events.ts'
import { findRun, type Pipeline, type Run } from '../db/runs.ts'
import type { FindForge } from '../forges/forge.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Queue } from '../jobs/queue.ts'
import { wantedChecks } from './wanted-checks.ts'

/** What stage 4 works with. */
export interface ReportDeps {
  database: Database
  queue: Queue
  findForge: FindForge
  now: () => Date
  /** Nothing is written to a forge. */
  isShadow: boolean
  /** Where the pages are, without a slash at the end. */
  publicUrl: string
}

/** Writes what a forge shall show of an event. It reads the state, so repeats and late ones end the same. */
export async function reportEvent(
  { eventId }: Jobs['report-event'],
  { database, publicUrl }: ReportDeps,
): Promise<void> {
  const found = await findEvent(database.db, eventId)
  if (!found?.plan) return
  const { plan, project } = found
  const runs: Run[] = []
  for (const runId of newestRuns(await listPipelinesOfEvent(database.db, eventId))) {
    const run = await findRun(database.db, runId)
    if (run) runs.push(run)
  }
  await database.transaction(async (tx) => {
    const changed = await writeChecks(
      tx,
      eventId,
      wantedChecks(plan, runs, (path) => `${publicUrl}${path}`),
    )
    const path = `${project.forge}/${project.path}`
    await addChanges(
      tx,
      changed.length > 0
        ? runs.map((run) => ({ kind: 'check' as const, runId: run.id, rowId: eventId, project: path }))
        : [],
    )
  })
}

/**
 * The runs of each package's newest attempt, oldest first. An attempt that ended before anything was planned (it waited for
 * approval, its commit could not be had) is of no package: every later one replaces it, and one that was refused replaces
 * nothing.
 */
export function newestRuns(pipelines: readonly Pipeline[]): number[] {
  const newest = new Map<string, Pipeline>()
  const last = Math.max(...pipelines.map((pipeline) => pipeline.attempt))
  const isPlanned = (pipeline: Pipeline) => pipeline.srpmBuildId !== null || pipeline.buildGroupId !== null
  const anyPlanned = pipelines.some(isPlanned)
  for (const pipeline of pipelines) {
    const isReplaced = pipeline.attempt < last || (anyPlanned && pipeline.state === 'skipped')
    if (isReplaced && !isPlanned(pipeline)) continue
    const key = `${pipeline.package}\0${pipeline.identifier}`
    const known = newest.get(key)
    if (!known || pipeline.attempt > known.attempt) newest.set(key, pipeline)
  }
  return [...new Set([...newest.values()].map((p) => p.mergedRunId ?? p.id))].sort((a, b) => a - b)
}
