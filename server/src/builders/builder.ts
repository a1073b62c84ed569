import type { BuildOptions } from '../domain/build-options.ts'
import type { SrpmInput } from '../domain/srpm-input.ts'
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

/** What is built, whatever it is made of. */
export interface ToBuild {
  /** Our id of this submission: a repeat with the same id finds what the first call started. */
  id: number
  chroots: readonly string[]
  /** Name of the repository the results are published under, e.g. `acme-hello-41`. */
  project: string
  /** Since when it is wanted: what was started before is not it. */
  wantedSince?: Date
  /** Whose change it is: `github.com/acme/hello`. */
  forgeProject?: string
  /** What the package configuration says of builds, as far as the builder can do that. */
  options?: BuildOptions
}

export interface SrpmToBuild extends ToBuild {
  /** Key of the SRPM in storage. */
  srpm: string
}

/** A build whose SRPM the builder makes itself; the id is that of the SRPM. */
export interface SourcesToBuild extends ToBuild {
  input: SrpmInput
  /** A folder in storage, and the address that it is served at: the builder fetches from there what makes the SRPM. */
  folder: { key: string; url: string }
}

/** How the making of an SRPM by a builder stands. */
export interface FoundSources {
  state: State
  /** Where the log is to be had from the builder. */
  logsUrl?: string
  /** Once it has ended: whether there is a log, copied to where it was wanted. */
  hasLog?: boolean
  /** Once it has ended well. */
  srpm?: { key: string; nvr: string }
  /** Why it ended as it did, where it is not for its log to say. */
  reason?: string
}

/** Makes SRPMs where there is the network, and builds them at once. */
export interface SourceBuilder {
  /** Starts making an SRPM and building it; equal repeats find the same build. Throws as `startBuild` does. */
  start(sources: SourcesToBuild): Promise<StartedBuild>
  /**
   * How the SRPM of a build stands; what has ended is copied into storage first.
   *
   * @param into  key of its log, and of the folder that gets the SRPM
   * @returns `undefined` when it has never heard of the build, or removed it
   */
  find(buildId: string, into: { log: string; folder: string }): Promise<FoundSources | undefined>
}

/** A build as its builder knows it. */
export interface StartedBuild {
  buildId: string
  /** Where it is, if that is not here: owner and project of the repository, and the page of the build. */
  place?: { owner: string; project: string; webUrl: string }
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
  /** Key of the log in storage. */
  log?: string
  /** Where the log is to be had from somebody else. */
  logsUrl?: string
  packages?: BuiltPackage[]
  /** Keys of the built RPMs in storage; none where the builder publishes them itself. */
  files?: string[]
}

/** The log of a chroot that runs, as far as it was copied. */
export interface CopiedLog {
  chroot: string
  /** Key in storage. */
  key: string
  /** In bytes. */
  size: number
}

/** Logs of what runs elsewhere, which grow there and are copied here from time to time. */
export interface LiveLogs {
  /**
   * Copies what is new, also for several processes at once. Takes a bounded time and never throws for what is elsewhere: a log
   * that can't be had now comes later.
   */
  copy(buildId: string, running: readonly FoundTarget[]): Promise<CopiedLog[]>
  /** Removes the copies of a chroot that has ended. */
  remove(buildId: string, chroot: string): Promise<void>
}

/** Something that builds one SRPM for several chroots: this machine, mock on it, or Copr. */
export interface Builder {
  readonly name: 'local' | 'copr' | 'mock'
  /** It lives elsewhere: it publishes what it builds, and builds on when this process ends. */
  readonly isRemote: boolean
  /** Left out where it takes ready SRPMs only. */
  readonly sources?: SourceBuilder
  /** The chroots it can build for; those wanted but not listed are reported as skipped. */
  findChroots(): Promise<string[]>
  /**
   * Starts a build; equal repeats find what the first call started, also when its answer was lost.
   *
   * @throws {UnavailableError} when it can't be reached now
   * @throws {ConfigError} when the packager has to mend something first
   * @throws {ForbiddenError} {SetupError} when the operator has
   */
  startBuild(build: SrpmToBuild): Promise<StartedBuild>
  /**
   * How the chroots of a build stand.
   *
   * @param open  those whose end is news: log and packages of others need not be looked for; left out = all
   * @returns `undefined` when it has never heard of the build, forgot it (this machine, after a restart) or removed it
   */
  findTargets(buildId: string, open?: readonly string[]): Promise<FoundTarget[] | undefined>
  /** Best effort; ends the targets as `canceled`. */
  cancelBuild(buildId: string): Promise<void>
  /** Left out where logs grow in storage by themselves. */
  liveLogs?: LiveLogs
  /** Calls back when something about a build changed: a hint to ask again. Returns a function that ends it. */
  onChange(listener: (buildId: string) => void): () => void
}
