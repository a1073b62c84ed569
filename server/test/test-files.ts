// Runs test files, and what failed once more by itself: on a busy machine a test may fail for lack of time, and that must neither
// pass for broken code nor be hidden. What passes only then is named at the end.
//
//   node server/test/test-files.ts [OPTION OF NODE…] PATTERN…
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** More than so many files don't fail by chance. */
const MOST_AGAIN = 6

interface RunOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
}

/**
 * @param args  options of `node --test`, then files or patterns
 * @returns     the exit code: 0 when all files passed, at the first or at the second time
 */
export async function testFiles(args: readonly string[], options: RunOptions = {}): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'packit-tests-'))
  try {
    const list = join(folder, 'failed')
    const code = await run([...reporters(list), ...args], options)
    const failed = [...new Set((await readFile(list, 'utf8')).split('\n').filter(Boolean))]
    if (code === 0 || failed.length === 0 || failed.length > MOST_AGAIN) return code
    console.log(`\n${failed.length} of the files failed. Once more, each by itself:\n${indent(failed)}\n`)
    const again = await run([...args.filter((arg) => arg.startsWith('-')), '--test-concurrency=1', ...failed], options)
    if (again === 0)
      console.log(`\nFlaky: these failed at first, and passed when they were run alone.\n${indent(failed)}`)
    return again
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function reporters(list: string): string[] {
  const own = fileURLToPath(new URL('failed-files.ts', import.meta.url))
  return ['--test-reporter=spec', '--test-reporter-destination=stdout', `--test-reporter=${own}`].concat(
    `--test-reporter-destination=${list}`,
  )
}

const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join('\n')

async function run(args: readonly string[], { cwd, env = process.env }: RunOptions): Promise<number> {
  const child = spawn(process.execPath, ['--test', ...args], { ...(cwd ? { cwd } : {}), env, stdio: 'inherit' })
  const stop = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  const [code] = (await once(child, 'exit')) as [number | null]
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  // ended by a signal: whoever sent it wants no second try
  if (code === null) process.exit(1)
  return code
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await testFiles(process.argv.slice(2)))
