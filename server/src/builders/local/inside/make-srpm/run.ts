import { spawn } from 'node:child_process'
import type { Workshop } from './workshop.ts'

/** A command that failed. The message names it and says how it ended. */
export class CommandError extends Error {
  override name = 'CommandError'
  readonly stdout: string
  readonly stderr: string
  /** The program that isn't there: itself, or the one that a shell didn't find. */
  readonly lacks: string | undefined
  constructor(message: string, { stdout, stderr, lacks }: { stdout: string; stderr: string; lacks?: string }) {
    super(message)
    this.stdout = stdout
    this.stderr = stderr
    this.lacks = lacks
  }
}

export interface RunOptions {
  cwd?: string
  env?: Record<string, string>
  /** Whether its output goes to the log (`quiet` keeps standard output out of it, `silent` both). */
  log?: 'all' | 'quiet' | 'silent'
}

/** More output than this of one command isn't kept; the log has it. */
const MAX_KEPT_CHARS = 16_000_000

/**
 * Runs a command in the package's folder; its output goes to the log as it comes.
 *
 * @returns what it printed to standard output and standard error
 * @throws {CommandError} when there is no such program or it ends with another code than 0
 */
export async function run(
  shop: Workshop,
  [program = '', ...args]: readonly string[],
  { cwd = shop.dir, env = {}, log = 'all' }: RunOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  if (program === '') throw new CommandError('the command is empty', { stdout: '', stderr: '' })
  const child = spawn(program, args, { cwd, env: { ...shop.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const out = keep(child.stdout, (chunk) => log === 'all' && shop.host.log(chunk))
  const err = keep(child.stderr, (chunk) => log !== 'silent' && shop.host.log(chunk))
  const end = await new Promise<End>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => resolve({ error }))
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  const printed = { stdout: out(), stderr: err() }
  const problem = problemOf(program, end, printed.stderr)
  if (problem) throw new CommandError(problem.message, { ...printed, ...problem })
  return printed
}

type End = { error: NodeJS.ErrnoException } | { code: number | null; signal: NodeJS.Signals | null }

/** Exit code with which a shell says that it didn't find a program. */
const NOT_FOUND = 127

function problemOf(program: string, end: End, stderr: string): { message: string; lacks?: string } | undefined {
  if ('error' in end) {
    if (end.error.code !== 'ENOENT') return { message: `it could not be started: ${end.error.message}` }
    return { message: `there is no program "${program}" here`, lacks: program }
  }
  if (end.signal) return { message: `it was ended by ${end.signal}` }
  if (end.code === 0) return undefined
  const missing = end.code === NOT_FOUND ? /(\S+): (?:command )?not found/.exec(stderr)?.[1] : undefined
  if (missing) return { message: `there is no program "${missing}" here`, lacks: missing }
  return { message: `it ended with code ${end.code}` }
}

function keep(stream: NodeJS.ReadableStream, onChunk: (chunk: Buffer) => unknown): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    onChunk(chunk)
    size += chunk.length
    if (size <= MAX_KEPT_CHARS) chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString()
}

/** Runs git without showing its output; gives what it printed, without the newline at the end. */
export async function git(shop: Workshop, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { stdout } = await run(shop, ['git', ...args], { log: 'silent', ...options })
  return stdout.replace(/\n$/, '')
}

/** The same; undefined when git ends with an error. */
export async function tryGit(shop: Workshop, args: readonly string[]): Promise<string | undefined> {
  return git(shop, args).catch((error: unknown) => {
    if (error instanceof CommandError) return undefined
    throw error
  })
}
