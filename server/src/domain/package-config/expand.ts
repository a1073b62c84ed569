import { settleDistGit } from './dist-git.ts'
import type { WrittenOptions } from './options.ts'
import type { Problems } from './problems.ts'
import type { JobDraft } from './read-jobs.ts'
import type { PackageDraft } from './read-packages.ts'
import type { Job, PackageConfig, PackageOptions } from './types.ts'

/** Room for a normalized configuration, in characters of JSON. */
const MAX_NORMALIZED = 16_000_000
/** A package's options in JSON when nobody wrote any. */
const BARE_OPTIONS = 3_000

/**
 * Spreads out the drafts: one job for each trigger, with all options of each of its packages. Strongest first: what the
 * job says for one package, the job, the package, the top level, the default; values replace each other as a whole.
 *
 * @returns undefined after telling that the result would be too large
 */
export function expand(
  packages: readonly PackageDraft[],
  drafts: readonly JobDraft[],
  problems: Problems,
): PackageConfig | undefined {
  if (sizeOf(packages, drafts) > MAX_NORMALIZED) {
    problems.error(
      'yaml_limit',
      packages[0]?.node ?? { start: 0 },
      null,
      'the jobs are too large when each has all settings of its packages',
    )
    return undefined
  }
  const byName = new Map(packages.map((draft) => [draft.name, draft]))
  return {
    packages: Object.fromEntries(packages.map((draft) => [draft.name, settle(draft.options, draft)])),
    jobs: drafts.flatMap((draft) => {
      const selected = packagesOf(draft, byName)
      return draft.triggers.map((on): Job => {
        const { type, ...others } = draft.settings
        return { type, on, ...others, packages: selected }
      })
    }),
  }
}

function packagesOf(job: JobDraft, byName: ReadonlyMap<string, PackageDraft>): Job['packages'] {
  return Object.fromEntries(
    job.selection.flatMap(({ name, layer }) => {
      const draft = byName.get(name)
      return draft ? [[name, settle({ ...draft.options, ...job.layer.values, ...layer.values }, draft)]] : []
    }),
  )
}

/** The options with what depends on others: a package always has a name, and a place in dist-git. */
function settle(options: WrittenOptions, draft: PackageDraft): PackageOptions {
  const { base, namespace } = settleDistGit(options)
  return {
    ...options,
    specfile_path: options.specfile_path || null,
    downstream_package_name: options.downstream_package_name || draft.options.downstream_package_name || draft.name,
    dist_git_base_url: base,
    dist_git_namespace: namespace,
  }
}

function sizeOf(packages: readonly PackageDraft[], drafts: readonly JobDraft[]): number {
  const sizes = new Map(packages.map(({ name, options }) => [name, BARE_OPTIONS + JSON.stringify(options).length]))
  let sum = [...sizes.values()].reduce((total, size) => total + size, 0)
  for (const { layer, selection, triggers } of drafts) {
    const own = JSON.stringify(layer.values).length
    for (const { name } of selection) sum += (own + (sizes.get(name) ?? 0)) * triggers.length
  }
  return sum
}
