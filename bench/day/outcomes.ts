// Whether what the service says of a run is what the systems around it hold. Pure.
import { hasEnded, LOOKS, type State } from '../../server/src/domain/status.ts'

/** How the parts of a run stand, by target. */
export interface Outcome {
  builds: Readonly<Record<string, State>>
  /** Of targets that were tested. */
  tests: Readonly<Record<string, State>>
}

/** A run as the service keeps it. */
export interface KeptRun extends Outcome {
  /** Of the whole; null = it was never settled. */
  state: State | null
}

/** A check run of the newest head, as GitHub shows it. */
export interface ShownCheck {
  name: string
  status: string
  conclusion: string | null
}

/** One run, as each side has it. */
export interface ComparedRun {
  name: string
  /** What Copr and Testing Farm hold. */
  held: Outcome
  kept: KeptRun | undefined
  shown: readonly ShownCheck[]
}

/** Every difference, in a sentence that names the run; none when all agree. */
export function findDifferences(runs: readonly ComparedRun[]): string[] {
  return runs.flatMap((run) => describe(run).map((line) => `${run.name}: ${line}`))
}

function describe({ held, kept, shown }: ComparedRun): string[] {
  if (!kept) return ['the service knows no run of it']
  const isOver = kept.state !== null && hasEnded(kept.state)
  return [
    ...(isOver ? [] : [`it has not ended (${kept.state ?? 'no state'})`]),
    ...compareParts('build', held.builds, kept.builds),
    ...compareParts('test', held.tests, kept.tests),
    ...compareChecks(kept, shown),
  ]
}

function compareParts(what: string, held: Outcome['builds'], kept: Outcome['builds']): string[] {
  const targets = new Set([...Object.keys(held), ...Object.keys(kept)])
  return [...targets].flatMap((target) => {
    const [there, here] = [held[target], kept[target]]
    if (there === here) return []
    return [`the ${what} of ${target} is ${here ?? 'unknown'} here, and ${there ?? 'unknown'} there`]
  })
}

/** Names of the checks of a part. */
const CHECKS = { builds: 'rpm-build', tests: 'testing-farm' } as const

function compareChecks(kept: KeptRun, shown: readonly ShownCheck[]): string[] {
  const problems = shown.filter(({ status }) => status !== 'completed').map(({ name }) => `check ${name} has not ended`)
  for (const name of new Set(shown.map((check) => check.name))) {
    const times = shown.filter((check) => check.name === name).length
    if (times > 1) problems.push(`check ${name} is there ${times} times`)
  }
  for (const kind of ['builds', 'tests'] as const) {
    for (const [target, state] of Object.entries(kept[kind])) {
      const name = `${CHECKS[kind]}:${target}`
      const check = shown.find((one) => one.name === name)
      const expected = LOOKS[state].checkRun
      if (!check) problems.push(`check ${name} is missing`)
      else if (check.conclusion !== expected) problems.push(`check ${name} is ${check.conclusion}, not ${expected}`)
    }
  }
  return [...problems, ...judgeStable(kept, shown)]
}

/** The check that branch protection uses is green exactly if all is. */
function judgeStable(kept: KeptRun, shown: readonly ShownCheck[]): string[] {
  const stable = shown.find(({ name }) => name === 'packit')
  if (!stable) return ['check packit is missing']
  const states = [...Object.values(kept.builds), ...Object.values(kept.tests)]
  const isGood = states.every((state) => state === 'success' || state === 'skipped')
  if (isGood === (stable.conclusion === 'success')) return []
  return [`check packit is ${stable.conclusion}, though ${isGood ? 'all went well' : 'not all went well'}`]
}
