import { listHeads } from '../../db/events.ts'
import { findTrigger, type TriggerName } from '../../db/projects.ts'
import { markdownCode } from '../../domain/command/answers.ts'
import { specOf, whyUnavailable } from '../../domain/command/commands.ts'
import type { Command } from '../../domain/command/parse.ts'
import { decideCommand } from '../../domain/command/rights.ts'
import { ForbiddenError, NotFoundError } from '../../domain/errors.ts'
import type { CommentEvent } from '../../domain/forge-event.ts'
import type { TargetTable } from '../../domain/targets.ts'
import type { ProjectStatus } from '../../domain/trust/allowlist.ts'
import type { Forge, ForgeRepository, Permission } from '../../forges/forge.ts'
import type { EventDeps } from '../deps.ts'
import { type EventHead, headOfPullRequest, headOfPush } from '../event-head.ts'
import { runHead } from '../run-head.ts'

/** What a command is about: a trigger that is known here, or why there is none. */
export type About =
  | { kind: 'trigger'; named: TriggerName; isNew: boolean }
  | { kind: 'refused'; reason: string; advice: string }

/** A comment that is looked into. */
export interface Asked {
  event: CommentEvent
  forge: Forge
  repository: ForgeRepository
  /** When the delivery came, in ms since 1970: the order of heads that no delivery told of. */
  receipt: number
  permission: Permission
  projectStatus: ProjectStatus
  /** What targets stand for. */
  table: TargetTable
  signal?: AbortSignal | undefined
}

const refuse = (reason: string, advice: string): About => ({ kind: 'refused', reason, advice })

/** How much of the repository who wrote the comment may change; an unknown account nothing. */
export async function findPermission({
  event,
  forge,
  repository,
}: Pick<Asked, 'forge' | 'repository'> & { event: Pick<CommentEvent, 'author'> }): Promise<Permission> {
  try {
    return await forge.findPermission(repository, event.author)
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof ForbiddenError) return 'none'
    throw error
  }
}

/** Whether the trigger of a command has to be looked up: others need none, and cost the forge nothing. */
export function needsTrigger(
  command: Command,
  { event }: Pick<Asked, 'event'>,
  settings: EventDeps['settings'],
): boolean {
  const { on, who } = specOf(command.name)
  return whyUnavailable(command.name, settings) === undefined && who !== 'anybody' && on.includes(event.on)
}

/**
 * What a command is about. What no delivery told of yet is asked of the forge and accepted first, as if one had.
 *
 * @throws {UnavailableError} when the forge or the repository can't be reached now
 */
export async function lookUp(command: Command, asked: Asked, deps: EventDeps): Promise<About> {
  try {
    if (asked.event.number !== null) return await lookUpPullRequest(command, asked.event.number, asked, deps)
    return await lookUpCommit(command, asked.event.sha ?? '', asked, deps)
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error
    return refuse(
      'The forge does not let this service look that up.',
      'Ask whoever installed the App to accept its permissions.',
    )
  }
}

async function lookUpPullRequest(command: Command, number: number, asked: Asked, deps: EventDeps): Promise<About> {
  const { event, forge, repository, receipt } = asked
  const named = { kind: 'pull_request' as const, number }
  const { project } = event
  if (await hasHead({ project, triggerKind: 'pull_request', number, name: null }, deps))
    return { kind: 'trigger', named, isNew: false }
  const found = await findOrNothing(() => forge.findPullRequest(repository, number))
  if (!found) return refuse('The forge knows no such pull request.', 'Write the command on an open one.')
  if (found.action === 'closed') return refuse(...CLOSED)
  return acceptHead(
    command,
    headOfPullRequest(found, receipt),
    named,
    isSameLogin(found.author, event.author),
    asked,
    deps,
  )
}

export const CLOSED = ['This pull request is closed.', 'Open it again, then write the command.'] as const

/** The branch or release that a commented commit is looked at as. */
async function lookUpCommit(command: Command, sha: string, asked: Asked, deps: EventDeps): Promise<About> {
  const { forge, repository, event } = asked
  if (command.release !== undefined) {
    const tag = command.release
    const commit = await findOrNothing(() => forge.findTagCommit(repository, tag))
    if (commit === undefined) return refuse(`There is no tag ${markdownCode(tag)}.`, 'Name one that is there.')
    if (commit !== sha)
      return refuse(
        `The tag ${markdownCode(tag)} points at another commit, ${markdownCode(commit.slice(0, 8))}.`,
        'Write the command on that one.',
      )
    return acceptRef(command, { kind: 'release', name: tag }, sha, asked, deps)
  }
  const branch =
    command.branch ?? (await findOrNothing(async () => (await forge.findRepository(repository)).defaultBranch)) ?? ''
  const isThere = await findOrNothing(() => forge.isOnBranch(repository, branch, sha))
  if (isThere === undefined)
    return refuse(`There is no branch ${markdownCode(branch)}.`, 'Name one that is there: `--commit <branch>`.')
  if (!isThere)
    return refuse(
      `This commit is not on the branch ${markdownCode(branch)}${event.on === 'commit' && command.branch === undefined ? ', the default branch' : ''}.`,
      'Name the branch it is on: `--commit <branch>`, or its release: `--release <tag>`.',
    )
  return acceptRef(command, { kind: 'branch_push', name: branch }, sha, asked, deps)
}

/** A commit of a branch that nothing is known of is its head; of a known branch the deliveries tell which one is. */
async function acceptRef(
  command: Command,
  named: Extract<TriggerName, { name: string }>,
  sha: string,
  asked: Asked,
  deps: EventDeps,
): Promise<About> {
  const { project, author } = asked.event
  const place = { project, triggerKind: named.kind, number: null, name: named.name }
  if (await hasHead(place, deps, named.kind === 'release' ? sha : undefined))
    return { kind: 'trigger', named, isNew: false }
  const refKind = named.kind === 'release' ? ('tag' as const) : ('branch' as const)
  const push = { kind: 'push' as const, project, ref: named.name, refKind, before: null, after: sha, author }
  const head = headOfPush(push, asked.receipt)
  if (typeof head === 'string') return refuse(head, '')
  return acceptHead(command, head, named, false, asked, deps)
}

/** Whether a head of a trigger is known; with `sha` that very one. */
async function hasHead(place: Parameters<typeof findTrigger>[1], { database }: EventDeps, sha?: string) {
  const trigger = await findTrigger(database.db, place)
  const heads = trigger ? await listHeads(database.db, trigger.id) : []
  return heads.some((head) => sha === undefined || head.sha === sha)
}

/** Nothing is begun for somebody who may not ask for it. */
async function acceptHead(
  command: Command,
  head: EventHead,
  named: TriggerName,
  isAuthor: boolean,
  { signal, permission, projectStatus }: Asked,
  deps: EventDeps,
): Promise<About> {
  const facts = { command: command.name, permission, isAuthor, projectStatus, approval: 'not-needed' as const }
  const right = decideCommand(facts)
  if (!right.ok) return refuse(...explainRight(right, facts.approval, deps.settings.commandPrefix))
  await runHead(undefined, head, deps, signal ? { signal } : {})
  return { kind: 'trigger', named, isNew: true }
}

/** Forges don't tell logins apart by case. */
export function isSameLogin(a: string | null, b: string): boolean {
  return a !== null && a.toLowerCase() === b.toLowerCase()
}

/** A refusal as sentences: why, and what to do. */
export function explainRight(
  { reason, advice }: { reason: string; advice: string },
  approval: 'waits' | 'not-needed',
  prefix: string,
): [reason: string, advice: string] {
  const how = approval === 'waits' ? ` That is done by \`${prefix} approve\`, for this commit alone.` : ''
  return [`${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`, `${advice}${how}`]
}

async function findOrNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof NotFoundError) return undefined
    throw error
  }
}
