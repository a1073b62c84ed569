import type { JobView, PackageConfig } from './types.ts'

/**
 * One view for each job and package, in order. Where there are several packages, a view without an identifier has the
 * package's name, so that reports of two packages don't overwrite each other.
 */
export function jobViews(config: PackageConfig): JobView[] {
  const isSeveral = Object.keys(config.packages).length > 1
  const counts = new Map<string, number>()
  return config.jobs.flatMap(({ packages, ...settings }, jobIndex) =>
    Object.entries(packages).map(([name, options]): JobView => {
      const index = counts.get(name) ?? 0
      counts.set(name, index + 1)
      const identifier = options.identifier ?? (isSeveral ? name : null)
      return { ...settings, package: name, jobIndex, index, identifier, options }
    }),
  )
}
