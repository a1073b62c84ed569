// A real service for benchmarks: embedded database in a folder, real webhook, queue, git and sandbox; and its clients.
import { randomUUID } from 'node:crypto'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Change } from '../server/src/api/models/service.ts'
import type { Replacements } from '../server/src/cli/service.ts'
import { type Started, start } from '../server/src/cli/start.ts'
import { readConfig } from '../server/src/config.ts'
import { sign } from '../server/src/forges/signature.ts'
import { TestRepository } from '../server/src/git/test-repository.ts'
import { ROOT } from './program.ts'

const SECRET = 'a secret of the benchmarks'

/** A service on a free port, working its queue; it is stopped with the block that opened it. */
export async function openService(dir: string, replace: Replacements = {}): Promise<Started & AsyncDisposable> {
  const settings = {
    PACKIT_DATA_DIR: join(dir, 'data'),
    PACKIT_BODHI_URL: 'off',
    PACKIT_GIT_ALLOW: dir,
    PACKIT_GIT_WEBHOOK_SECRET: SECRET,
    PACKIT_PORT: '0',
  }
  const config = readConfig({ env: settings })
  const started = await start(config, pino({ level: 'silent' }), { replace })
  return { ...started, [Symbol.asyncDispose]: () => started.stop() }
}

/** The sample project in a repository of its own, with one commit on `main`. */
export async function openSample(path: string, changes: Record<string, string> = {}): Promise<TestRepository> {
  const repository = await TestRepository.create(path)
  await cp(join(ROOT, 'examples/hello'), path, { recursive: true })
  await repository.commit(changes, 'Begin')
  repository.git('tag', 'v1.0.0')
  return repository
}

export interface Pull {
  number: number
  repository: TestRepository
  sha: string
}

/** A branch of its own with one commit; nobody is told of it yet. */
export async function branchOff(repository: TestRepository, number: number): Promise<Pull> {
  repository.git('checkout', '--quiet', '-B', `change-${number}`, 'main')
  const sha = await repository.commit({ NEWS: `change ${number}\n` }, `Change ${number}`)
  return { number, repository, sha }
}

/** The signed request that tells of a new pull request; ready, so that sending it is all that is measured. */
export function delivery(url: string, { number, repository, sha }: Pull, branch = `change-${number}`): Request {
  const body = JSON.stringify({
    kind: 'pull_request',
    action: 'opened',
    repository: { url: repository.path, forge: 'localhost', namespace: 'bench' },
    number,
    title: `Change ${number}`,
    author: 'ann',
    base: { ref: 'main', sha: repository.git('rev-parse', 'main') },
    head: { ref: branch, sha },
    updated_at: new Date().toISOString(),
  })
  const headers = {
    'content-type': 'application/json',
    'x-packit-delivery': randomUUID(),
    'x-packit-signature-256': sign(SECRET, body),
  }
  return new Request(`${url}/api/webhooks/git`, { method: 'POST', headers, body })
}

export interface SeenChange extends Change {
  /** When it arrived, as `performance.now()` counts and by the clock. */
  atMs: number
  clockMs: number
}

/** What a page is told by the stream, as it comes. */
export class StreamClient {
  readonly seen: SeenChange[] = []
  readonly #listeners = new Set<(change: SeenChange) => void>()
  readonly #controller = new AbortController()

  static async open(url: string): Promise<StreamClient> {
    const client = new StreamClient()
    const response = await fetch(`${url}/api/stream`, { signal: client.#controller.signal })
    if (!response.ok || !response.body) throw new Error(`/api/stream: ${response.status}`)
    void client.#read(response.body).catch(() => {})
    return client
  }

  /** The first change from `from` on that matches; waits for it. Throws after `timeoutMs`. */
  async find(matches: (change: SeenChange) => boolean, { from = 0, timeoutMs = 60_000 } = {}): Promise<SeenChange> {
    const known = this.seen.slice(from).find(matches)
    if (known) return known
    const { promise, resolve, reject } = Promise.withResolvers<SeenChange>()
    const listener = (change: SeenChange) => void (matches(change) && resolve(change))
    const timer = setTimeout(() => reject(new Error(`not told within ${timeoutMs} ms: ${matches}`)), timeoutMs)
    this.#listeners.add(listener)
    return promise.finally(() => {
      clearTimeout(timer)
      this.#listeners.delete(listener)
    })
  }

  [Symbol.dispose](): void {
    this.#controller.abort()
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of body) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) this.#take(part)
    }
  }

  #take(message: string): void {
    const data = /^data: (.*)$/m.exec(message)?.[1]
    if (!data || !/^event: change$/m.test(message)) return
    const change = { ...(JSON.parse(data) as Change), atMs: performance.now(), clockMs: Date.now() }
    this.seen.push(change)
    for (const listener of this.#listeners) listener(change)
  }
}
