import type { FoundSources } from '../builders/builder.ts'
import { findSrpmBuild, moveSrpm } from '../db/builds.ts'
import { findRun, findRunOfSrpm, type SrpmBuild } from '../db/runs.ts'
import { isBelievedGone, isLost, pollAfterMs } from '../domain/polling.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { BuildDeps } from './deps.ts'
import { explainSourceFailure } from './explain-srpm.ts'
import { giveUpSrpm } from './give-up.ts'
import { type EndedSrpm, settleSrpm } from './settle-srpm.ts'
import { srpmFolder, srpmLogKey } from './srpm-keys.ts'

/** Asks the builder how an SRPM stands that it makes, and hands over when that has ended. Hints and polls both end here. */
export async function settleSource(
  { srpmBuildId, poll, polls = 0 }: Jobs['settle-source'],
  deps: BuildDeps,
): Promise<void> {
  const { database, builder } = deps
  const srpm = await findSrpmBuild(database.db, srpmBuildId)
  const runId = await findRunOfSrpm(database.db, srpmBuildId)
  if (!srpm || srpm.coprBuildId === null || runId === undefined || hasEnded(srpm.state)) return
  const buildId = srpm.coprBuildId
  if (!builder.sources)
    return giveUpSrpm(
      { srpmBuildId },
      `it was begun in Copr, and this installation builds by ${builder.name} now`,
      deps,
    )
  if (srpm.cancelReason !== null) await builder.cancelBuild(buildId)
  const logKey = srpmLogKey(srpmBuildId)
  const folder = srpmFolder(await findRun(database.db, runId), runId)
  const found = await builder.sources.find(buildId, { log: logKey, folder })
  if (!found && isBelievedGone(polls))
    return giveUpSrpm({ srpmBuildId }, `${builder.name} does not know build ${buildId} any more`, deps)
  if (!found) return poll ? pollOn(srpm, polls, deps) : undefined
  if (hasEnded(found.state)) return settleSrpm(srpm, runId, await toEnded(found, logKey, deps), deps)
  await noteLog(srpm, runId, found, deps)
  if (poll) await pollOn(srpm, polls, deps)
}

async function toEnded(found: FoundSources, logKey: string, deps: BuildDeps): Promise<EndedSrpm> {
  const { storage } = deps
  const log = found.hasLog ? { logKey, logSize: (await storage.range(logKey, 0, 0))?.size ?? 0 } : {}
  const kept = { ...log, ...(found.logsUrl ? { logsUrl: found.logsUrl } : {}) }
  return { ...kept, ...(await decide(found, logKey, deps)) }
}

async function decide({ state, reason, srpm, hasLog }: FoundSources, logKey: string, { storage }: BuildDeps) {
  if (state === 'success' && srpm)
    return { state, reason: null, cause: null, nvr: srpm.nvr, fileKey: srpm.key } satisfies EndedSrpm
  if (state !== 'failure') return { state, reason: reason ?? 'Copr does not know how it ended', cause: null }
  if (hasLog) return explainSourceFailure(storage, logKey)
  return { state, reason: reason ?? 'it failed in Copr, which has no log of it', cause: null }
}

/** As soon as there is a log, it can be read where it is written. */
async function noteLog(srpm: SrpmBuild, runId: number, { logsUrl }: FoundSources, deps: BuildDeps): Promise<void> {
  const { database, queue, now } = deps
  if (logsUrl === undefined || logsUrl === srpm.logsUrl) return
  await database.transaction(async (tx) => {
    if (!(await moveSrpm(tx, srpm.id, ['running'], { state: 'running', logsUrl }))) return
    await announceRun(tx, queue, runId, now(), { kind: 'srpm', rowId: srpm.id, state: 'running' })
  })
}

/** The polling job asks again until it has ended, often at first and seldom later. */
async function pollOn(srpm: SrpmBuild, polls: number, deps: BuildDeps): Promise<void> {
  const { database, queue, builder, longestPollMs, now } = deps
  if (isLost(srpm.startedAt ?? srpm.submittedAt, now())) {
    await builder.cancelBuild(srpm.coprBuildId ?? '')
    return giveUpSrpm({ srpmBuildId: srpm.id }, `${builder.name} did not make it within 7 days`, deps)
  }
  const afterMs = pollAfterMs(polls, longestPollMs)
  await queue.add(database.db, 'settle-source', { srpmBuildId: srpm.id, poll: true, polls: polls + 1 }, { afterMs })
}
