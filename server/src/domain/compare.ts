import { hasEnded, type State } from './status.ts'

/** A package as it was built. */
export interface Built {
  name: string
  epoch: number
  version: string
  release: string
  arch: string
}

/** A step of a run: the SRPM, a build in one chroot, tests on one target. */
export interface ComparedStep {
  /** What makes steps of two runs the same one. */
  kind: 'srpm' | 'build' | 'test'
  target: string | null
  identifier: string | null
  id: number
  state: State
  /** Seconds from begin to end. */
  seconds: number | null
  packages: readonly Built[]
}

/** What became of a step from the earlier run to the later one. */
export const STEP_CHANGES = [
  'new failure',
  'already failing',
  'fixed',
  'still passing',
  'new',
  'gone',
  'not comparable',
] as const
export type StepChange = (typeof STEP_CHANGES)[number]

export interface PackageChange {
  name: string
  arch: string
  /** `epoch:version-release`, the epoch only where there is one. */
  before: string | null
  after: string | null
  change: 'new' | 'gone' | 'changed' | 'same'
}

export interface StepPair {
  before: ComparedStep | null
  after: ComparedStep | null
  change: StepChange
  packages: PackageChange[]
}

/**
 * What differs between two runs, step by step, in the order of the later one; what only the earlier had comes last.
 * Of several steps of one run that are the same (tests that were asked for again) the newest counts.
 */
export function compareSteps(before: readonly ComparedStep[], after: readonly ComparedStep[]): StepPair[] {
  const [old, now] = [byKey(before), byKey(after)]
  const keys = [...new Set([...now.keys(), ...old.keys()])]
  return keys.map((key) => compareStep(old.get(key) ?? null, now.get(key) ?? null))
}

function byKey(steps: readonly ComparedStep[]): Map<string, ComparedStep> {
  const found = new Map<string, ComparedStep>()
  for (const step of steps) {
    const key = JSON.stringify([step.kind, step.target, step.identifier])
    const other = found.get(key)
    if (!other || other.id < step.id) found.set(key, step)
  }
  return found
}

function compareStep(before: ComparedStep | null, after: ComparedStep | null): StepPair {
  return {
    before,
    after,
    change: changeOf(before?.state, after?.state),
    packages: comparePackages(before?.packages ?? [], after?.packages ?? []),
  }
}

/** An error of ours or what was cancelled says nothing about the change, and what still runs nothing yet. */
function changeOf(before: State | undefined, after: State | undefined): StepChange {
  if (after === undefined) return 'gone'
  // a step that did not come to a verdict before is no ground to call a failure new or old
  if (after === 'failure' && before === 'success') return 'new failure'
  if (after === 'failure' && before === 'failure') return 'already failing'
  if (before === undefined) return 'new'
  if (!hasEnded(before) || !hasEnded(after)) return 'not comparable'
  if (after === 'success')
    return before === 'failure' ? 'fixed' : before === 'success' ? 'still passing' : 'not comparable'
  return 'not comparable'
}

function comparePackages(before: readonly Built[], after: readonly Built[]): PackageChange[] {
  const [old, now] = [byName(before), byName(after)]
  return [...new Set([...old.keys(), ...now.keys()])].sort().map((key) => {
    const [was, is] = [old.get(key), now.get(key)]
    const [wasVersion, isVersion] = [was ? versionOf(was) : null, is ? versionOf(is) : null]
    const change =
      wasVersion === null ? 'new' : isVersion === null ? 'gone' : wasVersion === isVersion ? 'same' : 'changed'
    const { name, arch } = (is ?? was) as Built
    return { name, arch, before: wasVersion, after: isVersion, change }
  })
}

const byName = (packages: readonly Built[]) => new Map(packages.map((built) => [`${built.name} ${built.arch}`, built]))

function versionOf({ epoch, version, release }: Built): string {
  return `${epoch > 0 ? `${epoch}:` : ''}${version}-${release}`
}
