import type { State } from '../domain/status.ts'
import type { SandboxEnd } from '../sandbox/sandbox.ts'

/** A built package, as the compatible API lists it. */
export interface BuiltPackage {
  name: string
  epoch: number
  version: string
  release: string
  arch: string
}

export interface SrpmToBuild {
  /** Our id of this submission: a repeat with the same id finds what the first call started. */
  id: number
  /** Key of the SRPM in storage. */
  srpm: string
  chroots: readonly string[]
  /** Name of the repository the results are published under, e.g. `acme-hello-41`. */
  project: string
}

/** How one chroot of a build stands. */
export interface FoundTarget {
  chroot: string
  state: State
  /** Why, in a sentence, when it is not simply the change that failed to build (time-out, this machine lacks …). */
  reason?: string
  /** The limit that ended it, when one did. */
  end?: SandboxEnd
  startedAt?: Date
  endedAt?: Date
  /** Keys in storage. */
  log?: string
  packages?: BuiltPackage[]
  /** Keys of the built RPMs in storage. */
  files?: string[]
}

/** Something that builds one SRPM for several chroots: this machine, later mock and Copr. */
export interface Builder {
  readonly name: 'local' | 'copr' | 'mock'
  /** The chroots it can build for; those wanted but not listed are reported as skipped. */
  findChroots(): Promise<string[]>
  /** Starts a build and returns its id; equal repeats return the same. Throws `UnavailableError`. */
  startBuild(build: SrpmToBuild): Promise<string>
  /** `undefined` when it has never heard of the build, or forgot it (a local one, after a restart). */
  findTargets(buildId: string): Promise<FoundTarget[] | undefined>
  /** Best effort; ends the targets as `canceled`. */
  cancelBuild(buildId: string): Promise<void>
  /** Calls back when something about a build changed: a hint to ask again. Returns a function that ends it. */
  onChange(listener: (buildId: string) => void): () => void
}
