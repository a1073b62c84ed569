import { posix } from 'node:path'
import { ConfigError } from '../domain/errors.ts'
import type { Plan, PlannedTest } from '../domain/plan.ts'
import { HOST_PREFIX } from '../domain/run.ts'
import type { EventDeps } from './deps.ts'
import type { CommitFiles } from './read-head.ts'

/**
 * The tests of a plan with what the configuration alone does not tell: whether the commit has test plans, and what this machine
 * builds and tests for itself.
 *
 * @param available  the chroots that can be built here
 */
export async function completeTests(
  { tests, config }: Plan,
  available: readonly string[],
  files: Pick<CommitFiles, 'read'>,
  { testsHere }: Pick<EventDeps['settings'], 'testsHere'>,
): Promise<PlannedTest[]> {
  const completed: PlannedTest[] = []
  for (const test of tests) {
    const packages = config?.jobs[test.jobIndex]?.packages ?? {}
    const options = packages[test.package] ?? Object.values(packages)[0]
    const hasPlans = options?.fmf_url != null || (await hasMetadata(options?.fmf_path ?? '.', files))
    const hosts = testsHere && !test.skipBuild && test.notRun === null ? available.filter(isHost) : []
    completed.push({
      ...test,
      hasPlans,
      targets: [...test.targets, ...hosts],
      chroots: { ...test.chroots, ...Object.fromEntries(hosts.map((host) => [host, [host]])) },
      checks: { ...test.checks, ...Object.fromEntries(hosts.map((host) => [host, hostCheck(host, test)])) },
    })
  }
  return completed
}

const isHost = (chroot: string) => chroot.startsWith(HOST_PREFIX)

function hostCheck(host: string, { identifier }: PlannedTest): string {
  return ['testing-farm', host, identifier].filter(Boolean).join(':')
}

/** A tree of `fmf` metadata begins where its version is told. A path that leads out of the repository has none. */
async function hasMetadata(path: string, { read }: Pick<CommitFiles, 'read'>): Promise<boolean> {
  const file = posix.normalize(posix.join(path, '.fmf/version'))
  if (file.startsWith('..') || posix.isAbsolute(file)) return false
  try {
    return (await read(file)) !== undefined
  } catch (error) {
    // no regular file
    if (error instanceof ConfigError) return false
    throw error
  }
}
