import { findEvent } from '../db/events.ts'
import { listTestedBuilds, type TestedBuildRow, type TestTarget } from '../db/tests.ts'
import type { PackageOptions } from '../domain/package-config/types.ts'
import { runRepositoryKey } from '../domain/repository.ts'
import { isFreshlyBranched, splitArch } from '../domain/targets.ts'
import { testTimeoutMinutes } from '../domain/test-timeout.ts'
import { mergeVariables, testVariables } from '../domain/test-variables.ts'
import type { TestedBuild, Tester, TestPlace, TestToRun } from '../testers/tester.ts'
import type { TestDeps } from './deps.ts'

type Found = NonNullable<Awaited<ReturnType<typeof findEvent>>>

/** Tests as their runner is asked for them, but for what each request has of its own. */
export interface Described {
  isPrivate: boolean
  place: TestPlace
  test: Omit<TestToRun, 'id' | 'createdAt' | 'notification'>
}

const NO_PLANS = 'No FMF metadata found. Please, initialize the metadata tree with `fmf init`.'

/** What is asked of the runner, from the frozen plan and the builds; in a sentence why nothing can be. */
export async function describeTest(target: TestTarget, deps: TestDeps): Promise<Described | { problem: string }> {
  const { db } = deps.database
  const found = target.eventId === null ? undefined : await findEvent(db, target.eventId)
  const job = target.input && found?.plan?.config?.jobs[target.input.jobIndex]
  const options = job?.packages[target.input?.package ?? '']
  if (!found || !target.input || !options) return { problem: 'what is to be tested is not known here' }
  const builds = await listTestedBuilds(db, target.id)
  const hasPlans = options.fmf_url !== null || target.input.hasPlans
  if (!hasPlans && builds.length === 0) return { problem: NO_PLANS }
  const name = target.target ?? ''
  const [distro, arch] = splitArch(name)
  const deployment = deps.instance === 'prod' ? 'prod' : 'stg'
  return {
    isPrivate: found.project.isPrivate,
    place: {
      ...{ target: name, isInternal: options.use_internal_tf, hasPlans },
      extra: options.tf_extra_params,
      mayBeMissing: options.skip_missing_branched_composes && isFreshlyBranched(distro, await deps.targets.current()),
    },
    test: {
      target: name,
      plans: hasPlans ? plansOf(found, options) : null,
      builds: builds.map((build) => toTestedBuild(build, found, deps)),
      context: { distro, arch, trigger: 'commit', initiator: 'packit', deployment },
      variables: mergeVariables(ownVariables(found, options, builds, deps), options.env, target.input.env),
      secrets: {},
      postInstallScript: options.tf_post_install_script,
      extra: options.tf_extra_params,
      isInternal: options.use_internal_tf,
      timeoutMinutes: testTimeoutMinutes(options, found.plan?.config?.packages[target.input.package]),
    },
  }
}

/** Why tests may not go to a runner; null when they may. */
export function refuseTester(
  { isPrivate }: Pick<Described, 'isPrivate'>,
  { name }: Pick<Tester, 'name'>,
): string | null {
  if (!isPrivate || name === 'local') return null
  return 'The repository is private, and what Testing Farm is asked for and finds can be read by everybody: it is not tested there.'
}

function toTestedBuild(build: TestedBuildRow, { event }: Found, deps: TestDeps): TestedBuild {
  return {
    builder: build.builder,
    buildId: build.buildId,
    chroot: build.chroot,
    packages: packagesOf(build),
    files: (build.files ?? []).map(({ key }) => key),
    // of another change's packages only the packages are of interest
    srpm: build.eventId === event.id ? build.srpmKey : null,
    repositoryUrl: repositoryUrl(build, deps),
  }
}

/** Where others get what was built here; Copr's builds are known to a runner by their ids. */
function repositoryUrl(
  { builder, projectName, runId, chroot }: TestedBuildRow,
  { publicUrl }: TestDeps,
): string | null {
  if (builder === 'copr' || projectName === null || runId === null) return null
  return `${publicUrl}/${runRepositoryKey(projectName, runId, chroot)}`
}

/** Where the plans are: a repository of their own, or the tested commit as it is merged. */
function plansOf({ event, trigger, project }: Found, options: PackageOptions): TestToRun['plans'] {
  const path = options.fmf_path ?? '.'
  const name = options.tmt_plan
  if (options.fmf_url !== null)
    return { url: options.fmf_url, ref: options.fmf_ref ?? 'main', mergeSha: null, path, name }
  const ownUrl = trigger.cloneUrl ?? project.url
  const url = options.use_target_repo_for_fmf_url ? ownUrl : (trigger.headRepo ?? ownUrl)
  const isMerged = trigger.kind === 'pull_request' && options.merge_pr_in_ci
  return { url, ref: event.commitSha ?? '', mergeSha: isMerged ? event.baseSha : null, path, name }
}

function ownVariables(
  { event, trigger, project }: Found,
  options: PackageOptions,
  builds: readonly TestedBuildRow[],
  { publicUrl }: TestDeps,
): Record<string, string> {
  const first = builds.find((build) => build.eventId === event.id) ?? builds[0]
  const isPull = trigger.kind === 'pull_request' && trigger.number !== null
  const { dist_git_base_url: base, dist_git_namespace: namespace, downstream_package_name: downstream } = options
  return testVariables({
    project,
    package: {
      upstream: options.upstream_package_name,
      downstream,
      upstreamUrl: options.upstream_project_url,
      distGitUrl: base && namespace && downstream ? `${base.replace(/\/+$/, '')}/${namespace}/${downstream}` : null,
    },
    nvr: first?.nvr ?? null,
    sha: event.commitSha ?? '',
    tag: trigger.kind === 'release' ? trigger.name : null,
    pull: isPull
      ? {
          number: trigger.number ?? 0,
          sourceBranch: trigger.headRef,
          targetBranch: trigger.baseRef,
          sourceUrl: trigger.headRepo,
          targetSha: event.baseSha,
        }
      : null,
    builds: builds.map((build) => ({
      project: [build.owner, build.projectName].filter(Boolean).join('/'),
      id: build.buildId,
      packages: packagesOf(build),
    })),
    logUrl: first ? `${publicUrl}/jobs/copr/${first.targetId}` : null,
    srpmUrl: first?.srpmId ? `${publicUrl}/jobs/srpm/${first.srpmId}` : null,
  })
}

/** `name-[epoch:]version-release.arch`, without the source package. */
function packagesOf({ packages }: TestedBuildRow): string[] {
  return (packages ?? [])
    .filter(({ arch }) => arch !== 'src')
    .map(
      ({ name, epoch, version, release, arch }) => `${name}-${epoch ? `${epoch}:` : ''}${version}-${release}.${arch}`,
    )
}
