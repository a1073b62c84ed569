import { isDeepStrictEqual } from 'node:util'
import { settleDistGit } from '../domain/package-config/dist-git.ts'
import { DEFAULTS } from '../domain/package-config/options.ts'
import type { OptionName, PackageConfig, PackageOptions } from '../domain/package-config/types.ts'

const { downstream_package_name: _, ...others } = DEFAULTS
const { base, namespace } = settleDistGit(DEFAULTS)

/** The options of a package of which not even the name is known. */
export const BARE: Partial<PackageOptions> = { ...others, dist_git_base_url: base, dist_git_namespace: namespace }

/** The options that are other than in `than`, by name. */
export function differences(options: PackageOptions, than: Partial<PackageOptions>): Partial<PackageOptions> {
  const names = Object.keys(options) as OptionName[]
  const other = names.filter((name) => !isDeepStrictEqual(options[name], than[name]))
  return Object.fromEntries(other.sort().map((name) => [name, options[name]])) as Partial<PackageOptions>
}

/** The options of a package outside of jobs. */
export function baseOf(config: PackageConfig, name: string): Partial<PackageOptions> {
  return Object.hasOwn(config.packages, name) ? (config.packages[name] ?? {}) : {}
}
