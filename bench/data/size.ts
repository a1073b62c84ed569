/** How many rows of each kind a generated database has; what follows from them comes in proportion. */
export interface Size {
  projects: number
  pullRequests: number
  /** Pushes to branches of projects that are packaged from their own repository. */
  pushes: number
  /** Pushes to the distribution's package repositories: Koji builds, tag requests, Bodhi updates. */
  downstreamPushes: number
  releases: number
  /** New versions that release-monitoring.org told of. */
  versions: number
  issues: number
  kojiTags: number
}

/**
 * A database of the size of years of Fedora: at factor 1 about 240,000 pipelines, 150,000 SRPMs, 800,000 build targets
 * and 300,000 test targets.
 */
export function sizeOf(factor: number): Size {
  const count = (atFactorOne: number, least: number) => Math.max(least, Math.round(atFactorOne * factor))
  return {
    projects: count(2_000, 25),
    pullRequests: count(60_000, 20),
    pushes: count(10_000, 10),
    downstreamPushes: count(14_000, 10),
    releases: count(8_000, 5),
    versions: count(4_000, 5),
    issues: count(1_000, 5),
    kojiTags: count(2_000, 5),
  }
}
