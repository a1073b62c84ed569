import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

const SAMPLE = fileURLToPath(new URL('../../../examples/hello', import.meta.url))
const BRANCH = 'greeting'

export interface DemoPullRequest {
  /** Path of the repository. */
  repository: string
  base: { ref: string; sha: string }
  head: { ref: string; sha: string }
}

/**
 * A git repository of the sample with an open pull request: made when it isn't there, and a new commit each time, so that
 * there is something to build.
 */
export async function makeDemoPullRequest(dir: string, now: Date): Promise<DemoPullRequest> {
  const repository = join(dir, 'hello')
  const git = (...args: string[]) => runGit(repository, now, args)
  if (!(await stat(join(repository, '.git')).catch(() => undefined))) {
    await mkdir(repository, { recursive: true })
    await cp(SAMPLE, repository, { recursive: true })
    await git('init', '--quiet', '--initial-branch=main')
    await git('add', '--all')
    await git('commit', '--quiet', '--message=Say hello')
    await git('tag', 'v1.0.0')
    await git('branch', BRANCH)
  }
  await git('checkout', '--quiet', BRANCH)
  await changeGreeting(join(repository, 'src/hello.c'), now)
  await git('commit', '--quiet', '--all', `--message=Greet at ${now.toISOString().slice(11, 19)}`)
  return {
    repository,
    base: { ref: 'main', sha: await git('rev-parse', 'main') },
    head: { ref: BRANCH, sha: await git('rev-parse', BRANCH) },
  }
}

async function changeGreeting(path: string, now: Date): Promise<void> {
  const source = await readFile(path, 'utf8')
  const marker = /^\/\/ greeting changed: .*\n/m
  const line = `// greeting changed: ${now.toISOString()}\n`
  await writeFile(path, marker.test(source) ? source.replace(marker, line) : line + source)
}

async function runGit(cwd: string, now: Date, args: string[]): Promise<string> {
  const at = now.toISOString()
  const who = { NAME: 'Demo', EMAIL: 'demo@localhost', DATE: at }
  const people = Object.entries(who).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ])
  const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...Object.fromEntries(people) }
  const { stdout } = await execa('git', args, { cwd, env })
  return stdout.trim()
}
