import { findLastAttempt } from '../../db/commands.ts'
import type { Db } from '../../db/database.ts'
import { markdownCode } from '../../domain/command/answers.ts'
import { type Command, selectionOf } from '../../domain/command/parse.ts'
import { markdownText } from '../../domain/escape.ts'
import { nearest } from '../../domain/nearest.ts'
import type { JobView } from '../../domain/package-config/types.ts'
import { jobViews } from '../../domain/package-config/views.ts'
import type { Plan } from '../../domain/plan.ts'
import { isNarrow, type Selection } from '../../domain/selection.ts'
import { expandTargets, type TargetTable } from '../../domain/targets.ts'
import type { EventDeps } from '../deps.ts'
import type { PlannedKind } from '../plan/context.ts'
import { createTargetChoice, refuseUnasked } from '../plan/select.ts'
import { type Outcome, refused } from './outcome.ts'

/** A known commit that a command is about. */
export interface Commit {
  eventId: number
  sha: string
  on: 'pull_request' | 'commit' | 'release'
  plan: Plan | null
  /** It was accepted a moment ago, for this command, and its first attempt has begun. */
  isNew: boolean
}

/** Has a commit built, or tested, again, as a new attempt for what the command names. */
export async function build(
  tx: Db,
  command: Command,
  commit: Commit,
  { queue }: Pick<EventDeps, 'queue'>,
  table: TargetTable,
): Promise<Outcome> {
  const { eventId, plan } = commit
  const selection = selectionOf(command)
  const of = { kind: command.name === 'test' ? ('test' as const) : ('build' as const), on: commit.on }
  const refusal = plan && refuseSelection(plan, selection, of, table)
  if (refusal) return { ...refusal, eventId }
  if (of.kind === 'build' && commit.isNew && plan && !addsToPlan(plan, selection, of))
    return { verdict: 'accepted', note: 'its first attempt has begun', eventId, attempt: null }
  const attempt = (await findLastAttempt(tx, eventId)) + 1
  await queue.add(tx, 'run-event', { eventId, attempt, cause: 'command', selection })
  return { verdict: 'accepted', note: `attempt ${attempt}`, eventId, attempt }
}

/** Jobs of one kind, on one kind of event. */
interface Of {
  kind: PlannedKind
  on: Commit['on']
}

const JOB_TYPES = { build: 'copr_build', test: 'tests' } as const

function viewsOf(plan: Plan, { kind, on }: Of): JobView[] {
  if (!plan.config) return []
  return jobViews(plan.config).filter((view) => view.type === JOB_TYPES[kind] && view.on === on)
}

/** Whether a selection means more, or less, than what runs by itself. */
function addsToPlan(plan: Plan, selection: Selection, of: Of): boolean {
  const { packages, identifier, labels, targets } = selection
  return (
    isNarrow({ packages, identifier, labels, targets, includeManual: true } as Selection) ||
    viewsOf(plan, of).some((view) => view.manual_trigger)
  )
}

/** Why there is nothing to build or test, when that is known already. */
function refuseSelection(
  { problem, config, configPath, ...plan }: Plan,
  selection: Selection,
  of: Of,
  table: TargetTable,
): Extract<Outcome, { verdict: 'refused' }> | undefined {
  const refuse = (reason: string, advice: string) => refused(reason, advice) as Extract<Outcome, { verdict: 'refused' }>
  if (problem && (problem.kind === 'config' || problem.kind === 'no-config' || problem.kind === 'too-many-targets'))
    return refuse(`${markdownText(problem.title)}.`, 'The check of this commit says more. Push a commit that mends it.')
  if (!config || !configPath) return undefined
  const views = viewsOf({ problem, config, configPath, ...plan }, of)
  if (views.length === 0)
    return refuse(
      `${markdownCode(configPath)} has no \`${JOB_TYPES[of.kind]}\` job for this.`,
      `Add one with \`trigger: ${of.on}\` and push it.`,
    )
  const named = views.filter((view) => refuseUnasked(view, of.kind, selection) === undefined)
  if (named.length === 0) return refuse(...explainUnknown(views, selection, of.kind))
  if (of.kind === 'test') return undefined
  const targets = named.flatMap((view) => expandTargets(Object.keys(view.options.targets), table).chroots)
  const isAsked = createTargetChoice(selection, table)
  if (targets.some((target) => isAsked({ target, chroots: [target], check: '' }))) return undefined
  const wrong = selection.targets?.find((target) => !targets.includes(target))
  return wrong === undefined ? undefined : refuse(...explainName('target', wrong, targets, of.kind))
}

/** Which of the names is not there, and those that are. */
function explainUnknown(views: readonly JobView[], selection: Selection, kind: PlannedKind): [string, string] {
  const packages = views.map((view) => view.package)
  const name = selection.packages?.find((one) => !packages.includes(one))
  if (name !== undefined) return explainName('package', name, packages, kind)
  const identifiers = views.flatMap((view) => view.identifier ?? [])
  if (selection.identifier !== undefined && !identifiers.includes(selection.identifier))
    return explainName('identifier', selection.identifier, identifiers, kind)
  const labels = views.flatMap((view) => view.labels)
  const label = selection.labels?.find((one) => !labels.includes(one))
  if (label !== undefined) return explainName('label', label, labels, kind)
  return ['No job of the configuration has all of that at once.', 'Name less.']
}

function explainName(what: string, name: string, known: readonly string[], kind: PlannedKind): [string, string] {
  const all = [...new Set(known)]
  const near = nearest(name, all, 1)
  const shown = (near.length > 0 ? near : all.slice(0, 10)).map(markdownCode).join(', ')
  const advice =
    near.length > 0 ? `Did you mean ${shown}?` : shown === '' ? `No ${kind} job has any ${what}.` : `There is ${shown}.`
  return [`No ${kind} job of this commit has the ${what} ${markdownCode(name)}.`, advice]
}
