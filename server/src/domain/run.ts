import { combineStates, hasEnded, type State } from './status.ts'

/** What a run consists of, as far as its state goes. */
export interface RunParts {
  srpm: { state: State; reason: string | null } | null
  targets: readonly { target: string; state: State; reason: string | null; isHost: boolean }[]
  tests?: readonly { state: State; reason: string | null; isHost?: boolean }[]
  /** Whether the packages still have to be published (or were). */
  published: boolean
  /** Why the run was given up, when it was. */
  gaveUp: string | null
}

/** A host build is worth something, but never counts as one of the targets that the project wants. */
export const HOST_PREFIX = 'host-'

/** How a run stands: its builds first, then the tests of what they made. */
export function decideRunState(parts: RunParts): { state: State; reason: string | null } {
  const { tests = [], gaveUp } = parts
  if (tests.length === 0 || gaveUp) return decideBuildState(parts)
  const ofTests = stateOfTests(tests)
  const tested = { state: ofTests, reason: tests.find(({ state }) => state === ofTests)?.reason ?? null }
  // tests of packages that an earlier run made
  if (!parts.srpm) return tested
  const built = decideBuildState(parts)
  if (!hasEnded(built.state)) return built
  if (!hasEnded(ofTests)) return { state: 'running', reason: null }
  // a run that built none of the wanted targets is not green for what else was tested
  if (built.state === 'skipped' && ofTests === 'success') return built
  const worst = combineStates([built.state, ofTests])
  return worst === built.state ? built : tested
}

/** What this machine tests for itself makes nothing green of which no wanted target was tested. */
function stateOfTests(tests: NonNullable<RunParts['tests']>): State {
  const all = combineStates(tests.map(({ state }) => state))
  const wanted = tests.filter(({ isHost }) => !isHost)
  if (all !== 'success' || wanted.length === 0) return all
  return combineStates(wanted.map(({ state }) => state))
}

/**
 * How the builds of a run stand. They end neutral (`skipped`) when nothing failed but no wanted target could be built here.
 *
 * @returns the state, and in a sentence why, where the state alone does not say it
 */
function decideBuildState({ srpm, targets, published, gaveUp }: RunParts): {
  state: State
  reason: string | null
} {
  if (gaveUp) return { state: 'error', reason: gaveUp }
  if (!srpm) return { state: 'skipped', reason: null }
  if (srpm.state !== 'success') return { state: srpm.state, reason: srpm.reason }
  const state = combineStates(targets.map((t) => t.state))
  if (!hasEnded(state)) return { state: 'running', reason: null }
  if (state !== 'success') return { state, reason: targets.find((t) => t.state === state)?.reason ?? null }
  if (!published) return { state: 'running', reason: null }
  const wanted = targets.filter((t) => !t.isHost)
  const built = wanted.filter((t) => t.state === 'success')
  if (wanted.length === 0 || built.length === wanted.length) return { state: 'success', reason: null }
  const hosts = targets.filter((t) => t.isHost).map((t) => t.target)
  const left = wanted.find((t) => t.state !== 'success')
  const why =
    hosts.length > 0
      ? `this installation builds for ${hosts.join(', ')}`
      : `${left?.target} was skipped${left?.reason ? ` (${left.reason})` : ''}`
  const reason = `${built.length} of ${wanted.length} wanted targets: ${why}`
  return built.length > 0 ? { state: 'success', reason } : { state: 'skipped', reason }
}

/** A run as far as its state follows from the parts. */
interface PartsOfRun {
  pipelines: readonly { gaveUp: string | null; buildGroupId: number | null; publishedAt: Date | null }[]
  srpm: { state: State; reason: string | null } | undefined
  targets: readonly { target: string | null; groupId: number | null; state: State; reason: string | null }[]
  tests: readonly { target: string | null; state: State; reason: string | null }[]
}

/** How a run stands, from all that it consists of. */
export function stateOfRun({ pipelines, srpm, targets, tests }: PartsOfRun): { state: State; reason: string | null } {
  const toPart = ({ target, state, reason }: PartsOfRun['tests'][number]) => ({
    target: target ?? '',
    state,
    reason,
    isHost: (target ?? '').startsWith(HOST_PREFIX),
  })
  return decideRunState({
    gaveUp: pipelines[0]?.gaveUp ?? null,
    srpm: srpm ?? null,
    tests: tests.map(toPart),
    targets: targets.map(toPart),
    published: pipelines.every(
      (p) => p.publishedAt || !targets.some((t) => t.groupId === p.buildGroupId && t.state === 'success'),
    ),
  })
}

/** The targets of a group: those that can be built here, the others with the reason, and what this machine builds besides. */
export function chooseTargets(
  wanted: readonly string[],
  available: readonly string[],
): { target: string; state: 'pending' | 'skipped'; reason: string | null }[] {
  const hosts = available.filter((chroot) => chroot.startsWith(HOST_PREFIX))
  const chosen = wanted.map((target) =>
    available.includes(target)
      ? { target, state: 'pending' as const, reason: null }
      : {
          target,
          state: 'skipped' as const,
          reason: notAvailable(target, available),
        },
  )
  return [
    ...chosen,
    ...hosts.filter((h) => !wanted.includes(h)).map((target) => ({ target, state: 'pending' as const, reason: null })),
  ]
}

/** More names than this would hide the one that it is about. */
const MOST_NAMED = 8

function notAvailable(target: string, available: readonly string[]): string {
  if (available.length > MOST_NAMED)
    return `${target} is none of the ${available.length} targets that this installation builds for`
  return `this installation builds for ${available.join(', ') || 'no target'}`
}
