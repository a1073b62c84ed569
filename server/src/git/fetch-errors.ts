import { ConfigError, NotFoundError, UnavailableError } from '../domain/errors.ts'
import { GitError } from './git.ts'

const RETRY_MS = 60_000

/** What a fetch was about, for its message. */
export interface FetchSubject {
  /** The repository, as it may be shown. */
  repository: string
  limits: { timeMs: number; bytes: number }
}

/** Whether the server doesn't have a commit, or doesn't hand out commits by their id. */
export function isRefusedCommit({ stderr }: GitError): boolean {
  return /not our ref|unadvertised object|no such remote ref [0-9a-f]{40}|want [0-9a-f]+ not valid/i.test(stderr)
}

/** Whether the repository is there, but not the ref. */
export function isMissingRef({ stderr }: GitError): boolean {
  return /couldn't find remote ref/i.test(stderr)
}

/** Whether the server points elsewhere (git is told not to follow by itself). */
export function isRedirect({ stderr }: GitError): boolean {
  return /requested URL returned error: 30[12378]/.test(stderr)
}

/** Whether our own copy is damaged, so that a new one helps. */
export function isDamagedMirror({ stderr }: GitError): boolean {
  return /object file .* is empty|loose object .* is corrupt|packfile .* (is|cannot be) |bad (index|packed) |not a git repository: |unable to read (tree|sha1 file)|did not send all necessary objects|bad object refs\/|unresolved deltas? left/i.test(
    stderr,
  )
}

/** A failed fetch in words for the packager, sorted by who can act; what is no failure of git stays as it is. */
export function explainFetch(error: unknown, { repository, limits }: FetchSubject): unknown {
  if (!(error instanceof GitError)) return error
  const options = { cause: error }
  if (error.fault === 'time') {
    return new UnavailableError(`fetching ${repository} took longer than ${limits.timeMs / 1000} s`, RETRY_MS, options)
  }
  if (error.fault === 'file-size' || error.fault === 'output') return tooLarge({ repository, limits }, options)
  const { stderr } = error
  const found = RULES.find(([pattern]) => pattern.test(stderr))
  if (found) return found[1](repository, lastLine(stderr), options)
  return new UnavailableError(`${repository} can't be fetched: ${lastLine(stderr)}`, RETRY_MS, options)
}

/** A repository over the limit of bytes. */
export function tooLarge({ repository, limits }: FetchSubject, options?: ErrorOptions): ConfigError {
  const limit = formatMegabytes(limits.bytes)
  return new ConfigError(`${repository} is larger than ${limit}, the limit for a repository`, options)
}

type Explain = (repository: string, line: string, options: ErrorOptions) => Error

const RULES: [RegExp, Explain][] = [
  [
    /terminal prompts disabled|could not read (Username|Password)|Authentication failed|returned error: 40[13]|Permission denied/i,
    (repository, _, options) =>
      new NotFoundError(`${repository} doesn't exist, or is private and this service may not read it`, options),
  ],
  [
    /repository '.*' not found|does not appear to be a git repository|Repository not found|returned error: (404|410)|not a git repository/i,
    (repository, _, options) => new NotFoundError(`there is no repository ${repository}`, options),
  ],
  [
    /Host key verification failed/i,
    (repository, _, options) =>
      new UnavailableError(`${repository}: the server's ssh key is not the one known so far`, RETRY_MS, options),
  ],
  [
    /fsck error|error in (tree|commit|tag|blob)|invalid gitmodules|contains malformed|disallowed submodule|index-pack failed.*strict/i,
    (repository, _, options) =>
      new ConfigError(`${repository} holds what git considers dangerous: ${fsckLine(options)}`, options),
  ],
  [
    /out of memory|Cannot allocate memory|malloc failed|mmap failed/i,
    (repository, _, options) =>
      new ConfigError(`${repository} needs more memory to be unpacked than it may have`, options),
  ],
  [
    /SSL|certificate/i,
    (repository, line, options) =>
      new UnavailableError(`${repository}: no certificate that can be trusted (${line})`, RETRY_MS, options),
  ],
  [
    /No space left on device/i,
    (repository, _, options) =>
      new UnavailableError(`${repository} can't be stored: this machine's disk is full`, RETRY_MS, options),
  ],
  [
    /Could not resolve|Failed to connect|Couldn't connect|Connection (refused|reset|timed out)|returned error: (429|5\d\d)|Operation too slow|early EOF|hung up/i,
    (repository, line, options) =>
      new UnavailableError(`${repository} can't be reached now: ${line}`, RETRY_MS, options),
  ],
]

/** The line that says what is wrong; the rest of git's words are advice for somebody at a keyboard. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  const line = lines.find((l) => /^(fatal|error|ssh): ./.test(l)) ?? lines.findLast(Boolean) ?? 'git gave no reason'
  return line.replace(/^(fatal|error|remote|ssh): /, '').slice(0, 300)
}

function fsckLine({ cause }: ErrorOptions): string {
  const lines = cause instanceof GitError ? cause.stderr.split('\n') : []
  const line = lines.find((l) => /error in |gitmodules|malformed/i.test(l)) ?? lines[0] ?? ''
  return line
    .replace(/^(fatal|error|remote): /, '')
    .trim()
    .slice(0, 300)
}

function formatMegabytes(bytes: number): string {
  return `${Number((bytes / 1024 ** 2).toFixed(1))} MiB`
}
