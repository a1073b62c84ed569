import { addChanges } from '../db/changes.ts'
import type { Db } from '../db/database.ts'
import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import {
  findEventOfCommit,
  insertEvent,
  listLivingRuns,
  listPipelinesOfEvent,
  type ProjectEvent,
  supersedeEvents,
  updateEvent,
} from '../db/events.ts'
import { countTrigger, findTrigger, type Project, type Trigger, updateTrigger } from '../db/projects.ts'
import { findRun, type Run } from '../db/runs.ts'
import { mergePlans } from '../domain/merge-plans.ts'
import { type Plan, toPlan } from '../domain/plan.ts'
import { isNarrow, type Selection } from '../domain/selection.ts'
import { hasEnded, type State } from '../domain/status.ts'
import { cancelRun } from '../jobs/cancel-run.ts'
import { addMissingBuilds } from '../jobs/missing-builds.ts'
import { newestTargets } from '../jobs/newest-targets.ts'
import { readRuns } from '../jobs/read-runs.ts'
import { type Attempt, decideAgain, decideAttempt, type Known } from './decide-attempt.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'
import { insertRuns } from './insert-runs.ts'
import { type LockedHead, lockHead, NOTHING_KNOWN, noteStaleHead, noteTrigger, readKnown } from './known-head.ts'
import type { PlannedHead } from './plan-head.ts'
import { planTrusted } from './plan-trusted.ts'
import { refuseAttempt, refusePush } from './refuse-head.ts'

/** Where a run of a head comes from. */
export type RunCause = 'delivery' | 'command' | 'retry' | 'try'

interface RunOptions {
  /** Left out: `delivery`. */
  cause?: RunCause
  /** The attempt that somebody asked for; left out when a delivery tells of the head. */
  again?: number
  /** What of its jobs was asked for; left out: all that the event sets off. */
  selection?: Selection
  signal?: AbortSignal
  plan?: PlannedHead
}

/**
 * Gives a head its attempt, when it is to have one: asks whether it is trusted, fetches and plans outside, then writes event, plan, runs and jobs, and
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
  const { plan, signal, selection } = options
  const isWorth = early.kind === 'run'
  const planned = plan ?? (isWorth ? await planTrusted(head, delivery?.source, deps, signal, selection) : undefined)
  if (planned?.trust === 'refused' && head.on !== 'pull_request' && options.again === undefined)
    return refusePush(delivery, head, planned.plan, deps)
  if (delivery && planned && isOfNoConcern(head, planned.plan)) {
    const reasons = [planned.plan.problem?.summary ?? planned.plan.summary, ...planned.plan.warnings]
    await settleDelivery(deps.database.db, delivery.id, { state: 'decided', decision: 'nothing to build', reasons })
    return
  }
  await deps.database.transaction(async (tx) => {
    const locked = await lockHead(tx, delivery, head, deps)
    await writeHead(tx, delivery, head, locked, { planned, options }, deps)
    if (locked.isNew) await countTrigger(tx, locked.project.id, head.triggerKind)
  })
}

/**
 * A pull request is told when nothing is built for it: somebody looks at its checks. A branch or tag that no job is for is
 * nobody's question, and a check at its commit would stand beside that of the pull request it belongs to.
 */
function isOfNoConcern({ on }: EventHead, { problem }: Plan): boolean {
  return on !== 'pull_request' && (problem?.kind === 'nothing-to-build' || problem?.kind === 'no-config')
}

/** Whether it is worth to fetch the head at all; decided again, under the trigger's lock, when it is written. */
async function decideEarly(head: EventHead, deps: EventDeps, again?: number): Promise<Attempt> {
  const { db } = deps.database
  const trigger = await findTrigger(db, head)
  return decide(head, trigger ? await readKnown(db, trigger, head, deps.settings) : NOTHING_KNOWN, again)
}

function decide(head: EventHead, known: Known, again: number | undefined): Attempt {
  return again === undefined ? decideAttempt(head, known) : decideAgain(head, again, known)
}

async function writeHead(
  tx: Db,
  delivery: Delivery | undefined,
  head: EventHead,
  { project, trigger, known }: LockedHead,
  { planned, options }: { planned: PlannedHead | undefined; options: RunOptions },
  deps: EventDeps,
): Promise<void> {
  const { cause = 'delivery', again, selection } = options
  const now = deps.now()
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
    return settle(await noteStaleHead(tx, trigger, known, head, deps), 'superseded', [attempt.reason])
  // decided otherwise a moment ago, before the lock: the job runs again and fetches this time
  if (!planned) throw new Error(`the head ${head.sha} was not planned`)

  const ran = again === undefined ? undefined : await findEventOfCommit(tx, trigger.id, head.sha)
  if (planned.trust === 'refused' && ran?.plan && !ran.plan.problem)
    return refuseAttempt(tx, { eventId: ran.id, attempt: attempt.attempt, cause, plan: planned.plan }, deps)
  const whole = selection && ran ? await withMissingBuilds(tx, planned, ran.id) : planned
  const event = await writeEvent(tx, trigger, head, whole, selection)
  const part = selection && isNarrow(selection) ? whole.plan : undefined
  // an attempt that is not made replaces nothing
  if (!ran || !planned.trust) await supersede(tx, trigger, event, head, { isAgain: again !== undefined, part }, deps)
  const runs = {
    event,
    head,
    projectId: project.id,
    ...whole,
    attempt: attempt.attempt,
    cause,
    env: selection?.env,
    others: selection?.others,
  }
  await insertRuns(tx, runs, deps)
  await addChanges(tx, [{ kind: 'project', rowId: project.id, project: pathOf(project) }])
  await settle(event.id, describePlan(planned.plan), [attempt.reason, ...planned.plan.warnings])
}

/** Tests that are asked for by themselves have the packages built first that are not there. */
async function withMissingBuilds(tx: Db, planned: PlannedHead, eventId: number): Promise<PlannedHead> {
  if (!planned.plan.ofTests) return planned
  const newest = newestTargets(await readRuns(tx, await listPipelinesOfEvent(tx, eventId)))
  return { ...planned, plan: addMissingBuilds(planned.plan, newest) }
}

const pathOf = (project: Project) => `${project.forge}/${project.path}`

function describePlan(plan: Plan): string {
  return plan.problem ? `${plan.problem.title}: ${plan.problem.summary}` : plan.summary
}

async function writeEvent(
  tx: Db,
  trigger: Trigger,
  head: EventHead,
  { plan: asked, baseSha, commitTitle }: PlannedHead,
  selection: Selection | undefined,
): Promise<ProjectEvent> {
  const there = await findEventOfCommit(tx, trigger.id, head.sha)
  const former = selection && isNarrow(selection) ? there?.plan : null
  const plan = former ? mergePlans(toPlan(former), asked) : asked
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
  const isAgain = (
    planned: readonly { package: string; identifier: string; targets: readonly string[] }[],
    pipeline: Run['pipelines'][number] | undefined,
    target: string | null,
  ) =>
    planned
      .find((one) => one.package === pipeline?.package && one.identifier === pipeline.identifier)
      ?.targets.includes(target ?? '') ?? false
  const isLiving = ({ state }: { state: State }) => !hasEnded(state)
  return (
    run.targets.filter(isLiving).every(({ groupId, target }) =>
      isAgain(
        part.builds,
        run.pipelines.find((p) => p.buildGroupId === groupId),
        target,
      ),
    ) &&
    run.tests.filter(isLiving).every(({ groupId, target }) =>
      isAgain(
        part.tests,
        run.pipelines.find((p) => p.testGroupId === groupId),
        target,
      ),
    )
  )
}
