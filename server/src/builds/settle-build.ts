import type { FoundTarget } from '../builders/builder.ts'
import { countBuildCrash, findBuild, findSourceOf, listTargetsOfBuild, moveTarget } from '../db/builds.ts'
import { type Build, type BuildTarget, findRunOfGroup } from '../db/runs.ts'
import { isBelievedGone, isLost, pollAfterMs } from '../domain/polling.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from '../jobs/announce.ts'
import { CRASH_RETURNS, type Jobs } from '../jobs/jobs.ts'
import { copyLiveLogs } from './copy-live-logs.ts'
import type { BuildDeps } from './deps.ts'
import { giveUpBuild } from './give-up.ts'
import { publishWhenBuilt } from './publish-when-built.ts'
import { settleTargets } from './settle-targets.ts'

/** Asks the builder how a build stands, and writes what is new. Hints and polls both end here. */
export async function settleBuild(
  { buildRowId, poll, polls = 0 }: Jobs['settle-build'],
  deps: BuildDeps,
): Promise<void> {
  const { database, builder } = deps
  const build = await findBuild(database.db, buildRowId)
  const runId = build?.groupId == null ? undefined : await findRunOfGroup(database.db, build.groupId)
  if (!build?.buildId || runId === undefined) return
  const before = await listTargetsOfBuild(database.db, build.id)
  if (before.every((t) => hasEnded(t.state))) return
  // ids of two builders have nothing to do with each other
  if (build.builder !== builder.name) return giveUpBuild({ buildRowId }, otherBuilder(build, builder.name), deps)
  // its SRPM is made first, and what follows from that is decided there
  const source = builder.sources && (await findSourceOf(database.db, build.buildId))
  if (source !== undefined) {
    await deps.queue.add(database.db, 'settle-source', { srpmBuildId: source, poll: false })
    return
  }
  if (build.cancelReason !== null) await builder.cancelBuild(build.buildId)
  const open = before.filter(({ state }) => !hasEnded(state)).map(({ target }) => target ?? '')
  const found = await builder.findTargets(build.buildId, open)
  if (!found && !builder.isRemote) return restartOrEnd(build, before, runId, deps)
  if (!found && isBelievedGone(polls)) return endGone(build, deps)
  if (!found) return poll ? pollOn(build, polls, deps) : undefined

  const news = before.flatMap((target) => {
    const now = hasEnded(target.state) ? undefined : found.find(({ chroot }) => chroot === target.target)
    return now ? [{ target, found: withReason(now, build) }] : []
  })
  await settleTargets(news, runId, deps)
  // the whole log is stored now, under another key
  for (const { found: now } of news)
    if (hasEnded(now.state) && now.log) await builder.liveLogs?.remove(build.buildId, now.chroot)
  if (!poll) return
  await copyLiveLogs({ id: build.id, buildId: build.buildId }, found, runId, deps)
  await pollOn(build, polls, deps)
}

function otherBuilder({ builder }: Build, now: string): string {
  return `this was begun by the builder ${builder}, and this installation builds by ${now} now: run it again`
}

/** The builder has removed it, or somebody there has. */
function endGone(build: Build, deps: BuildDeps): Promise<void> {
  return giveUpBuild({ buildRowId: build.id }, `${build.builder} does not know build ${build.buildId} any more`, deps)
}

/** A builder only knows that a build was cancelled; we know why. */
function withReason(found: FoundTarget, { cancelReason }: Build): FoundTarget {
  return found.state === 'canceled' && cancelReason !== null ? { ...found, reason: cancelReason } : found
}

/** A builder that forgot a build (this machine, after a restart) gets it again, a limited number of times. */
async function restartOrEnd(
  build: Build,
  targets: BuildTarget[],
  runId: number,
  { database, queue, now }: BuildDeps,
): Promise<void> {
  await database.transaction(async (tx) => {
    // the owner of an embedded database was stopped or killed: that is not the build's doing
    const crashes = database.kind === 'embedded' ? 0 : await countBuildCrash(tx, build.id)
    if (build.cancelReason === null && crashes <= CRASH_RETURNS) {
      await queue.add(tx, 'start-build', { buildRowId: build.id })
      return
    }
    for (const target of targets) {
      const end =
        build.cancelReason !== null
          ? ({ state: 'canceled', reason: build.cancelReason } as const)
          : ({ state: 'error', reason: `the service died ${CRASH_RETURNS} times while it built this` } as const)
      await moveTarget(tx, target.id, ['pending', 'running'], { ...end, endedAt: now() })
    }
    await announceRun(tx, queue, runId, now())
    await publishWhenBuilt(tx, queue, runId)
  })
}

/** The polling job asks again as long as something runs, often at first and seldom later. */
async function pollOn(build: Build, polls: number, deps: BuildDeps): Promise<void> {
  const { database, queue, builder, longestPollMs, now } = deps
  const targets = await listTargetsOfBuild(database.db, build.id)
  if (targets.every(({ state }) => hasEnded(state))) return
  if (builder.isRemote && isLost(build.submittedAt, now()))
    return giveUpBuild({ buildRowId: build.id }, `${build.builder} did not end it within 7 days`, deps)
  const afterMs = pollAfterMs(polls, longestPollMs)
  await queue.add(database.db, 'settle-build', { buildRowId: build.id, poll: true, polls: polls + 1 }, { afterMs })
}
