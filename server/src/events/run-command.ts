import { addAudit } from '../db/audit.ts'
import { findCommands, insertCommands, noteAttempt, settleCommands } from '../db/commands.ts'
import type { Db } from '../db/database.ts'
import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import { findEvent } from '../db/events.ts'
import { upsertProject } from '../db/projects.ts'
import { findProject } from '../db/read-projects.ts'
import { explainErrors, joinAnswers } from '../domain/command/answers.ts'
import { specOf } from '../domain/command/commands.ts'
import { type Command, type ParsedComment, parseComment } from '../domain/command/parse.ts'
import { markdownText } from '../domain/escape.ts'
import type { CommentEvent } from '../domain/forge-event.ts'
import type { Forge } from '../forges/forge.ts'
import { addPost } from '../jobs/add-post.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { type CommandDeps, execute } from './commands/execute.ts'
import { type About, type Asked, findPermission, lookUp, needsTrigger } from './commands/look-up.ts'
import { type Done, describeOutcome, verdictOf } from './commands/outcome.ts'
import { pressButton } from './commands/press-button.ts'
import { openDelivery } from './decide-delivery.ts'
import { giveUpDelivery } from './give-up.ts'
import { rerunChecks } from './rerun.ts'

/**
 * Does what the commands of a comment ask for, each comment once: the row of the comment is written in the transaction that
 * does the work. What lies outside is asked before.
 */
export async function runCommand(
  { deliveryId }: Jobs['run-command'],
  deps: CommandDeps,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  const found = await openDelivery(deliveryId, deps)
  if (found?.event.kind === 'check_action') return pressButton(found.delivery, found.event, deps)
  if (found?.event.kind === 'rerun') return rerunChecks(found.delivery, found.event, deps)
  if (found?.event.kind !== 'comment') return
  const { delivery, event } = found
  const parsed = parseComment(event.body, deps.settings.commandPrefix)
  const forge = deps.findForge(event.project.forge)
  const reason = await ignore(event, parsed, forge, deps)
  if (reason !== undefined || !forge) return settle(deps.database.db, delivery.id, 'nothing to do', [reason ?? ''])
  if (!parsed.ok) return take(event, delivery, textOf(event, deps), deps, async () => ({ errors: parsed.errors }))

  const asked = await ask(event, parsed.commands, delivery, forge, deps, signal)
  const abouts = new Map<Command, About>()
  for (const command of parsed.commands) {
    if (needsTrigger(command, asked, deps.settings)) abouts.set(command, await lookUp(command, asked, deps))
  }
  await take(event, delivery, textOf(event, deps), deps, async (tx, project, id) => {
    const done: Done[] = []
    for (const command of parsed.commands) {
      const given = { command, asked, about: abouts.get(command), project }
      const outcome = await execute(tx, given, deps)
      if (outcome.verdict === 'accepted' && outcome.eventId !== null && outcome.attempt !== null)
        await noteAttempt(tx, id, outcome.eventId, outcome.attempt)
      done.push({ command, outcome })
    }
    return { done }
  })
}

/** Why a comment is left alone; `undefined` when it is not. */
async function ignore(
  event: CommentEvent,
  parsed: ParsedComment,
  forge: Forge | undefined,
  { database }: CommandDeps,
): Promise<string | undefined> {
  if (parsed.ok && parsed.commands.length === 0) return 'the comment holds no command'
  if (isBot(event.author)) return 'comments of bots are not read'
  if (!forge) return `no App is set up for ${event.project.forge}: comments of it are not answered`
  const project = await findProject(database.db, event.project)
  const place = { place: event.on, commentId: event.commentId }
  const taken = project && (await findCommands(database.db, { projectId: project.id, ...place }))
  return taken ? COUNTED : undefined
}

const COUNTED = 'the commands of this comment counted before'

/** The App itself is one too. */
export function isBot(login: string): boolean {
  return login.endsWith('[bot]')
}

async function ask(
  event: CommentEvent,
  commands: readonly Command[],
  delivery: Delivery,
  forge: Forge,
  { database, trust, targets, settings }: CommandDeps,
  signal: AbortSignal | undefined,
): Promise<Asked> {
  const { namespace, name, installationId = null } = event.project
  const place = { event, forge, repository: { namespace, name, installationId } }
  return {
    ...place,
    signal,
    receipt: delivery.receivedAt.getTime(),
    permission: commands.some((command) => needsTrigger(command, place, settings))
      ? await findPermission(place)
      : 'none',
    projectStatus: await trust.findProjectStatus(database.db, event.project, event.author),
    // read here: nothing but the database is waited for while the command is done
    table: await targets.current(),
  }
}

type Result = { done: Done[] } | { errors: (ParsedComment & { ok: false })['errors'] } | { failure: string }
type ProjectRow = Awaited<ReturnType<typeof upsertProject>>

/** Takes a comment, when nobody has: does the work, and writes down, posts and audits what came of it, in one transaction. */
async function take(
  event: CommentEvent,
  delivery: Delivery,
  text: string,
  deps: CommandDeps,
  work: (tx: Db, project: ProjectRow, id: number) => Promise<Result>,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const at = deps.now()
    const project = await upsertProject(tx, event.project, at)
    const place = { projectId: project.id, place: event.on, commentId: event.commentId }
    const row = { ...place, deliveryId: delivery.id, actor: event.author, text, verdict: 'answered' as const, at }
    const id = await insertCommands(tx, row)
    if (id === undefined) return settle(tx, delivery.id, 'nothing to do', [COUNTED])
    const result = await work(tx, project, id)
    const done = 'done' in result ? result.done : []
    const verdict = 'done' in result ? verdictOf(done) : 'refused'
    const reasons = reasonsOf(result)
    const eventId = done.map(({ outcome }) => outcome.eventId ?? null).findLast((one) => one !== null) ?? null
    const triggerId = eventId === null ? null : ((await findEvent(tx, eventId))?.trigger.id ?? null)
    await settleCommands(tx, id, { verdict, reason: reasons.join('; '), triggerId, eventId })
    await post(tx, id, event, project.id, result, verdict === 'accepted', deps)
    for (const one of done) await audit(tx, event, one, at)
    await settle(tx, delivery.id, `command ${verdict}`, reasons, { projectId: project.id, triggerId, eventId })
  })
}

function reasonsOf(result: Result): string[] {
  if ('done' in result) return result.done.map(describeOutcome)
  if ('failure' in result) return [result.failure]
  return result.errors.map(({ line, message }) => `line ${line}: ${message}`)
}

async function post(
  tx: Db,
  id: number,
  event: CommentEvent,
  projectId: number,
  result: Result,
  accepted: boolean,
  { queue, settings }: CommandDeps,
): Promise<void> {
  const place = { projectId, place: event.on, number: event.number, sha: event.sha }
  if (accepted) {
    // the text is for where the forge takes no reaction of ours
    const body = `Accepted: ${markdownText(reasonsOf(result).join('; '))}`
    const reaction = { kind: 'reaction' as const, commentId: event.commentId, body }
    await addPost(tx, queue, { key: `command:${id}:seen`, ...place, ...reaction })
  }
  const body = bodyOf(result, settings.commandPrefix)
  if (body !== '') await addPost(tx, queue, { key: `command:${id}`, ...place, kind: 'comment', commentId: null, body })
}

function bodyOf(result: Result, prefix: string): string {
  if ('errors' in result) return explainErrors(result.errors, prefix)
  if ('failure' in result)
    return `This could not be done: ${markdownText(result.failure)}. Nothing was run; please write it again later.`
  const answers = result.done.flatMap(({ command, outcome }) => {
    if (outcome.verdict === 'accepted') return []
    const text = outcome.verdict === 'answered' ? outcome.text : `${outcome.reason} ${outcome.advice}`.trim()
    return [{ command: specOf(command.name).words[0], text }]
  })
  return joinAnswers(answers, prefix)
}

/** What a command changes, or was kept from changing. */
async function audit(tx: Db, event: CommentEvent, { command, outcome }: Done, at: Date): Promise<void> {
  if (outcome.verdict === 'answered') return
  const { forge, namespace, name } = event.project
  const where = event.number === null ? `@${event.sha}` : `#${event.number}`
  await addAudit(tx, {
    actor: `${forge}/${event.author}`,
    action: outcome.verdict === 'accepted' ? `command.${command.name}` : `command.${command.name}.refused`,
    subject: `${forge}/${namespace}/${name}${where}`,
    detail: {
      text: command.text,
      comment: event.commentId,
      event: outcome.eventId ?? null,
      ...(outcome.verdict === 'accepted'
        ? { outcome: outcome.note, attempt: outcome.attempt }
        : { reason: outcome.reason }),
    },
    at,
  })
}

async function settle(
  db: Db,
  deliveryId: number,
  decision: string,
  reasons: string[],
  place: { projectId?: number; triggerId?: number | null; eventId?: number | null } = {},
): Promise<void> {
  await settleDelivery(db, deliveryId, { state: 'decided', decision, reasons, ...place })
}

/** The lines of the commands, as they were written. */
function textOf(event: CommentEvent, { settings }: CommandDeps): string {
  const parsed = parseComment(event.body, settings.commandPrefix)
  return (parsed.ok ? parsed.commands : parsed.errors).map(({ text }) => text).join('\n')
}

/** A command that was given up is answered too: none is silent. */
export async function giveUpCommand(
  { deliveryId }: Jobs['run-command'],
  reason: string,
  deps: CommandDeps,
): Promise<void> {
  const found = await openDelivery(deliveryId, deps).catch(() => undefined)
  const event = found?.event
  if (found && event?.kind === 'comment' && !isBot(event.author) && deps.findForge(event.project.forge))
    await take(event, found.delivery, textOf(event, deps), deps, async () => ({ failure: reason }))
  await giveUpDelivery({ deliveryId }, reason, deps)
}
