import type { Db } from '../db/database.ts'
import type { ProjectEvent } from '../db/events.ts'
import { insertEndedRun, insertRun, type NewRun } from '../db/insert-run.ts'
import { lockRepositoryName, type NameOwner } from '../db/published.ts'
import type { Plan, PlannedBuild } from '../domain/plan.ts'
import { chooseTargets } from '../domain/run.ts'
import type { Selection } from '../domain/selection.ts'
import type { UpstreamRef } from '../domain/srpm/upstream.ts'
import type { SrpmInput } from '../domain/srpm-input.ts'
import { announceRun } from '../jobs/announce.ts'
import { insertTests } from '../jobs/insert-tests.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'
import type { RunCause } from './run-head.ts'

interface NewRuns {
  event: ProjectEvent
  head: EventHead
  projectId: number
  plan: Plan
  baseSha: string | null
  /** The chroots that can be built here. */
  available: string[]
  /** Variables that a command names for tests. */
  env?: Readonly<Record<string, string>> | undefined
  /** Pull requests whose packages are tested along. */
  others?: Selection['others'] | undefined
  upstreams?: Record<string, UpstreamRef[]>
  attempt: number
  cause: RunCause
}

/**
 * Writes the runs of a plan and queues their first jobs: one run for each package and distinct SRPM settings, and one for tests
 * whose packages are there, or that need none.
 */
export async function insertRuns(tx: Db, runs: NewRuns, deps: EventDeps): Promise<void> {
  const { event, plan, attempt, cause } = runs
  const createdAt = deps.now()
  const tests = plan.tests.filter(({ notRun }) => notRun === null)
  if (plan.problem || (plan.builds.length === 0 && tests.length === 0)) {
    const state = plan.problem?.state ?? 'skipped'
    const reason = plan.problem?.title ?? plan.summary
    const runId = await insertEndedRun(tx, { eventId: event.id, cause, attempt, createdAt, state, reason })
    if (runId !== undefined) await announceRun(tx, deps.queue, runId, createdAt)
    return
  }
  const made: Made[] = []
  for (const builds of groupBySrpm(plan.builds)) {
    const one = await insertOne(tx, runs, builds, createdAt, deps)
    if (one) made.push(one)
  }
  const place = { eventId: event.id, attempt, cause, createdAt, plan, env: { ...runs.env }, others: runs.others }
  const tested = await insertTests(
    tx,
    tests.map((test) => ({ test, targets: test.targets })),
    place,
  )
  const built = new Set(made.map(({ runId }) => runId))
  for (const { runId, srpmBuildId } of made)
    await announceRun(tx, deps.queue, runId, createdAt, { kind: 'srpm', rowId: srpmBuildId, state: 'pending' })
  for (const runId of tested) if (!built.has(runId)) await announceRun(tx, deps.queue, runId, createdAt)
}

type Made = NonNullable<Awaited<ReturnType<typeof insertRun>>>

async function insertOne(
  tx: Db,
  runs: NewRuns,
  builds: PlannedBuild[],
  createdAt: Date,
  deps: EventDeps,
): Promise<Made | undefined> {
  const { event, attempt, cause, available } = runs
  const [first] = builds
  const input = first && srpmInput(runs, first, createdAt)
  if (!first || !input) return undefined
  const parts: NewRun['parts'] = []
  for (const build of builds) {
    const { package: name, identifier, repository, targets } = build
    const owned = configuredProject(runs.plan, build, deps) ?? (await ownName(tx, repository, runs, deps))
    parts.push({
      package: name,
      identifier,
      repository: owned,
      builder: deps.builder.name,
      targets: chooseTargets(targets, available),
    })
  }
  const made = await insertRun(tx, {
    eventId: event.id,
    cause,
    attempt,
    createdAt,
    srpm: { package: first.package || null, input },
    parts,
  })
  if (made) await deps.queue.add(tx, 'build-srpm', { srpmBuildId: made.srpmBuildId })
  return made
}

/** A project of the packager's choice is shared by whatever it is named for; whether that may be, its builder sees to. */
function configuredProject(plan: Plan, { jobIndex, package: name }: PlannedBuild, { builder }: EventDeps) {
  if (!builder.isRemote) return undefined
  const packages = plan.config?.jobs[jobIndex]?.packages ?? {}
  return packages[name || (Object.keys(packages)[0] ?? '')]?.project || undefined
}

/**
 * `a-b/c` and `a/b-c` have one repository name, and so have pull request 7 with the identifier `x` and a branch `7-x`: who
 * comes second gets another, which nobody else can have. A fork chooses identifiers, and must not publish for others.
 */
async function ownName(
  tx: Db,
  name: string,
  { projectId, event, head }: NewRuns,
  { builder }: EventDeps,
): Promise<string> {
  const isOurs = (owner: NameOwner) =>
    owner.triggerId === event.triggerId ||
    (head.on === 'release' && owner.kind === 'release' && owner.projectId === projectId)
  // Copr knows no `~` in names
  const mark = builder.isRemote ? '.' : '~'
  const own = `${name}${mark}${projectId}.${event.triggerId}`
  for (let i = 0; ; i++) {
    const free = [name, `${name}${mark}${projectId}`, own][i] ?? `${own}.${i}`
    const owner = await lockRepositoryName(tx, free)
    if (!owner || isOurs(owner)) return free
  }
}

function groupBySrpm(builds: readonly PlannedBuild[]): PlannedBuild[][] {
  const groups = new Map<string, PlannedBuild[]>()
  for (const build of builds) groups.set(build.srpmKey, [...(groups.get(build.srpmKey) ?? []), build])
  return [...groups.values()]
}

function srpmInput(
  { head, plan, baseSha, upstreams }: NewRuns,
  build: PlannedBuild,
  createdAt: Date,
): SrpmInput | undefined {
  // a build that no job asked for (`try`) has the settings of its package
  const packages = plan.config?.jobs[build.jobIndex]?.packages ?? plan.config?.packages ?? {}
  const name = build.package || Object.keys(packages)[0] || ''
  const options = packages[name]
  if (!options) return undefined
  return {
    baseUrl: head.project.cloneUrl,
    headUrl: head.headUrl,
    headSha: head.sha,
    headRef: head.headRef,
    baseRef: head.baseRef,
    baseSha,
    on: head.on,
    number: head.number,
    package: name,
    options,
    createdAt: createdAt.toISOString(),
    merge: head.on === 'pull_request' && options.merge_pr_in_ci,
    upstream: (options.upstream_ref !== null && upstreams?.[options.upstream_ref]) || [],
  }
}
