import { addChanges } from '../db/changes.ts'
import type { Db } from '../db/database.ts'
import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import {
  findEventOfCommit,
  insertEvent,
  listHeads,
  listLivingRuns,
  type ProjectEvent,
  supersedeEvents,
  updateEvent,
} from '../db/events.ts'
import { findTrigger, lockTrigger, type Project, type Trigger, updateTrigger, upsertProject } from '../db/projects.ts'
import { findRun } from '../db/runs.ts'
import type { Plan } from '../domain/plan.ts'
import { isPartial, mergePlans, type Selection } from '../domain/selection.ts'
import { hasEnded } from '../domain/status.ts'
import { cancelRun } from '../jobs/cancel-run.ts'
import { type Attempt, decideAgain, decideAttempt, type Known } from './decide-attempt.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'
import { insertRuns } from './insert-runs.ts'
import { type PlannedHead, planHead } from './plan-head.ts'

/** Where a run of a head comes from. */
export type RunCause = 'delivery' | 'command' | 'retry' | 'try'

interface RunOptions {
  /** Left out: `delivery`. */
  cause?: RunCause
  /** The attempt that somebody asked for; left out when a delivery tells of the head. */
  again?: number
  /** What of its jobs was asked for; left out: all that run by themselves. */
  selection?: Selection
  signal?: AbortSignal
  plan?: PlannedHead
}

/**
 * Gives a head its attempt, when it is to have one: fetches and plans outside, then writes event, plan, runs and jobs, and
 * cancels what the head replaces, in one transaction. Told twice, late or out of order it ends the same.
 *
 * @param delivery  undefined when no delivery tells of the head (`try`)
 */
export async function runHead(
  delivery: Delivery | undefined,
  head: EventHead,
  deps: EventDeps,
  options: RunOptions = {},
): Promise<void> {
  const early = await decideEarly(head, deps, options.again)
  const planned =
    options.plan ?? (early.kind === 'run' ? await planHead(head, deps, options.signal, options.selection) : undefined)
  await deps.database.transaction((tx) => writeHead(tx, delivery, head, planned, deps, options))
}

/** Whether it is worth to fetch the head at all; decided again, under the trigger's lock, when it is written. */
async function decideEarly(head: EventHead, { database }: EventDeps, again?: number): Promise<Attempt> {
  const trigger = await findTrigger(database.db, head)
  return decide(head, trigger ? await readKnown(database.db, trigger) : NOTHING_KNOWN, again)
}

function decide(head: EventHead, known: Known, again: number | undefined): Attempt {
  return again === undefined ? decideAttempt(head, known) : decideAgain(head, again, known)
}

const NOTHING_KNOWN: Known = { open: true, baseRef: null, order: 0, heads: [] }

async function readKnown(db: Db, trigger: Trigger): Promise<Known> {
  return {
    open: trigger.open,
    baseRef: trigger.baseRef,
    order: trigger.orderKey,
    heads: await listHeads(db, trigger.id),
  }
}

async function writeHead(
  tx: Db,
  delivery: Delivery | undefined,
  head: EventHead,
  planned: PlannedHead | undefined,
  deps: EventDeps,
  { cause = 'delivery', again, selection }: RunOptions,
): Promise<void> {
  const now = deps.now()
  const project = await upsertProject(tx, head.project, now)
  const { project: forgeProject, number, name, triggerKind } = head
  const identity = { kind: triggerKind, projectId: project.id, number, name, cloneUrl: forgeProject.cloneUrl }
  const trigger = await lockTrigger(tx, { ...identity, baseRef: head.baseRef })
  const known = await readKnown(tx, trigger)
  const attempt = decide(head, known, again)
  const place = { projectId: project.id, triggerId: trigger.id }
  const settle = async (eventId: number | null, decision: string, reasons: string[]) => {
    if (delivery) await settleDelivery(tx, delivery.id, { state: 'decided', decision, reasons, ...place, eventId })
  }
  if (again === undefined && attempt.kind !== 'stale') await noteTrigger(tx, trigger, head, now)
  // who asks says nothing new of the trigger
  if (again !== undefined && attempt.kind === 'run') await updateTrigger(tx, trigger.id, { lastPipelineAt: now })

  if (attempt.kind === 'none') {
    const event = known.heads.find((h) => h.sha === head.sha)
    return settle(event?.id ?? null, 'nothing to do', [attempt.reason])
  }
  if (attempt.kind === 'stale')
    return settle(await noteStaleHead(tx, trigger, known, head), 'superseded', [attempt.reason])
  // decided otherwise a moment ago, before the lock: the job runs again and fetches this time
  if (!planned) throw new Error(`the head ${head.sha} was not planned`)

  const part = selection && isPartial(selection) ? planned.plan : undefined
  const event = await writeEvent(tx, trigger, head, planned, part !== undefined)
  await supersede(tx, trigger, event, head, { isAgain: again !== undefined, part }, deps)
  await insertRuns(tx, { event, head, projectId: project.id, ...planned, attempt: attempt.attempt, cause }, deps)
  await addChanges(tx, [{ kind: 'project', rowId: project.id, project: pathOf(project) }])
  await settle(event.id, describePlan(planned.plan), [attempt.reason, ...planned.plan.warnings])
}

const pathOf = (project: Project) => `${project.forge}/${project.path}`

function describePlan(plan: Plan): string {
  return plan.problem ? `${plan.problem.title}: ${plan.problem.summary}` : plan.summary
}

/** What the newest delivery says of its trigger. */
async function noteTrigger(tx: Db, trigger: Trigger, head: EventHead, now: Date): Promise<void> {
  const { title, author, url, baseRef, headRef, headUrl, order } = head
  await updateTrigger(tx, trigger.id, {
    open: true,
    author: author || trigger.author,
    title: title ?? trigger.title,
    url: url ?? trigger.url,
    baseRef,
    headRef,
    headRepo: headUrl,
    commitHash: head.on === 'release' ? head.sha : null,
    cloneUrl: head.project.cloneUrl,
    orderKey: Math.max(order, trigger.orderKey),
    lastPipelineAt: now,
  })
}

/** A head that is told late has its event too, superseded from the start. */
async function noteStaleHead(tx: Db, trigger: Trigger, known: Known, head: EventHead): Promise<number> {
  const there = known.heads.find((h) => h.sha === head.sha)
  if (there) return there.id
  const newest = known.heads[0]
  const event = await insertEvent(tx, {
    triggerId: trigger.id,
    commitSha: head.sha,
    beforeSha: head.before,
    orderKey: head.order,
    supersededBy: newest?.id ?? null,
  })
  return event.id
}

async function writeEvent(
  tx: Db,
  trigger: Trigger,
  head: EventHead,
  { plan: planned, baseSha, commitTitle }: PlannedHead,
  isPart: boolean,
): Promise<ProjectEvent> {
  const there = await findEventOfCommit(tx, trigger.id, head.sha)
  // what was not asked for this time stays planned: it has its runs
  const plan = isPart ? mergePlans(there?.plan ?? null, planned) : planned
  const settled = { plan, baseSha, commitTitle, beforeSha: head.before, orderKey: head.order, supersededBy: null }
  if (!there) return insertEvent(tx, { triggerId: trigger.id, commitSha: head.sha, ...settled })
  await updateEvent(tx, there.id, settled)
  return { ...there, ...settled }
}

/** What runs for older heads (and older attempts) of the trigger gives way. */
async function supersede(
  tx: Db,
  trigger: Trigger,
  event: ProjectEvent,
  head: EventHead,
  { isAgain, part }: { isAgain: boolean; part: Plan | undefined },
  { queue, now }: EventDeps,
): Promise<void> {
  // each release, and each push to a branch, is built for itself; a pull request is its newest head
  if (head.on === 'release' && !isAgain) return
  if (head.on !== 'release') await supersedeEvents(tx, trigger.id, event.id)
  const reason = isAgain ? 'run again' : `superseded by ${head.sha.slice(0, 8)}`
  for (const runId of await listLivingRuns(tx, trigger.id)) {
    if (part && !(await isReplaced(tx, runId, event.id, part))) continue
    await cancelRun(tx, queue, runId, reason, now())
  }
}

/** Whether all that a run still builds for an event is built again by a further attempt for a part of it. */
async function isReplaced(tx: Db, runId: number, eventId: number, part: Plan): Promise<boolean> {
  const run = await findRun(tx, runId)
  if (!run || run.pipelines[0]?.eventId !== eventId) return true
  const living = run.targets.filter((target) => !hasEnded(target.state))
  return living.every(({ groupId, target }) => {
    const pipeline = run.pipelines.find((p) => p.buildGroupId === groupId)
    const again = part.builds.find((b) => b.package === pipeline?.package && b.identifier === pipeline.identifier)
    return again?.targets.includes(target ?? '') ?? false
  })
}
