import { spawn } from 'node:child_process'
import type { Workshop } from './workshop.ts'

/** A command that failed. The message names it and says how it ended. */
export class CommandError extends Error {
  override name = 'CommandError'
  readonly stdout: string
  readonly stderr: string
  constructor(message: string, stdout: string, stderr: string) {
    super(message)
    this.stdout = stdout
    this.stderr = stderr
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
  if (program === '') throw new CommandError('The command is empty.', '', '')
  const child = spawn(program, args, { cwd, env: { ...shop.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const out = keep(child.stdout, (chunk) => log === 'all' && shop.host.log(chunk))
  const err = keep(child.stderr, (chunk) => log !== 'silent' && shop.host.log(chunk))
  const end = await new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(startProblem(program, error)))
    child.on('close', (code, signal) => resolve(endProblem(code, signal)))
  })
  if (end) throw new CommandError(end, out(), err())
  return { stdout: out(), stderr: err() }
}

function startProblem(program: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? `there is no program "${program}" here` : `it could not be started: ${error.message}`
}

function endProblem(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal) return `it was ended by ${signal}`
  return code === 0 ? undefined : `it ended with code ${code}`
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
