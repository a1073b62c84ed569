import type { Run } from '../db/runs.ts'
import { runRepositoryKey } from '../domain/repository.ts'

/** Where the SRPM of a run lies, and what it is made by elsewhere: beside the run's repositories, where it can be fetched. */
export function srpmFolder(run: Run | undefined, runId: number): string {
  return runRepositoryKey(run?.pipelines[0]?.repositoryName ?? 'srpm', runId, 'srpm')
}

/** Where its log is kept. */
export function srpmLogKey(srpmBuildId: number): string {
  return `srpm/${srpmBuildId}/build.log`
}
