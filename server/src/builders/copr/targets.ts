import { NotFoundError, UnavailableError } from '../../domain/errors.ts'
import { hasEnded } from '../../domain/status.ts'
import type { FoundTarget } from '../builder.ts'
import type { CoprBuild, CoprChroot } from './answers.ts'
import type { CoprClient } from './client.ts'
import { fetchLog, type LogDeps } from './logs.ts'
import { judgeChroot } from './states.ts'

export interface TargetDeps extends LogDeps {
  client: CoprClient
  now: () => Date
}

/** Results are on another server than the API; its log of a build may come later, or never. */
const LOG_PATIENCE_MS = 10 * 60_000
const LOG_RETRY_MS = 15_000

/** How the chroots of a build stand; see `Builder.findTargets`. */
export async function findTargets(
  buildId: string,
  open: readonly string[] | undefined,
  deps: TargetDeps,
): Promise<FoundTarget[] | undefined> {
  const build = await deps.client.findBuild(buildId)
  const chroots = build && (await deps.client.listChroots(buildId))
  if (!chroots) return undefined
  const found: FoundTarget[] = []
  for (const chroot of chroots) {
    const isOpen = open === undefined || open.includes(chroot.name)
    const target = await findTarget(build, chroot, isOpen, deps)
    if (target) found.push(target)
  }
  const known = new Set(chroots.map(({ name }) => name))
  const missing = known.size === 0 ? [] : (open ?? []).filter((chroot) => !known.has(chroot))
  return [...found, ...missing.map(notBuilt)]
}

function notBuilt(chroot: string): FoundTarget {
  return { chroot, state: 'skipped', reason: `Copr does not build for ${chroot}` }
}

async function findTarget(
  build: CoprBuild,
  chroot: CoprChroot,
  isOpen: boolean,
  deps: TargetDeps,
): Promise<FoundTarget | undefined> {
  const judged = judgeChroot(build, chroot, true)
  if (!judged) return undefined
  const { startedAt, endedAt } = chroot
  const target: FoundTarget = {
    chroot: chroot.name,
    ...judged,
    ...(startedAt ? { startedAt } : {}),
    ...(hasEnded(judged.state) && endedAt ? { endedAt } : {}),
    ...(chroot.resultUrl ? { logsUrl: `${chroot.resultUrl}builder-live.log` } : {}),
  }
  if (!isOpen || !hasEnded(target.state)) return target
  const hasLog = target.state !== 'skipped' && (target.state !== 'canceled' || chroot.resultUrl !== null)
  if (hasLog) Object.assign(target, await keepLog(build, chroot, deps))
  if (target.state === 'success') target.packages = await deps.client.listPackages(String(build.id), chroot.name)
  return target
}

/** Copies the log; a server of results that is away is waited for, but not for ever. */
async function keepLog(
  build: CoprBuild,
  chroot: CoprChroot,
  deps: TargetDeps,
): Promise<Pick<FoundTarget, 'log' | 'logsUrl'> | undefined> {
  // what never began has the log of the sources, if any
  const folder = chroot.resultUrl ?? (await deps.client.findSourceChroot(String(build.id)))?.resultUrl
  if (!folder) return undefined
  const key = `builds/copr/${build.id}/${chroot.name}/build.log`
  try {
    const logsUrl = await fetchLog(folder, key, deps)
    return logsUrl === undefined ? undefined : { log: key, logsUrl }
  } catch (error) {
    const waitedMs = deps.now().getTime() - (chroot.endedAt?.getTime() ?? 0)
    if (error instanceof NotFoundError || waitedMs > LOG_PATIENCE_MS) return undefined
    throw new UnavailableError(`the log of build ${build.id} can't be read from Copr now`, LOG_RETRY_MS, {
      cause: error,
      // logs are with another server than the builds
      isBusy: true,
    })
  }
}
