import type { PackageOptions, TargetOptions } from './package-config/types.ts'

/** What the package configuration says of a build, beside its targets. */
export interface BuildOptions {
  /** Whose project it is built in; null = the account of the service. */
  owner: string | null
  /** A project of the packager's choice; null = one that is made up for the trigger. */
  project: string | null
  /** Null = as long as the builder allows by itself. */
  timeoutSeconds: number | null
  enableNet: boolean
  bootstrap: PackageOptions['bootstrap']
  moduleHotfixes: boolean
  listOnHomepage: boolean
  preserveProject: boolean
  followFedoraBranching: boolean
  additionalRepos: string[]
  additionalPackages: string[]
  /** What is said about single chroots. */
  chroots: Record<string, TargetOptions>
}

/** The default of `timeout`, which is shorter than what builders allow: it counts only where somebody wrote another. */
const DEFAULT_TIMEOUT_SECONDS = 7200

/** @param chroots  what the configuration says about each chroot, its aliases expanded */
export function readBuildOptions(options: PackageOptions, chroots: Record<string, TargetOptions> = {}): BuildOptions {
  return {
    owner: options.owner || null,
    project: options.project || null,
    timeoutSeconds: options.timeout === DEFAULT_TIMEOUT_SECONDS ? null : options.timeout,
    enableNet: options.enable_net,
    bootstrap: options.bootstrap,
    moduleHotfixes: options.module_hotfixes,
    listOnHomepage: options.list_on_homepage,
    preserveProject: options.preserve_project,
    followFedoraBranching: options.follow_fedora_branching,
    additionalRepos: options.additional_repos,
    additionalPackages: options.additional_packages,
    chroots,
  }
}
