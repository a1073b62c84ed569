import type { JobView } from '../../domain/package-config/types.ts'
import type { Selection } from '../../domain/selection.ts'
import { expandTargets, type TargetTable } from '../../domain/targets.ts'
import type { PlannedKind } from './context.ts'

const PLURAL = { build: 'builds', test: 'tests' } as const

/** Why a job is not among what was asked for; `undefined` when it is. */
export function refuseUnasked(view: JobView, kind: PlannedKind, selection: Selection): string | undefined {
  const { kinds, packages, identifier } = selection
  if (kinds && !kinds.includes(kind))
    return only(
      kind === 'build' ? 'it builds' : 'it tests',
      kinds.map((k) => PLURAL[k]),
      'were',
    )
  if (packages && !packages.includes(view.package)) return only(`it is for the package ${view.package}`, packages)
  if (identifier !== undefined && view.identifier !== identifier) return only(identifierOf(view), [identifier])
  const { labels } = selection
  if (labels && !view.labels.some((label) => labels.includes(label)))
    return only(labelsOf(view), [labels.length === 1 ? `the label ${labels[0]}` : `one of the labels ${list(labels)}`])
  return isBareTest(selection) && kind === 'test' ? refuseByDefault(view) : undefined
}

/** `test` without arguments means what the job says of it. */
function isBareTest({ kinds, identifier, labels, targets, checks }: Selection): boolean {
  return kinds?.length === 1 && kinds[0] === 'test' && !(identifier !== undefined || labels || targets || checks)
}

function refuseByDefault(view: JobView): string | undefined {
  const { default_identifier: identifier, default_labels: labels } = view.options.test_command
  if (identifier !== null && view.identifier !== identifier)
    return `${identifierOf(view)}, but a bare test command means ${identifier} (test_command.default_identifier)`
  if (labels && !view.labels.some((label) => labels.includes(label)))
    return `${labelsOf(view)}, but a bare test command means ${list(labels)} (test_command.default_labels)`
  return undefined
}

/** Says of each target of a job whether it was asked for. */
export type IsAsked = (target: { target: string; chroots: readonly string[]; check: string }) => boolean

export function createTargetChoice(selection: Selection | undefined, table: TargetTable): IsAsked {
  const { targets, checks } = selection ?? {}
  const wanted = targets && new Set([...targets, ...expand(targets, table)])
  return ({ target, chroots, check }) =>
    (!wanted || wanted.has(target) || chroots.some((chroot) => wanted.has(chroot))) &&
    (!checks || checks.includes(check))
}

function expand(names: readonly string[], table: TargetTable): string[] {
  return names.length > 0 ? expandTargets(names, table).chroots : []
}

/** Why nothing is left of a job that runs on these targets. */
export function refuseTargets(targets: readonly string[], { targets: asked, checks }: Selection): string {
  const names = [...(asked ?? []), ...(checks ?? []).map((name) => `the check ${name}`)]
  return only(`it runs on ${list(targets) || 'no target'}`, names)
}

function only(what: string, asked: readonly string[], verb = 'was'): string {
  return `${what}, but only ${list(asked) || 'nothing'} ${verb} asked for`
}

function identifierOf({ identifier }: JobView): string {
  return identifier === null ? 'it has no identifier' : `it has the identifier ${identifier}`
}

function labelsOf({ labels }: JobView): string {
  return labels.length === 0 ? 'it has no labels' : `it has the labels ${list(labels)}`
}

const MOST_NAMES = 20

function list(names: readonly string[]): string {
  const more = names.length - MOST_NAMES
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more` : names.join(', ')
}
