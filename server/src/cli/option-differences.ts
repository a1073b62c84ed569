import { isDeepStrictEqual } from 'node:util'
import type { OptionName, PackageOptions } from '../domain/package-config/types.ts'

/** The options that are other than in `base`. */
export function differences(options: PackageOptions, base: Partial<PackageOptions>): Partial<PackageOptions> {
  const names = Object.keys(options) as OptionName[]
  const other = names.filter((name) => !isDeepStrictEqual(options[name], base[name]))
  return Object.fromEntries(other.sort().map((name) => [name, options[name]])) as Partial<PackageOptions>
}
