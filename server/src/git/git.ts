import { join } from 'node:path'
import { execa } from 'execa'
import { SetupError } from '../domain/errors.ts'
import { maskUrl } from '../domain/git-url.ts'

export interface GitOptions {
  /** The (bare) repository to work in. */
  gitDir?: string
  /** Added to the hardened environment: GIT_INDEX_FILE and the like. */
  env?: Record<string, string>
  /** Transports this command may use (`https`, `ssh`, `file`); none if left out. */
  protocols?: string
  input?: string | Buffer
  /** Default: one minute. */
  timeMs?: number
  /** Of standard output; default 16 MiB. */
  maxOutputBytes?: number
  /** The largest file that git may write, in bytes. */
  maxFileBytes?: number
  /** Each line of progress, without its end; only commands with `--progress` tell any. */
  onProgress?: (line: string) => void
  signal?: AbortSignal
}

/** Why git did not do it. `fault` says whether a limit of ours ended it. */
export class GitError extends Error {
  override name = 'GitError'
  readonly exitCode: number | undefined
  readonly fault: 'git' | 'time' | 'output' | 'file-size'
  /** What git said, its last 64 kB, without passwords. */
  readonly stderr: string
  /** What was printed before it ended. */
  readonly stdout: Buffer
  constructor(command: string, end: Pick<GitError, 'exitCode' | 'fault' | 'stderr' | 'stdout'>) {
    super(`git ${command}: ${end.stderr.trim() || `ended with code ${end.exitCode}`} (${end.fault})`)
    this.exitCode = end.exitCode
    this.fault = end.fault
    this.stderr = end.stderr
    this.stdout = end.stdout
  }
}

const HARDENED = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  // neither .netrc nor .config of the account
  HOME: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: join(import.meta.dirname, 'hardened.gitconfig'),
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  // a partial repository must not make git fetch from wherever its configuration says
  GIT_NO_LAZY_FETCH: '1',
}

const MEMORY_BYTES = 4 * 1024 ** 3
const STDERR_BYTES = 64 * 1024
const GRACE_MS = 2_000

/**
 * Runs git with the hardened configuration and returns what it prints. Git and all it starts end with the time limit,
 * the signal, or this process.
 *
 * @throws {GitError} when git fails or a limit ends it
 * @throws {SetupError} when git, setpriv or prlimit is missing
 */
export async function runGit(args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  options.signal?.throwIfAborted()
  const child = execa('setpriv', [...wrap(options), ...args], {
    env: { ...HARDENED, GIT_ALLOW_PROTOCOL: options.protocols ?? 'none', ...gitDirOf(options), ...options.env },
    extendEnv: false,
    cwd: '/',
    input: options.input ?? '',
    encoding: 'buffer',
    stripFinalNewline: false,
    buffer: { stdout: true, stderr: false },
    maxBuffer: options.maxOutputBytes ?? 16 * 1024 ** 2,
    reject: false,
    // a process group of its own, so that its helpers (git-remote-https, index-pack, ssh) can be ended with it
    detached: true,
  })
  const errors = collectErrors(child.stderr, options.onProgress)
  const stopper = endGroupInTime(child.pid, options)
  const result = await child
  stopper.disarm()
  options.signal?.throwIfAborted()
  const stdout = Buffer.from(result.stdout ?? '')
  const stderr = maskUrl(errors.text().replaceAll('\n', '\u2028')).replaceAll('\u2028', '\n')
  if (result.exitCode === 0 && !stopper.overdue) return stdout
  if (result.code === 'ENOENT' || result.exitCode === 127) {
    throw new SetupError(`git can't be run: ${stderr.trim() || 'setpriv is missing'}; install git and util-linux`)
  }
  const fault = findFault({ overdue: stopper.overdue, isMaxBuffer: result.isMaxBuffer, stderr, signal: result.signal })
  throw new GitError(args.find((arg) => /^[a-z-]+$/.test(arg) && arg !== '-c') ?? '', {
    exitCode: result.exitCode,
    fault,
    stderr,
    stdout,
  })
}

/** Ends with this process (also when it is killed), has no core dumps, and bounded memory and files. */
function wrap({ maxFileBytes }: GitOptions): string[] {
  const fileLimit = maxFileBytes === undefined ? [] : [`--fsize=${Math.max(0, Math.floor(maxFileBytes))}`]
  return ['--pdeathsig', 'KILL', 'prlimit', '--core=0', `--data=${MEMORY_BYTES}`, ...fileLimit, 'git']
}

function gitDirOf({ gitDir }: GitOptions): Record<string, string> {
  return gitDir === undefined ? {} : { GIT_DIR: gitDir }
}

function collectErrors(stream: NodeJS.ReadableStream, onProgress?: (line: string) => void) {
  let tail = ''
  let line = ''
  stream.on('data', (chunk: Buffer) => {
    const text = chunk.toString()
    tail = (tail + text).slice(-STDERR_BYTES)
    if (!onProgress) return
    const lines = (line + text).split(/[\r\n]+/)
    line = (lines.pop() ?? '').slice(-1000)
    for (const whole of lines) if (whole) onProgress(maskUrl(whole.slice(0, 1000)))
  })
  // progress overwrites itself: what counts of such a line is its end
  return { text: () => tail.replaceAll('\r\n', '\n').replace(/[^\n]*\r/g, '') }
}

/** SIGTERM lets git remove its lock files; SIGKILL is for what does not listen. */
function endGroupInTime(pid: number | undefined, { timeMs = 60_000, signal }: GitOptions) {
  const kill = (name: NodeJS.Signals) => {
    try {
      if (pid !== undefined) process.kill(-pid, name)
    } catch {
      // it has ended by itself
    }
  }
  let grace: NodeJS.Timeout | undefined
  const state = { overdue: false, disarm }
  const end = () => {
    kill('SIGTERM')
    grace = setTimeout(() => kill('SIGKILL'), GRACE_MS)
  }
  const timer = setTimeout(() => {
    state.overdue = true
    end()
  }, timeMs)
  signal?.addEventListener('abort', end, { once: true })
  function disarm() {
    clearTimeout(timer)
    clearTimeout(grace)
    signal?.removeEventListener('abort', end)
    // a helper that outlived its git
    if (state.overdue || signal?.aborted) kill('SIGKILL')
  }
  return state
}

interface End {
  overdue: boolean
  isMaxBuffer: boolean
  stderr: string
  signal: string | undefined
}

function findFault({ overdue, isMaxBuffer, stderr, signal }: End): GitError['fault'] {
  if (overdue) return 'time'
  if (isMaxBuffer) return 'output'
  return signal === 'SIGXFSZ' || /died of signal 25|File too large/.test(stderr) ? 'file-size' : 'git'
}
