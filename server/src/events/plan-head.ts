import { ConfigError, ForbiddenError, NotFoundError } from '../domain/errors.ts'
import type { Plan, PlanProblem } from '../domain/plan.ts'
import type { Selection } from '../domain/selection.ts'
import type { UpstreamRef } from '../domain/srpm/upstream.ts'
import type { FetchOptions } from '../git/mirrors.ts'
import { decidePlan, type PlanContext } from './decide-plan.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'
import { fetchUpstreams } from './fetch-upstreams.ts'
import { type CommitFiles, readCommitConfig } from './read-head.ts'

/** What is settled about a head before anything is written. */
export interface PlannedHead {
  plan: Plan
  baseSha: string | null
  commitTitle: string | null
  /** The chroots that can be built here. */
  available: string[]
  /** What the `upstream_ref`s of the configuration mean, where it isn't tags. */
  upstreams?: Record<string, UpstreamRef[]>
}

const MOST_FILES = 20_000

/**
 * Fetches a head, reads its configuration and decides what it sets off. What is missing ends as a plan that says so.
 *
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
  const { title } = await reader.commitInfo(mirror, head.sha)
  const files = await listCommitFiles(mirror, head.sha, deps)
  const found = await readCommitConfig(files, head.project)
  if (!found.ok)
    return { plan: { ...emptyPlan(found.problem), configPath: found.path }, baseSha, commitTitle: title, available: [] }
  const plan = decidePlan(found.config, found.path, await planContext(head, deps, options, selection), found.warnings)
  const upstreams = await fetchUpstreams(found.config, mirrorOf, deps, options)
  return { plan, baseSha, commitTitle: title, available: await deps.builder.findChroots(), upstreams }
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

async function planContext(
  head: EventHead,
  deps: EventDeps,
  options: FetchOptions,
  selection: Selection | undefined,
): Promise<PlanContext> {
  const { instance, maxTargets } = deps.settings
  const isPush = head.on === 'commit'
  return {
    on: head.on,
    project: head.project,
    label: head.number === null ? (head.name ?? '') : String(head.number),
    branch: head.baseRef,
    isDefaultBranch: isPush && (await deps.mirrors.findDefaultBranch(head.project.cloneUrl, options)) === head.name,
    labels: head.labels,
    instance,
    maxTargets,
    targets: deps.targets,
    ...(selection ? { selection } : {}),
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
  return { summary: problem.title, jobs: [], builds: [], warnings: [], config: null, configPath: null, problem }
}
