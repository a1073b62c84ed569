import type { BuildOptions } from '../../domain/build-options.ts'
import type { Limits } from '../../sandbox/sandbox.ts'

/** One call of mock. */
export interface MockCall {
  srpm: string
  chroot: string
  resultDir: string
  /** Tells apart roots that are in use at the same time. */
  rootName: string
  limits: Pick<Limits, 'timeMs'>
  options?: BuildOptions | undefined
}

/** What mock is called with. Values of the configuration stand behind `=`: none of them is taken for an option. */
export function mockArguments({ srpm, chroot, resultDir, rootName, limits, options }: MockCall): string[] {
  const wantedSeconds = options?.timeoutSeconds ?? Number.POSITIVE_INFINITY
  const seconds = Math.max(1, Math.min(Math.floor(limits.timeMs / 1000), wantedSeconds))
  return [
    ...['-r', chroot, '--rebuild', srpm, '--resultdir', resultDir, '--uniqueext', rootName],
    ...['--define', '_vendor packit', `--rpmbuild_timeout=${seconds}`, '--cleanup-after'],
    ...(options ? optionArguments(options, chroot) : []),
  ]
}

const BOOTSTRAP: Record<BuildOptions['bootstrap'], string[]> = {
  default: [],
  on: ['--bootstrap-chroot'],
  off: ['--no-bootstrap-chroot'],
  image: ['--bootstrap-chroot', '--use-bootstrap-image'],
}

function optionArguments(options: BuildOptions, chroot: string): string[] {
  const own = options.chroots[chroot] ?? {}
  const repos = [...options.additionalRepos, ...(own.additional_repos ?? [])]
  const packages = [...options.additionalPackages, ...(own.additional_packages ?? [])]
  return [
    ...BOOTSTRAP[options.bootstrap],
    ...(options.enableNet ? ['--enable-network'] : []),
    // others (`copr://…`) are names that Copr alone resolves
    ...repos.filter((repo) => /^https?:\/\//.test(repo)).map((repo) => `--addrepo=${repo}`),
    ...packages.map((name) => `--additional-package=${name}`),
    ...(own.with_opts ?? []).map((name) => `--with=${name}`),
    ...(own.without_opts ?? []).map((name) => `--without=${name}`),
  ]
}
