import { addChanges } from '../db/changes.ts'
import { claimCheck, lockChecks, noteNotShown, noteShown, noteWaiting, releaseCheck } from '../db/checks.ts'
import { type CheckRow, findEvent, listChecks, listPipelinesOfEvent } from '../db/events.ts'
import { SUMMARY_CHECK } from '../domain/check.ts'
import { NotFoundError, UnavailableError } from '../domain/errors.ts'
import type { Forge, ForgeRepository } from '../forges/forge.ts'
import { addPost } from '../jobs/add-post.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { type Brought, bringCheck } from './bring-check.ts'
import type { ReportDeps } from './deps.ts'
import { isWorthComment, nextStep, toShownCheck } from './next-step.ts'
import { placeOf } from './wanted-posts.ts'

type Found = NonNullable<Awaited<ReturnType<typeof findEvent>>>

/** The event whose checks are shown, and where. */
interface Showing {
  found: Found
  sha: string
  forge: Forge
  repository: ForgeRepository
}

/** A check that can't be shown yet. */
interface Waiting {
  id: number
  ms: number
}

const SHADOW = 'shadow mode: nothing is posted'
/** Checks of one event that are brought to the forge at a time. */
const AT_ONCE = 4

/**
 * Brings the forge to the checks of an event: each is made once, then updated. It may run twice, late or beside itself: a
 * check is held by one worker at a time, and who finds that it changed meanwhile has it shown again.
 */
export async function showChecks({ eventId }: Jobs['show-checks'], deps: ReportDeps): Promise<void> {
  const { db } = deps.database
  const found = await findEvent(db, eventId)
  const forge = found && deps.findForge(found.project.forge)
  const sha = found?.event.commitSha
  if (!forge || !sha) return
  if (deps.isShadow) {
    if (await noteNotShown(db, eventId, SHADOW)) await tellPages(found, deps)
    return
  }
  const { namespace, name, installationId } = found.project
  const showing: Showing = { found, sha, forge, repository: { namespace, name, installationId } }
  // branch protection looks at the stable one: it comes first
  const rows = (await listChecks(db, eventId)).sort(
    (a, b) => Number(b.name === SUMMARY_CHECK) - Number(a.name === SUMMARY_CHECK) || a.id - b.id,
  )
  const errors: unknown[] = []
  const waiting: Waiting[] = []
  let any = false
  const one = async (row: CheckRow) => {
    const shown = await showCheck(row, showing, deps).catch((error: unknown) => void errors.push(error))
    if (shown && shown !== true) waiting.push(shown)
    return shown === true
  }
  const left = rows.slice(1).values()
  const work = async () => {
    for (const row of left) if (await one(row)) any = true
  }
  // the first one alone: what a forge has to be asked for besides (a token) is then known to the others
  const [first] = rows
  if (first) any = await one(first)
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (waiting.length > 0) await lookAgain(eventId, waiting, deps)
  if (any) await tellPages(found, deps)
  if (errors.length > 0) throw errors[0]
}

/** One job looks after all that waits: each that came upon them would add one, and those as many in turn. */
async function lookAgain(eventId: number, waiting: readonly Waiting[], deps: ReportDeps): Promise<void> {
  const { database, queue, now } = deps
  const at = now()
  const afterMs = Math.max(...waiting.map(({ ms }) => ms))
  const ids = waiting.map(({ id }) => id)
  await database.transaction(async (tx) => {
    await lockChecks(tx, eventId)
    if (await noteWaiting(tx, ids, at, new Date(at.getTime() + afterMs)))
      await queue.add(tx, 'show-checks', { eventId }, { afterMs })
  })
}

/** What could not be shown stays to be seen on the pages, with the reason. */
export async function giveUpChecks({ eventId }: Jobs['show-checks'], reason: string, deps: ReportDeps): Promise<void> {
  await noteNotShown(deps.database.db, eventId, reason)
}

/** @returns whether pages have something new to say of it, or how long it has to wait for its turn */
async function showCheck(row: CheckRow, showing: Showing, deps: ReportDeps): Promise<boolean | Waiting> {
  const { database, timing, now } = deps
  const eventId = row.eventId
  const began = now()
  const step = nextStep(row, began, timing, showing.found.event.supersededBy !== null)
  if (step.do === 'nothing') return false
  if (step.do === 'wait') return { id: row.id, ms: step.ms }
  const until = new Date(began.getTime() + timing.claimMs)
  // another worker holds it and will see what is new, or what is new has a job of its own
  if (!(await claimCheck(database.db, row, began, until))) return false
  try {
    const check = toShownCheck(row, { sha: showing.sha, eventId }, step)
    const brought = await bringCheck(showing.forge, showing.repository, row, check, step)
    await noteBrought(row, until, brought, showing, deps)
    // the stable check comes first: with it the forge shows that the change was taken
    const isFirst = row.name === SUMMARY_CHECK && row.shownAt === null && brought.waitsFor === null
    if (isFirst) deps.onFirstShown?.(eventId, now())
  } catch (error) {
    await noteFailure(row, until, error, deps)
  }
  return true
}

async function noteBrought(
  row: CheckRow,
  until: Date,
  brought: Brought,
  { found }: Showing,
  { database, queue, now }: ReportDeps,
): Promise<void> {
  const eventId = row.eventId
  await database.transaction(async (tx) => {
    const isAll = await noteShown(tx, row, until, { ...brought, at: brought.waitsFor === null ? now() : row.shownAt })
    if (!isAll) await queue.add(tx, 'show-checks', { eventId })
    // the one that tells of all of them is enough
    if (!brought.isRefused || row.name !== SUMMARY_CHECK || !isWorthComment(row.state)) return
    const body = [`**${SUMMARY_CHECK}: ${row.title}**`, row.summary, row.link ? `[Details](${row.link})` : '']
    await addPost(tx, queue, {
      ...placeOf({ found }),
      key: `check:${row.id}:${row.attempt}:${row.state}`,
      kind: 'comment',
      body: body.filter((part) => part !== '').join('\n\n'),
    })
  })
}

/** A forge that is away is waited for as long as it takes; what is not there any more needs nothing. */
async function noteFailure(row: CheckRow, until: Date, error: unknown, deps: ReportDeps): Promise<void> {
  const { database, queue, now } = deps
  const eventId = row.eventId
  if (error instanceof NotFoundError) {
    const { forgeId, isStatus, shownAt } = row
    await noteShown(database.db, row, until, { forgeId, isStatus, waitsFor: error.message, at: shownAt })
    return
  }
  const isAway = error instanceof UnavailableError
  const at = now()
  const afterMs = isAway ? Math.max(error.retryAfterMs, LEAST_WAIT_MS) : 0
  await database.transaction(async (tx) => {
    const waits = isAway
      ? { waitsUntil: new Date(at.getTime() + afterMs), waitsFor: error.message }
      : { waitsUntil: null, waitsFor: null }
    await releaseCheck(tx, row, until, { now: at, ...waits })
    if (isAway) await queue.add(tx, 'show-checks', { eventId }, { afterMs })
  })
  if (!isAway) throw error
}

const LEAST_WAIT_MS = 50

/** Pages show when a check was brought to the forge. */
async function tellPages({ event, project }: Found, { database }: ReportDeps): Promise<void> {
  // no page shows an event before it has a run
  if (event.plan === null) return
  const runs = new Set((await listPipelinesOfEvent(database.db, event.id)).map((p) => p.mergedRunId ?? p.id))
  if (runs.size === 0) return
  const path = `${project.forge}/${project.path}`
  const changes = [...runs].map((runId) => ({ kind: 'check' as const, runId, rowId: event.id, project: path }))
  await database.transaction((tx) => addChanges(tx, changes))
}
