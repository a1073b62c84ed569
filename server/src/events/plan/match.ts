import { ConfigError } from '../../domain/errors.ts'
import type { JobView } from '../../domain/package-config/types.ts'
import { compilePattern } from '../../domain/pattern.ts'
import { type PlanContext, WORDS } from './context.ts'

export type Matches = (pattern: string, text: string) => boolean

/** All patterns of one configuration together may take so long: nothing else happens meanwhile. */
const MATCHING_MS = 1000

/** Matches the patterns of one configuration, of which there may be thousands. */
export function createMatcher(): Matches {
  let spentMs = 0
  return (pattern, text) => {
    if (spentMs > MATCHING_MS)
      throw new ConfigError(`The patterns of this configuration take more than ${MATCHING_MS} ms to match together.`)
    const beganAt = performance.now()
    const isMatch = compilePattern(pattern).test(text)
    spentMs += performance.now() - beganAt
    return isMatch
  }
}

/** Why a job is no part of this event, whoever asks for it; `undefined` when it is. */
export function refuseJob(view: JobView, context: PlanContext, matches: Matches): string | undefined {
  if (view.on === 'ignore') return 'it never runs (trigger: ignore)'
  if (view.on !== context.on) return `it runs on ${WORDS[view.on]}, not on ${WORDS[context.on]}`
  if (view.type !== 'copr_build' && view.type !== 'tests')
    return `this installation does not run jobs of type ${view.type}`
  const { packit_instances: instances, require, branch } = view.options
  if (!instances.some((name) => name === context.instance))
    return `it is for the instances ${instances.join(', ')}, and this is ${context.instance}`
  return refuseBranch(branch, context, matches) ?? refuseLabels(require.label, context)
}

function refuseBranch(branch: string | null, context: PlanContext, matches: Matches): string | undefined {
  if (context.on === 'release') return undefined
  if (branch === null) {
    const anyBranch = context.on === 'pull_request' || context.isDefaultBranch
    return anyBranch ? undefined : `it runs on pushes to the default branch, not to ${context.branch}`
  }
  return matches(branch, context.branch)
    ? undefined
    : `its branch ${JSON.stringify(branch)} does not match ${context.branch}`
}

function refuseLabels(
  { present, absent }: { present: string[]; absent: string[] },
  { on, labels }: PlanContext,
): string | undefined {
  if (on !== 'pull_request') return undefined
  if (present.length > 0 && !present.some((label) => labels.includes(label)))
    return `it needs one of the labels ${present.join(', ')}`
  const unwanted = absent.find((label) => labels.includes(label))
  return unwanted === undefined ? undefined : `it does not run with the label ${unwanted}`
}
