/** What tests are told of what they test. */
export interface TestFacts {
  project: { namespace: string; name: string; url: string }
  package: { upstream: string | null; downstream: string | null; upstreamUrl: string | null; distGitUrl: string | null }
  nvr: string | null
  sha: string
  tag: string | null
  /** Of a pull request. */
  pull: {
    number: number
    sourceBranch: string | null
    targetBranch: string | null
    sourceUrl: string | null
    targetSha: string | null
  } | null
  builds: readonly { project: string; id: string; packages: readonly string[] }[]
  logUrl: string | null
  srpmUrl: string | null
}

/** The variables of the service's own, by their known names; what is not known is left out. */
export function testVariables(facts: TestFacts): Record<string, string> {
  const { project, package: of, pull, builds } = facts
  const list = (items: readonly string[]) => (items.length > 0 ? [...new Set(items)].join(' ') : null)
  const all: Record<string, string | null> = {
    FULL_REPO_NAME: `${project.namespace}/${project.name}`,
    UPSTREAM_NAME: of.upstream,
    UPSTREAM_URL: of.upstreamUrl ?? project.url,
    DOWNSTREAM_NAME: of.downstream,
    DOWNSTREAM_URL: of.distGitUrl,
    PACKAGE_NAME: of.downstream,
    PACKAGE_NVR: facts.nvr,
    BUILD_LOG_URL: facts.logUrl,
    SRPM_URL: facts.srpmUrl,
    COMMIT_SHA: facts.sha,
    TAG_NAME: facts.tag,
    SOURCE_SHA: pull && facts.sha,
    TARGET_SHA: pull?.targetSha ?? null,
    SOURCE_BRANCH: pull?.sourceBranch ?? null,
    TARGET_BRANCH: pull?.targetBranch ?? null,
    SOURCE_URL: pull?.sourceUrl ?? null,
    TARGET_URL: pull && project.url,
    PR_ID: pull && String(pull.number),
    COPR_PROJECT: list(builds.map((build) => build.project)),
    COPR_BUILD_ID: list(builds.map((build) => build.id)),
    COPR_RPMS: list(builds.flatMap((build) => build.packages)),
  }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === null || value === '' ? [] : [[`PACKIT_${name}`, value]])),
  )
}

/** The service's variables, over them those of the configuration, over both those of a command; an empty value takes one away. */
export function mergeVariables(...layers: readonly Readonly<Record<string, unknown>>[]): Record<string, string> {
  const merged = new Map<string, string>()
  for (const [name, value] of layers.flatMap((layer) => Object.entries(layer))) {
    if (value === null || value === undefined || value === '') merged.delete(name)
    else merged.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return Object.fromEntries(merged)
}
