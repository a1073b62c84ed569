import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

export interface Watched {
  /** Lines of its output and when they came, in ms since it was started. */
  lines: { text: string; ms: number }[]
  totalMs: number
}

/**
 * Runs a program as from a fresh shell, and notes when it says what.
 *
 * @throws {Error} with its output when it ends with another code than 0
 */
export async function watchProgram(
  command: string,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Watched> {
  const start = performance.now()
  const child = spawn(command, args, { cwd, env: { ...shellEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: Watched['lines'] = []
  const all: string[] = []
  const note = (text: string, isOutput: boolean) => {
    all.push(text)
    if (isOutput) lines.push({ text, ms: performance.now() - start })
  }
  createInterface(child.stdout).on('line', (text) => note(text, true))
  createInterface(child.stderr).on('line', (text) => note(text, false))
  const [code] = await once(child, 'close')
  const totalMs = performance.now() - start
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${all.slice(-30).join('\n')}`)
  return { lines, totalMs }
}

/** When the first line that matches came. Throws when none does: the program's words have changed. */
export function whenSaid({ lines }: Watched, pattern: RegExp): number {
  const line = lines.find(({ text }) => pattern.test(text))
  if (!line) throw new Error(`nothing was said like ${pattern}:\n${lines.map(({ text }) => text).join('\n')}`)
  return line.ms
}

/** What was set for this process alone (by npm, for the service) is not passed on. */
function shellEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|PACKIT_|DATABASE_URL$|NODE_|INIT_CWD$)/.test(name),
  )
  const path = (process.env.PATH ?? '').split(delimiter).filter((part) => !part.includes('node_modules'))
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) }
}
