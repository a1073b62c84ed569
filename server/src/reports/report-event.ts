import { listAwayBackends } from '../db/backends.ts'
import { addChanges } from '../db/changes.ts'
import { lockChecks, removeUnseenChecks, type WantedCheck, writeChecks } from '../db/checks.ts'
import type { Db } from '../db/database.ts'
import { findEvent, listChecks, listPipelinesOfEvent } from '../db/events.ts'
import type { Run } from '../db/runs.ts'
import { waitingText } from '../domain/backend.ts'
import { SUMMARY_CHECK } from '../domain/check.ts'
import { addPost } from '../jobs/add-post.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { readRuns } from '../jobs/read-runs.ts'
import { currentRuns } from './current-runs.ts'
import type { ReportDeps } from './deps.ts'
import type { ReportView } from './target-check.ts'
import { endedChecks, wantedChecks } from './wanted-checks.ts'
import { wantedPosts } from './wanted-posts.ts'

type Found = NonNullable<Awaited<ReturnType<typeof findEvent>>>

/** Writes what a forge shall show of an event. It reads the state, so repeats and late ones end the same. */
export async function reportEvent({ eventId }: Jobs['report-event'], deps: ReportDeps): Promise<void> {
  await deps.database.transaction(async (tx) => {
    // who waits here reads what the one before has seen, or newer
    await lockChecks(tx, eventId)
    const found = await findEvent(tx, eventId)
    if (found) await report(tx, found, deps)
  })
}

async function report(tx: Db, found: Found, deps: ReportDeps): Promise<void> {
  const { event, plan, project } = found
  const runs = currentRuns(plan, await readRuns(tx, await listPipelinesOfEvent(tx, event.id)))
  const away = (await listAwayBackends(tx)).map((one) => ({ name: one.name, text: waitingText(one, deps.now()) }))
  const view: ReportView = {
    page: (path) => `${deps.publicUrl}${path}`,
    isSuperseded: event.supersededBy !== null,
    waitsFor: (builder) => away.find(({ name }) => name === builder)?.text ?? null,
  }
  const wanted = wantedChecks(plan, runs, view)
  await removeUnseenChecks(
    tx,
    event.id,
    wanted.map(({ name }) => name),
  )
  const ended = endedChecks(await listChecks(tx, event.id), wanted, plan, view)
  const changed = await writeChecks(tx, event.id, [...wanted, ...ended])
  if (changed.length === 0) return
  const path = `${project.forge}/${project.path}`
  await addChanges(
    tx,
    runs.map((run) => ({ kind: 'check' as const, runId: run.id, rowId: event.id, project: path })),
  )
  if (deps.findForge(project.forge)) await tellForge(tx, found, runs, wanted, view, deps)
}

/** Has the checks brought to the forge, and what people are to be told besides. */
async function tellForge(
  tx: Db,
  found: Found,
  runs: readonly Run[],
  wanted: readonly WantedCheck[],
  view: ReportView,
  { queue }: ReportDeps,
): Promise<void> {
  await queue.add(tx, 'show-checks', { eventId: found.event.id })
  const stable = wanted.find((check) => check.name === SUMMARY_CHECK)
  if (!stable) return
  for (const post of await wantedPosts(tx, { found, runs, stable, view })) await addPost(tx, queue, post)
}
