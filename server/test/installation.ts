// An installation of several processes: PostgreSQL, a shared folder, and programs that a story starts, stops and kills.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DemoPullRequest, makeDemoPullRequest } from '../src/cli/demo-repository.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { runCommand, ServiceProcess } from './service-process.ts'
import type { RunEntry } from './world.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export class Installation {
  readonly dir: string
  readonly database: TestDatabase
  readonly processes: ServiceProcess[] = []
  readonly #env: Record<string, string>

  private constructor(dir: string, database: TestDatabase, env: Record<string, string>) {
    this.dir = dir
    this.database = database
    const url = database.client.kind === 'postgres' ? (database.client.pool.options.connectionString ?? '') : ''
    this.#env = {
      DATABASE_URL: url,
      PACKIT_STORAGE_URL: `file://${dir}/shared`,
      PACKIT_GIT_ALLOW: dir,
      PACKIT_DRAIN_TIME: '0',
      PACKIT_BUILD_PARALLEL: '1',
      ...env,
    }
  }

  static async create(env: Record<string, string> = {}): Promise<Installation> {
    const dir = await mkdtemp(join(tmpdir(), 'packit-installation-'))
    return new Installation(dir, await createTestDatabase('postgres'), env)
  }

  /** Starts a process with a data directory of its own, as on another machine; it answers when this resolves. */
  async start(role: 'web' | 'worker' | 'serve', env: Record<string, string> = {}): Promise<ServiceProcess> {
    const own = join(this.dir, `machine-${this.processes.length + 1}`)
    const service = ServiceProcess.launch(own, { ...this.#env, ...env }, [MAIN, role])
    this.processes.push(service)
    await service.answering()
    return service
  }

  /** Runs a command to its end, as on another machine. */
  run(command: string, env: Record<string, string> = {}) {
    return runCommand(join(this.dir, 'another-machine'), [command], { ...this.#env, ...env })
  }

  /** A pull request of the sample, with one more commit than the last one had, as a forge would tell of it. */
  async makePullRequest(at = new Date()): Promise<DemoPullRequest & { delivery: object }> {
    const pull = await makeDemoPullRequest(join(this.dir, 'git'), at)
    const { repository, base, head } = pull
    const body = {
      kind: 'pull_request',
      action: 'opened',
      repository: { url: repository, forge: 'localhost', namespace: 'acme', name: 'hello' },
      number: 1,
      title: 'Greet politely',
      author: 'ann',
      base,
      head: { repository_url: repository, ...head },
      updated_at: at.toISOString(),
    }
    return { ...pull, delivery: body }
  }

  runs(from: ServiceProcess): Promise<RunEntry[]> {
    return from.get<RunEntry[]>('/api/runs?per_page=100')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.processes.map((one) => one[Symbol.asyncDispose]()))
    await this.database.close()
    await rm(this.dir, { recursive: true, force: true })
  }
}
