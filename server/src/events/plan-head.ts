import { ConfigError, ForbiddenError, NotFoundError } from '../domain/errors.ts'
import { type KeptConfig, keepPrivileged } from '../domain/package-config/privileged.ts'
import type { PackageConfig } from '../domain/package-config/types.ts'
import type { Plan, PlanProblem } from '../domain/plan.ts'
import type { Selection } from '../domain/selection.ts'
import type { UpstreamRef } from '../domain/srpm/upstream.ts'
import type { FetchOptions } from '../git/mirrors.ts'
import { completeTests } from './complete-tests.ts'
import { decidePlan, type PlanContext } from './decide-plan.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'
import { fetchUpstreams } from './fetch-upstreams.ts'
import { filtersPaths } from './plan/skip.ts'
import { type CommitFiles, readCommitConfig } from './read-head.ts'
import { comesFromFork } from './trust.ts'

/** What is settled about a head before anything is written. */
export interface PlannedHead {
  plan: Plan
  baseSha: string | null
  commitTitle: string | null
  /** The chroots that can be built here. */
  available: string[]
  /** What the `upstream_ref`s of the configuration mean, where it isn't tags. */
  upstreams?: Record<string, UpstreamRef[]>
  /** Why nothing is built though it is planned; left out when the head is trusted. */
  trust?: 'refused' | 'waits'
}

const MOST_FILES = 20_000

/**
 * Fetches a head, reads its configuration and decides what it sets off. What is missing ends as a plan that says so.
 *
 * @param selection  what somebody asked for; left out when the event itself sets off what it sets off
 * @throws {UnavailableError} when the repository can't be reached now
 */
export async function planHead(
  head: EventHead,
  deps: EventDeps,
  signal: AbortSignal | undefined,
  selection?: Selection,
): Promise<PlannedHead> {
  try {
    return await fetchAndPlan(head, deps, signal, selection)
  } catch (error) {
    if (!(error instanceof NotFoundError || error instanceof ConfigError || error instanceof ForbiddenError))
      throw error
    const [kind, title] =
      error instanceof NotFoundError
        ? (['not-found', 'Not found'] as const)
        : (['not-possible', 'Not possible'] as const)
    return {
      plan: emptyPlan({ kind, state: 'failure', title, summary: error.message, lines: [] }),
      baseSha: head.baseSha,
      commitTitle: null,
      available: [],
    }
  }
}

async function fetchAndPlan(
  head: EventHead,
  deps: EventDeps,
  signal: AbortSignal | undefined,
  selection: Selection | undefined,
): Promise<PlannedHead> {
  const { mirrors, reader } = deps
  const options = await fetchOptions(head, deps, signal)
  const mirrorOf = head.project.cloneUrl
  const { mirror } = await mirrors.fetchCommit(
    { mirrorOf, from: head.headUrl, sha: head.sha, ref: head.headRef },
    options,
  )
  const baseSha = head.on === 'pull_request' ? await fetchBase(head, deps, options) : null
  const { title, message } = await reader.commitInfo(mirror, head.sha)
  const files = await listCommitFiles(mirror, head.sha, deps)
  const found = await readCommitConfig(files, head.project)
  if (!found.ok)
    return { plan: { ...emptyPlan(found.problem), configPath: found.path }, baseSha, commitTitle: title, available: [] }
  const { config, notes } = await keepRights(found.config, { mirror, baseSha, head }, deps)
  const context: PlanContext = {
    ...(await planContext(head, deps, options)),
    commitMessage: message,
    ...(selection ? { selection } : {}),
  }
  if (!selection && filtersPaths(config.packages)) {
    const changed = await findChangedPaths(head, mirror, baseSha, deps)
    if (changed) context.changedPaths = changed
  }
  const decided = decidePlan(config, found.path, context, [...found.warnings, ...notes])
  const upstreams = await fetchUpstreams(config, mirrorOf, deps, options)
  const available = await deps.builder.findChroots()
  const tests = await completeTests(decided, available, files, deps.settings)
  return { plan: { ...decided, tests }, baseSha, commitTitle: title, available, upstreams }
}

/** What a fork's configuration may not say for itself is what the base branch says. */
async function keepRights(
  config: PackageConfig,
  { mirror, baseSha, head }: { mirror: string; baseSha: string | null; head: EventHead },
  deps: EventDeps,
): Promise<KeptConfig> {
  if (!comesFromFork(head)) return { config, notes: [] }
  const base = baseSha === null ? undefined : await readBaseConfig(mirror, baseSha, head, deps)
  return keepPrivileged(config, base?.ok ? base.config : null)
}

async function readBaseConfig(mirror: string, baseSha: string, head: EventHead, deps: EventDeps) {
  try {
    return await readCommitConfig(await listCommitFiles(mirror, baseSha, deps), head.project)
  } catch (error) {
    // no regular file, or too large: nothing of it holds
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

/** A private repository is fetched with what its forge gives for it; the forge may be away, as git may. */
async function fetchOptions(
  { project }: EventHead,
  { findForge }: EventDeps,
  signal: AbortSignal | undefined,
): Promise<FetchOptions> {
  const { forge, namespace, name, isPrivate, installationId = null } = project
  const authorization = isPrivate
    ? await findForge(forge)?.fetchAuthorization({ namespace, name, installationId })
    : undefined
  return { ...(signal && { signal }), ...(authorization !== undefined && { authorization }) }
}

/** The recorded base: what the payload says, else where the base branch points now. */
async function fetchBase(head: EventHead, { mirrors }: EventDeps, options: FetchOptions): Promise<string> {
  const mirrorOf = head.project.cloneUrl
  const wanted = head.baseSha ? { mirrorOf, sha: head.baseSha, ref: head.baseRef } : { mirrorOf, ref: head.baseRef }
  return (await mirrors.fetchCommit(wanted, options)).sha
}

/** What a pull request changes, or a push; `undefined` when it can't be told. */
async function findChangedPaths(
  head: EventHead,
  mirror: string,
  baseSha: string | null,
  { reader }: EventDeps,
): Promise<string[] | undefined> {
  if (head.on === 'pull_request' && baseSha) return reader.changedSinceBase(mirror, baseSha, head.sha)
  if (head.on === 'commit' && head.before) return reader.changedPaths(mirror, head.before, head.sha)
  return undefined
}

/** What an event offers its jobs, but for what its commit says and changes. */
export async function planContext(head: EventHead, deps: EventDeps, options: FetchOptions): Promise<PlanContext> {
  const isPush = head.on === 'commit'
  return {
    ...labelContext(head, deps.settings),
    targets: await deps.targets.current(),
    isDefaultBranch: isPush && (await deps.mirrors.findDefaultBranch(head.project.cloneUrl, options)) === head.name,
    labels: head.labels,
  }
}

/** What is known of a head without git: enough to tell whether its labels matter, whatever its targets stand for. */
export function labelContext(head: EventHead, settings: EventDeps['settings']): Omit<PlanContext, 'labels'> {
  const { instance, maxTargets, runsTests } = settings
  return {
    on: head.on,
    project: head.project,
    label: head.number === null ? (head.name ?? '') : String(head.number),
    branch: head.baseRef,
    isDefaultBranch: false,
    instance,
    maxTargets,
    runsTests,
    // names stand for themselves: they are the same with any labels
    targets: { asOf: '', aliases: {} },
  }
}

async function listCommitFiles(mirror: string, sha: string, { reader }: EventDeps): Promise<CommitFiles> {
  const top = await reader.listFiles(mirror, sha, { limit: MOST_FILES })
  const names = top.entries.filter((entry) => entry.kind !== 'folder').map((entry) => entry.path)
  return {
    names,
    specFiles: await findSpecFiles(names, () => reader.listFiles(mirror, sha, { all: true, limit: MOST_FILES })),
    read: (name) => reader.readFile(mirror, sha, name),
  }
}

/** Spec files at the top; only when there are none, those of all folders but `tests`. */
async function findSpecFiles(
  names: readonly string[],
  listAll: () => Promise<{ entries: { path: string; kind: string }[] }>,
): Promise<string[]> {
  const isSpec = (path: string) => path.endsWith('.spec')
  const top = names.filter(isSpec)
  if (top.length > 0) return top
  const { entries } = await listAll()
  return entries.map((entry) => entry.path).filter((path) => isSpec(path) && !path.startsWith('tests/'))
}

export function emptyPlan(problem: PlanProblem): Plan {
  return {
    summary: problem.title,
    jobs: [],
    builds: [],
    tests: [],
    skipped: [],
    warnings: [],
    config: null,
    configPath: null,
    problem,
  }
}
