import type { State } from '../domain/status.ts'
import type { TestCaseResult } from '../domain/test-result.ts'

/** A built package that is tested. */
export interface TestedBuild {
  builder: 'local' | 'copr' | 'mock'
  /** Its builder's id of the build. */
  buildId: string
  chroot: string
  /** `name-[epoch:]version-release.arch` of each package. */
  packages: readonly string[]
  /** Keys of the RPMs in storage; empty where they are with the builder. */
  files: readonly string[]
  /** Key of the SRPM in storage, where what is found in it concerns the change. */
  srpm?: string | null
  /** Address of the dnf repository that has them, as others reach it; a runner elsewhere needs it for builds of this machine. */
  repositoryUrl?: string | null
}

/** Where a request says that something changed. */
export interface TestNotification {
  url: string
  /** Known to this request alone: who sends it has been told by us. */
  secret: string
}

/** The tests of one target, settled with the plan. */
export interface TestToRun {
  /** Our id of this submission: a repeat with the same id finds what the first call started, where that can be known. */
  id: number
  /** When this submission was first wanted: with the id it tells it from those of other installations. */
  createdAt: Date
  /** Distribution and architecture: `fedora-45-x86_64`. */
  target: string
  /** Where the test plans are; null = no plans of the project's own, the packages are installed and looked at. */
  plans: {
    url: string
    /** Commit, branch or tag. */
    ref: string
    /** The head that `ref` is merged into first. */
    mergeSha: string | null
    path: string
    /** Regular expression for the names of plans; null = all. */
    name: string | null
  } | null
  builds: readonly TestedBuild[]
  /** `tmt` context: `{ distro, arch, trigger, initiator }`. */
  context: Record<string, string>
  /** The configuration's `env` and what the service adds. */
  variables: Record<string, string>
  /** Never shown, logged or stored in answers. */
  secrets: Record<string, string>
  postInstallScript: string | null
  /** `tf_extra_params` of the configuration: merged over the request. */
  extra: Record<string, unknown>
  isInternal: boolean
  /** How long they may run; null = as long as their runner allows by itself. */
  timeoutMinutes: number | null
  notification: TestNotification | null
  /** When an earlier call with this id began whose answer was never heard; what it may have started is looked for first. */
  triedSince?: Date | null
}

/** Where tests are to be run, as far as it says whether they can. */
export interface TestPlace {
  target: string
  isInternal: boolean
  hasPlans: boolean
  /** The distribution is so new that it may be missing, and the configuration says that it is waited for. */
  mayBeMissing?: boolean
  /** `tf_extra_params` of the configuration, which may ask for another machine. */
  extra?: Record<string, unknown>
}

/** How a request stands. */
export interface FoundTest {
  state: State
  /** In a sentence, why it is not simply what the tests said: a compose that is missing, a guest that was lost. */
  reason: string | null
  /** An `error` that may be gone next time: the request is made anew, a limited number of times. */
  isTransient: boolean
  startedAt: Date | null
  endedAt: Date | null
  /** Page and log of the runner. */
  webUrl: string | null
  logUrl: string | null
  /** Key of the log in storage, of a runner that writes it there. */
  logKey: string | null
  /**
   * What each test said; null as long as there is nothing to read. It may be there while tests run, come some time after
   * the end, or never.
   */
  results: readonly TestCaseResult[] | null
}

/** Something that tests built packages: this machine, or Testing Farm. */
export interface Tester {
  readonly name: 'local' | 'testing-farm'
  /** Why the tests of a target can't be run here, in a sentence; null when they can. Throws `UnavailableError`. */
  findProblem(test: TestPlace): Promise<string | null>
  /**
   * Asks for tests and returns the id of the request.
   *
   * @throws {ConfigError} when the runner refuses the request for what the configuration says
   * @throws {UnavailableError} when it can't be asked now
   * @throws {SetupError} when the operator has to mend something: a token, an address that others can't reach
   * @throws {ForbiddenError} when our token may not
   */
  startTest(test: TestToRun): Promise<string>
  /** `undefined` when it has never heard of the request, or forgot it (this machine, after a restart). */
  findTest(requestId: string, options: { isInternal: boolean }): Promise<FoundTest | undefined>
  /** Best effort; the request ends as `canceled`. */
  cancelTest(requestId: string, options: { isInternal: boolean }): Promise<void>
  /** Calls back when something about a request changed: a hint to ask again. Returns a function that ends it. */
  onChange(listener: (requestId: string) => void): () => void
}
