import { refuseDates } from './dates.ts'
import { expand } from './expand.ts'
import { Problems } from './problems.ts'
import { readJobs } from './read-jobs.ts'
import { type ConfigContext, readPackages } from './read-packages.ts'
import { isNull } from './readers.ts'
import { requireSpecFiles } from './spec-files.ts'
import type { ConfigProblem, PackageConfig } from './types.ts'
import { warnAbout } from './warnings.ts'
import { describe, type MapNode, YamlError, type YamlNode } from './yaml/nodes.ts'
import { parseYaml } from './yaml/parse.ts'

export type ReadConfig =
  | { ok: true; config: PackageConfig; warnings: ConfigProblem[] }
  | { ok: false; errors: ConfigProblem[]; warnings: ConfigProblem[] }

/**
 * Reads a package configuration. All errors are told at once, each where it was written; it never throws.
 *
 * @param text     the file, at most 1 MB; an empty one means defaults only
 * @param context  what the repository adds: its name and the spec files found in it
 */
export function readPackageConfig(text: string, context: ConfigContext): ReadConfig {
  const problems = new Problems(text)
  const root = readRoot(text, problems)
  const config = root && readRootMapping(root, context, problems)
  if (config === undefined || problems.errorCount > 0)
    return { ok: false, errors: problems.errors, warnings: problems.warnings }
  return { ok: true, config, warnings: problems.warnings }
}

function readRoot(text: string, problems: Problems): MapNode | undefined {
  let root: YamlNode
  try {
    root = parseYaml(text)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    problems.error(error.kind, { start: error.offset }, null, error.message)
    return undefined
  }
  if (root.kind === 'map') return root
  if (isNull(root)) return { kind: 'map', entries: [], start: 0 }
  problems.error('wrong_type', root, null, `the file must be a mapping of keys to values, found ${describe(root)}`)
  return undefined
}

function readRootMapping(root: MapNode, context: ConfigContext, problems: Problems): PackageConfig | undefined {
  refuseDates(root, problems)
  const packages = readPackages(root, context, problems)
  const isWhole = problems.errorCount === 0
  const names = packages.map(({ name }) => name)
  const jobs = readJobs(root, names, problems)
  const config = expand(packages, jobs, problems)
  if (config === undefined) return undefined
  // a wrong key may be the very one that names the spec file
  if (isWhole) requireSpecFiles(packages, jobs, context, problems)
  warnAbout(config, packages, jobs, problems)
  return config
}
