import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder for a test, removed with it. */
export async function openTestFolder(): Promise<{ dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), 'git-test-'))
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}

/** A repository as a packager has it, driven with plain git. */
export class TestRepository {
  readonly path: string
  private constructor(path: string) {
    this.path = path
  }

  static async create(path: string): Promise<TestRepository> {
    await mkdir(path, { recursive: true })
    const repository = new TestRepository(path)
    repository.git('init', '--quiet', '--initial-branch=main', '--template=')
    return repository
  }

  git(...args: string[]): string {
    return this.pipe('', ...args)
  }

  /** Git with something on its standard input. */
  pipe(input: string | Buffer, ...args: string[]): string {
    return this.#run('git', args, input)
  }

  #run(program: string, args: string[], input: string | Buffer = ''): string {
    const env = {
      PATH: process.env.PATH,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ann',
      GIT_AUTHOR_EMAIL: 'ann@example.org',
      GIT_COMMITTER_NAME: 'Ann',
      GIT_COMMITTER_EMAIL: 'ann@example.org',
    }
    return execFileSync(program, args, { cwd: this.path, env, input, stdio: ['pipe', 'pipe', 'pipe'] })
      .toString()
      .trim()
  }

  async write(name: string, content: string | Buffer): Promise<void> {
    const path = join(this.path, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }

  /** Writes files, commits everything and returns the commit's id. */
  async commit(files: Record<string, string>, message = 'a change'): Promise<string> {
    for (const [name, content] of Object.entries(files)) await this.write(name, content)
    // one process of ours, which may be large and slow to fork, instead of three
    const script = 'git add --all && git commit --quiet --allow-empty --message "$1" && git rev-parse HEAD'
    return this.#run('sh', ['-c', script, 'sh', message])
  }

  /** Makes a commit of a tree that git itself would not make, from lines for `git mktree`. */
  commitTree(lines: string): string {
    const tree = this.pipe(lines, 'mktree', '--missing')
    return this.git('commit-tree', '-m', 'made by hand', tree)
  }
}
