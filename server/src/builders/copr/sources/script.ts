import { createHash } from 'node:crypto'
import type { SourceTask } from '../../../domain/srpm/source-task.ts'

/** Copr takes no longer ones. */
export const MOST_SCRIPT = 4096

/** Where the script runs, and what it needs there beside what the package asks for. */
export const SCRIPT_CHROOT = 'fedora-latest-x86_64'
const SCRIPT_PACKAGES = ['nodejs', 'git-core', 'rpm-build'] as const
/** Below the folder that it is started in. */
export const RESULT_DIR = 'packit-sources'

/**
 * How a script of ours is known among the builds of a project: no other submission has this in its script. It says nothing of
 * the program, which another version of the service would render otherwise: that one has to find the build, too.
 */
export function plantMark(id: number, task: SourceTask): string {
  const hash = createHash('sha256').update(JSON.stringify(task)).digest('hex')
  return `packit-sources-${id}-${hash.slice(0, 16)}`
}

/** The line of a script, its second one, that holds its mark. */
export function markLine(mark: string): string {
  return `# ${mark}`
}

/**
 * The script that Copr runs: it fetches the program, refuses any other than ours, and runs it.
 *
 * @throws {RangeError} when it would be longer than Copr allows
 */
export function renderScript(program: { url: string; sha256: string; mark: string }): string {
  const script = `#!/bin/sh -e
${markLine(program.mark)}
# Fetches the program that makes the sources, checks that it is the one that was meant, and runs it.
node --input-type=module - ${quote(new URL(program.url).href)} ${program.sha256} <<'END'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
const [, , url, sha256] = process.argv
for (let tries = 1; ; tries++) {
  try {
    const answer = await fetch(url)
    if (!answer.ok) throw new Error('it answers ' + answer.status)
    const program = Buffer.from(await answer.arrayBuffer())
    const found = createHash('sha256').update(program).digest('hex')
    if (found !== sha256) throw new Error('it is another file, of sha256 ' + found)
    writeFileSync('packit-program.mjs', program)
    break
  } catch (error) {
    const why = (error.cause && error.cause.message) || error.message
    console.log('The program can not be fetched from ' + url + ': ' + why)
    if (tries === 5) process.exit(1)
    await sleep(tries * 5000)
  }
}
END
exec node --disable-warning=ExperimentalWarning packit-program.mjs
`
  if (script.length > MOST_SCRIPT) throw new RangeError(`the script for Copr has ${script.length} characters`)
  return script
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** What is installed before: names as the configuration has them, each a word for itself; what would be an option is none. */
export function scriptPackages(asked: readonly string[]): string[] {
  const names = asked.flatMap((name) => name.split(/\s+/)).filter((name) => name !== '' && !name.startsWith('-'))
  return [...new Set([...SCRIPT_PACKAGES, ...names])]
}
