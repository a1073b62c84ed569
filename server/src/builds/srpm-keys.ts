import type { Run } from '../db/runs.ts'
import { isSafeName } from '../domain/escape.ts'
import { runRepositoryKey } from '../domain/repository.ts'

/** Where the SRPM of a run lies, and what it is made by elsewhere: beside the run's repositories, where it can be fetched. */
export function srpmFolder(run: Run | undefined, runId: number): string {
  const name = run?.pipelines[0]?.repositoryName ?? ''
  // a project of Copr is called as its configuration likes: what can't be called so there is refused there
  return runRepositoryKey(isSafeName(name) ? name : 'srpm', runId, 'srpm')
}

/** Where its log is kept. */
export function srpmLogKey(srpmBuildId: number): string {
  return `srpm/${srpmBuildId}/build.log`
}
