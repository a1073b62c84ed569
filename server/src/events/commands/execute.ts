import type { Db } from '../../db/database.ts'
import { findEvent, listHeads, listLivingRuns } from '../../db/events.ts'
import { lockNamedTrigger, type Project, type Trigger } from '../../db/projects.ts'
import { findRun } from '../../db/runs.ts'
import { markdownCode } from '../../domain/command/answers.ts'
import { type CommandName, type Place, specOf, whyUnavailable } from '../../domain/command/commands.ts'
import type { Command } from '../../domain/command/parse.ts'
import { decideCommand } from '../../domain/command/rights.ts'
import { ConflictError } from '../../domain/errors.ts'
import { markdownText } from '../../domain/escape.ts'
import { cancelRun } from '../../jobs/cancel-run.ts'
import { retestFailed, retryFailed } from '../../jobs/retry-failed.ts'
import type { EventDeps } from '../deps.ts'
import { build, type Commit } from './build.ts'
import { help } from './help.ts'
import { type About, type Asked, CLOSED, explainRight, isSameLogin } from './look-up.ts'
import { answered, type Outcome, refused } from './outcome.ts'
import type { CommandTrust } from './trust.ts'

export type CommandDeps = EventDeps & { trust: CommandTrust }

/** A command with all that was found out about it outside. */
export interface ToExecute {
  command: Command
  asked: Asked
  /** Undefined for what needs no trigger. */
  about: About | undefined
  project: Project
}

/** Does what a command asks for, or says why not. Nothing outside the database is asked. */
export async function execute(tx: Db, given: ToExecute, deps: CommandDeps): Promise<Outcome> {
  const { command, asked, about, project } = given
  const { on } = specOf(command.name)
  if (!on.includes(asked.event.on)) return refused(...explainPlace(command.name, asked.event.on))
  if (asked.event.on !== 'commit' && (command.branch !== undefined || command.release !== undefined))
    return refused('`--commit` and `--release` are for comments on commits.', 'Write the command without them.')
  if (asked.projectStatus.kind === 'denied') return refused(...explainDenied(given))
  const lacks = whyUnavailable(command.name, deps.settings)
  if (lacks !== undefined) return answered(`Not available on this installation: ${lacks}.`)
  if (command.name === 'help') return help(tx, asked.event, project, deps)
  if (about?.kind !== 'trigger') {
    const { reason, advice } = about ?? { reason: 'It is not known what this is about.', advice: '' }
    return refused(reason, advice)
  }
  const trigger = await lockNamedTrigger(tx, project.id, about.named)
  const [newest] = trigger ? await listHeads(tx, trigger.id) : []
  const found = newest && (await findEvent(tx, newest.id))
  if (!trigger || !newest?.sha || !found)
    return refused('No commit of this is known here.', 'Push one, or write the command again in a minute.')
  const commit: Commit = {
    eventId: newest.id,
    sha: newest.sha,
    on: ON[about.named.kind],
    plan: found.plan,
    isNew: about.isNew,
  }
  return (await refuse(tx, given, trigger, commit, deps)) ?? (await act(tx, given, trigger, commit, deps))
}

/** The denied get not even help. */
function explainDenied({ command, asked: { permission, projectStatus } }: ToExecute): [string, string] {
  const facts = { command: command.name, permission, isAuthor: false, projectStatus, approval: 'not-needed' as const }
  const right = decideCommand(facts)
  return right.ok ? ['Not allowed.', ''] : explainRight(right, 'not-needed', '')
}

const ON = { pull_request: 'pull_request', branch_push: 'commit', release: 'release' } as const

const PLACES: Record<Place, string> = { pull_request: 'pull requests', issue: 'issues', commit: 'commits' }

function explainPlace(name: CommandName, place: Place): [string, string] {
  const where = specOf(name).on.map((on) => PLACES[on])
  return [`\`${name}\` works on ${where.join(' and ')}, not on ${PLACES[place]}.`, 'Write it there.']
}

async function refuse(
  tx: Db,
  { command, asked, project }: ToExecute,
  trigger: Trigger,
  { sha, eventId }: Commit,
  { trust, settings }: CommandDeps,
): Promise<Outcome | undefined> {
  const { event, permission } = asked
  const approval = await trust.findApproval(tx, eventId)
  const facts = {
    command: command.name,
    permission,
    isAuthor: event.on === 'pull_request' && isSameLogin(trigger.author, event.author),
    projectStatus: await trust.findProjectStatus(tx, event.project, event.author),
  }
  const right = decideCommand({ ...facts, approval })
  const no = (reason: string, advice: string): Outcome => ({ verdict: 'refused', reason, advice, eventId })
  if (!right.ok) {
    const lacksApproval = decideCommand({ ...facts, approval: 'not-needed' }).ok
    return no(...explainRight(right, lacksApproval ? 'waits' : 'not-needed', settings.commandPrefix))
  }
  if (!trigger.open) return no(...CLOSED)
  if (event.on !== 'commit' || event.sha === sha || command.name === 'cancel') return undefined
  const what = trigger.kind === 'release' ? 'release' : 'branch'
  return no(
    `This is not the newest commit of the ${what} ${markdownCode(trigger.name ?? '')} that is known here.`,
    `Write the command on ${project.isPrivate ? 'the newest one' : markdownCode(sha.slice(0, 8))}.`,
  )
}

async function act(
  tx: Db,
  { command, asked }: ToExecute,
  trigger: Trigger,
  commit: Commit,
  deps: CommandDeps,
): Promise<Outcome> {
  const { queue } = deps
  const { eventId } = commit
  const now = deps.now()
  const actor = `${asked.event.project.forge}/${asked.event.author}`
  switch (command.name) {
    case 'build':
    case 'test':
      return build(tx, command, commit, deps, asked.table)
    case 'rebuild-failed': {
      const retried = await retryFailed(tx, queue, eventId, { packages: command.packages, now })
      if (retried.kind === 'nothing') return { ...answered(explainNothingFailed(retried.running)), eventId }
      return { verdict: 'accepted', note: `attempt ${retried.attempt}`, eventId, attempt: retried.attempt }
    }
    case 'retest-failed': {
      const retried = await retestFailed(tx, queue, eventId, { packages: command.packages, now })
      if (retried.kind === 'nothing') return { ...answered(explainNoneFailed(retried.running)), eventId }
      return { verdict: 'accepted', note: `attempt ${retried.attempt}`, eventId, attempt: retried.attempt }
    }
    case 'cancel': {
      const count = await cancelAll(tx, trigger, asked.event.sha, `cancelled by ${asked.event.author}`, deps)
      if (count === 0) return { ...answered('Nothing runs here, so there is nothing to cancel.'), eventId }
      return { verdict: 'accepted', note: `${count} run${count === 1 ? '' : 's'} cancelled`, eventId, attempt: null }
    }
    case 'approve':
      return approve(tx, commit, actor, deps)
    default:
      throw new Error(`the command ${command.name} is available and does nothing`)
  }
}

async function approve(tx: Db, { eventId, sha }: Commit, actor: string, { trust, now }: CommandDeps): Promise<Outcome> {
  if ((await trust.findApproval(tx, eventId)) !== 'waits')
    return { ...answered('The newest commit does not wait for approval.'), eventId }
  try {
    const attempt = await trust.approve(tx, { eventId, actor, at: now() })
    return { verdict: 'accepted', note: `approved at ${sha.slice(0, 8)}`, eventId, attempt }
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return { ...refused(`${markdownText(error.message)}.`, ''), eventId }
  }
}

function explainNothingFailed(running: boolean): string {
  return running
    ? 'Nothing has failed so far, and something still runs: nothing was started.'
    : 'Nothing has failed here, so nothing was built again. `build` builds everything.'
}

function explainNoneFailed(running: boolean): string {
  return running
    ? 'No test has failed so far, and something still runs: nothing was started.'
    : 'No test has failed here, so none was run again. `test` runs all of them.'
}

/** @param sha  of a commented commit, whose runs alone are meant; else all of the trigger */
async function cancelAll(
  tx: Db,
  trigger: Trigger,
  sha: string | null,
  reason: string,
  { queue, now }: CommandDeps,
): Promise<number> {
  const event = sha === null ? undefined : (await listHeads(tx, trigger.id)).find((head) => head.sha === sha)
  if (sha !== null && !event) return 0
  let count = 0
  for (const runId of await listLivingRuns(tx, trigger.id)) {
    const isMeant = !event || (await findRun(tx, runId))?.pipelines[0]?.eventId === event.id
    if (isMeant && (await cancelRun(tx, queue, runId, reason, now()))) count += 1
  }
  return count
}
