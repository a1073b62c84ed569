/** What one sandboxed step may use. */
export interface Limits {
  timeMs: number
  /** Sum over the whole process tree, tmpfs included. */
  memoryBytes: number
  processes: number
  /** Size of the work tree. */
  diskBytes: number
  /** More output than this ends the step. */
  logBytes: number
}

/** A file that the sandboxed program handed out, already copied to `path` on the host. */
export interface OutFile {
  name: string
  path: string
  bytes: number
}

export interface SandboxTask {
  /** Absolute path of a program of ours (`…/inside/….ts`): run inside by the pinned Node. */
  program: string
  /** What the program reads with `readInput()`; plain JSON. */
  input: unknown
  /** Read-only mounts, path inside → path on the host, e.g. `{ '/in/mirror.git': … }`. */
  mounts: Record<string, string>
  limits: Limits
  /** Whether the host's network is visible inside. */
  network: boolean
  /**
   * Whether the program is root inside, and may change its root directory: packages can't be installed otherwise. Outside it
   * is the same account without rights, and it gets no other capability.
   */
  isRootInside?: boolean
  /** Which file names the program may hand out, and how large each may be. Everything else is refused. */
  results: readonly { name: RegExp; maxBytes: number }[]
  /** Where accepted files are put. */
  resultsDir: string
  /** Standard output and error of everything inside, as it comes. */
  onLog: (chunk: Buffer) => void
  /** What the program tells while it works, plain JSON. It comes from hostile ground: parse it. */
  onProgress?: (progress: unknown) => void
  /** A download the program asks for; what `into` (a file on the host) holds afterwards appears inside. */
  onFetch?: (url: string, into: string) => Promise<void>
  signal?: AbortSignal
}

/** Why a step ended. All but `finished` come from a limit or from us. */
export type SandboxEnd = 'finished' | 'timed-out' | 'out-of-memory' | 'disk-full' | 'log-limit' | 'canceled' | 'crashed'

export interface SandboxResult {
  end: SandboxEnd
  exitCode: number | null
  /** What the program gave to `finish()`; undefined if it never did. Hostile ground: parse it. */
  output: unknown
  files: OutFile[]
  durationMs: number
}

/** Runs programs on the code of strangers; see docs/security.md. */
export interface Sandbox {
  /**
   * Waits for a free slot, then runs the task in it.
   *
   * @throws {SetupError} when no sandbox can be made on this machine, with what to do
   */
  run(task: SandboxTask): Promise<SandboxResult>
  /** Which limits hold here and how (control group, rlimits and watchdog, …), for the start of the service. */
  describe(): Promise<{ ok: boolean; findings: { what: string; ok: boolean; advice?: string }[] }>
  /** Ends what runs and what waits, as `canceled`; nothing runs afterwards. */
  close(): Promise<void>
}
