import { addListed, removeUnlisted } from '../db/installations.ts'
import { findKnownProject } from '../db/projects.ts'
import { countSwept, findPullRequest, readCursor, writeCursor } from '../db/sweeps.ts'
import { ForbiddenError, NotFoundError } from '../domain/errors.ts'
import type { ForgeProject, PullRequestEvent } from '../domain/forge-event.ts'
import type { Forge } from '../forges/forge.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { cancelRuns } from './cancel-runs.ts'
import type { EventDeps } from './deps.ts'
import { storeFound } from './store-found.ts'

interface Cursor {
  /** When the last sweep that came to its end began, as ms since 1970. */
  last: number | null
  /** The one that is under way: when it began, and the repositories it has looked at. */
  current: { began: number; done: string[] } | null
}

interface Sweep {
  forge: Forge
  began: number
  /** Pull requests that changed before are left alone, as ms since 1970. */
  since: number
}

const HOUR_MS = 60 * 60_000
const OVERLAP_MS = HOUR_MS
/** The first sweep looks back so far; a repository that gets the App has none of its old pull requests built. */
const FIRST_MS = 3 * 24 * HOUR_MS
/** A sweep that was stopped is gone on with so long; then a new one says more. */
const CURRENT_MS = 2 * HOUR_MS
/** The forge is about to tell of it. */
const TOO_YOUNG_MS = 60_000

type Listed = ForgeProject & { installationId: number; account: string }

/** Finds installations, repositories and pull requests that no delivery told of. Stopped half-way it goes on there. */
export async function sweepPullRequests(_: Jobs['sweep-pull-requests'], deps: EventDeps): Promise<void> {
  for (const forge of deps.listForges()) await sweepForge(forge, deps)
}

async function sweepForge(forge: Forge, deps: EventDeps): Promise<void> {
  const { db } = deps.database
  const key = `pull-requests:${forge.host}`
  const cursor = (await readCursor<Cursor>(db, key)) ?? { last: null, current: null }
  const now = deps.now().getTime()
  const { began, done } =
    cursor.current && now - cursor.current.began < CURRENT_MS ? cursor.current : { began: now, done: [] }
  const since = cursor.last === null ? began - FIRST_MS : cursor.last - OVERLAP_MS
  const listed: Listed[] = []
  let found = 0
  for await (const repository of forge.listRepositories()) {
    listed.push(repository)
    const name = `${repository.namespace}/${repository.name}`
    if (done.includes(name)) continue
    found += await sweepRepository(repository, { forge, began, since }, deps)
    done.push(name)
    await writeCursor<Cursor>(db, key, { ...cursor, current: { began, done } })
  }
  const removed = await noteUnlisted(forge, listed, deps)
  await writeCursor<Cursor>(db, key, { last: began, current: null })
  const figures = { sweep: 'pull-requests', forge: forge.host, repositories: listed.length, found, removed }
  deps.log(figures, 'swept')
}

async function sweepRepository(repository: Listed, sweep: Sweep, deps: EventDeps): Promise<number> {
  const { database, settings } = deps
  const { forge, namespace, isPrivate } = repository
  if (isPrivate && !settings.privateNamespaces.includes(`${forge}/${namespace}`)) return 0
  await database.transaction((tx) => addListed(tx, repository, deps.now()))
  let found = 0
  try {
    for await (const pull of sweep.forge.listOpenPullRequests(repository)) {
      const order = pull.order ?? sweep.began
      // the newest come first
      if (order < sweep.since) break
      const action = order > sweep.began - TOO_YOUNG_MS ? undefined : await findAction(pull, deps)
      if (action && (await storeFound({ ...pull, action }, deps))) found += 1
    }
  } catch (error) {
    // taken away, or its pull requests are off: the others are looked at all the same
    if (!(error instanceof NotFoundError || error instanceof ForbiddenError)) throw error
  }
  await countSwept(database.db, 'pull_requests', found)
  return found
}

/** What a delivery would have told; `undefined` when one did. */
async function findAction(pull: PullRequestEvent, deps: EventDeps): Promise<PullRequestEvent['action'] | undefined> {
  const { db } = deps.database
  const project = await findKnownProject(db, pull.project)
  const known = project && (await findPullRequest(db, project.id, pull.number))
  if (!known?.heads.includes(pull.head.sha)) return known?.open === false ? 'reopened' : 'opened'
  return !known.open && (pull.order ?? 0) > known.order ? 'reopened' : undefined
}

/** What an installation has no more is taken from it, as a delivery would have said. */
async function noteUnlisted(forge: Forge, listed: readonly Listed[], deps: EventDeps): Promise<number> {
  return deps.database.transaction(async (tx) => {
    const { projects, runs } = await removeUnlisted(tx, forge.host, listed)
    await cancelRuns(tx, deps.queue, runs, 'the App may not see the repository any more', deps.now())
    return projects
  })
}
