import { type Problems, within } from './problems.ts'
import type { JobDraft } from './read-jobs.ts'
import type { ConfigContext, PackageDraft } from './read-packages.ts'
import { shorten } from './yaml/nodes.ts'

/** Every job needs a spec file in each of its packages, except for tests that don't wait for a build. Told once a package. */
export function requireSpecFiles(
  packages: readonly PackageDraft[],
  jobs: readonly JobDraft[],
  context: ConfigContext,
  problems: Problems,
): void {
  const lacking = jobsWithoutSpec(packages, jobs)
  for (const draft of packages) {
    const inNeed = lacking.get(draft.name) ?? []
    const first = inNeed[0]
    if (!first) continue
    const isSingle = draft.path === ''
    const place = within({ path: isSingle ? first.path : draft.path, key: 'specfile_path' }, 'specfile_path')
    problems.error('specfile_missing', isSingle ? first.node : draft.node, place, () => {
      const found = context.specFiles.length === 0 ? ', and none was found in the repository' : ''
      const need = `${first.settings.type} on ${first.triggers.join(' | ')}`
      const who = inNeed.length > 1 ? `${inNeed.length} jobs need one, the first is ${need}` : `${need} needs one`
      return `package "${shorten(draft.name)}" has no spec file${found}; ${who}: write specfile_path${nameHint(draft)}`
    })
  }
}

function jobsWithoutSpec(packages: readonly PackageDraft[], jobs: readonly JobDraft[]): Map<string, JobDraft[]> {
  const byName = new Map(packages.map((draft) => [draft.name, draft]))
  const lacking = new Map<string, JobDraft[]>()
  for (const job of jobs) {
    if (job.isBroken || (job.settings.type === 'tests' && job.settings.skip_build)) continue
    for (const { name, layer } of job.selection) {
      const options = { ...byName.get(name)?.options, ...job.layer.values, ...layer.values }
      if (!options.specfile_path) lacking.set(name, [...(lacking.get(name) ?? []), job])
    }
  }
  return lacking
}

function nameHint(draft: PackageDraft): string {
  const hasName = draft.layers[0]?.values.downstream_package_name
  return hasName ? '' : ', or downstream_package_name, from which "<name>.spec" follows'
}
