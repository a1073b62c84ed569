import { copyFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { findRun } from '../server/src/db/runs.ts'
import type { SrpmInput } from '../server/src/domain/srpm-input.ts'
import { hasEnded, type State } from '../server/src/domain/status.ts'
import type { TestRepository } from '../server/src/git/test-repository.ts'
import { branchOff, delivery, openSample, type openService, StreamClient } from './service.ts'

export interface BuiltOnce {
  repository: TestRepository
  /** What its SRPM was made from. */
  input: SrpmInput
  /** A copy of the SRPM, in the folder that was given. */
  srpm: string
  srpmStepMs: number
}

type Opened = Awaited<ReturnType<typeof openService>>

/** Has one pull request of the sample validated by the service; waits for its end. */
export async function buildOne(dir: string, opened: Opened, number = 1, known?: TestRepository): Promise<BuiltOnce> {
  const repository = known ?? (await openSample(join(dir, 'hello')))
  using stream = await StreamClient.open(opened.url)
  const response = await fetch(delivery(opened.url, await branchOff(repository, number)))
  if (response.status !== 202) throw new Error(`the webhook answered ${response.status}: ${await response.text()}`)
  const { run: runId } = await stream.find(({ kind, state }) => kind === 'run' && hasEnded(state as State))
  const run = await findRun(opened.service.database.db, runId ?? 0)
  const { input, fileKey, startedAt, endedAt } = run?.srpm ?? {}
  if (!input || !fileKey || !startedAt || !endedAt) throw new Error(`run ${runId} has no SRPM: ${run?.srpm?.reason}`)
  const srpm = join(dir, basename(fileKey))
  await copyFile(await opened.service.storage.localPath(fileKey), srpm)
  return { repository, input, srpm, srpmStepMs: endedAt.getTime() - startedAt.getTime() }
}
