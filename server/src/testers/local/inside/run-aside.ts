import { spawn } from 'node:child_process'

/**
 * Runs a program whose output is part of the log and is looked at, too.
 *
 * @returns its exit code (127 when it is not there), and the first `maxChars` of what it printed
 */
export function runAside(
  file: string,
  args: readonly string[],
  maxChars: number,
): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' }
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
    let output = ''
    const take = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
      to.write(chunk)
      if (output.length < maxChars) output = (output + chunk.toString()).slice(0, maxChars)
    }
    child.stdout.on('data', take(process.stdout))
    child.stderr.on('data', take(process.stderr))
    child.on('error', (error) => resolve({ exitCode: 127, output: `${file}: ${error.message}\n` }))
    child.on('close', (code) => resolve({ exitCode: code ?? 128, output }))
  })
}
