import { spawn } from 'node:child_process'

/** A program that failed, with the end of what it printed. */
export class ProgramError extends Error {
  override name = 'ProgramError'
  readonly output: string
  constructor(program: string, code: number | null, output: string) {
    super(`${program} ended with code ${code}: ${output.trim().split('\n').slice(-5).join('\n')}`)
    this.output = output
  }
}

const MOST_OUTPUT = 100_000

/**
 * Runs a program of ours on a machine that does nothing else.
 *
 * @returns what it printed
 * @throws {ProgramError}
 */
export function runProgram(program: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' }
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-MOST_OUTPUT)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new ProgramError(program, code, output))))
  })
}
