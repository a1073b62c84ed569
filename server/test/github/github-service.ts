// A GitHub of our own, and the real service in a process of its own that is its App.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Delivery } from '../../src/forges/github/fake/deliveries.ts'
import { FakeGithub } from '../../src/forges/github/fake/fake-github.ts'
import type { Repository } from '../../src/forges/github/fake/things.ts'
import { ServiceProcess } from '../service-process.ts'
import { type Clock, createClock } from './many-heads.ts'

export interface GithubSite extends AsyncDisposable {
  github: FakeGithub
  clock: Clock
  dataDir: string
  /** The settings of the service. */
  env: Record<string, string>
  /** Starts the service, and has GitHub send to it. */
  start(command?: readonly string[]): Promise<ServiceProcess>
  /** A repository with the App, whose files are given. */
  addRepository(owner: string, files: Record<string, string>): Promise<Repository>
}

/** @param dir  a folder of its own: the git repositories of the fake and the data of the service */
export async function openSite(dir: string, more: Record<string, string> = {}): Promise<GithubSite> {
  const clock = createClock()
  const github = await FakeGithub.start({ dir: join(dir, 'github'), cloneUrls: 'file', now: clock.now })
  const { app } = github
  const env = {
    PACKIT_GIT_ALLOW: dir,
    PACKIT_GITHUB_APP_ID: String(app.appId),
    PACKIT_GITHUB_PRIVATE_KEY: app.privateKey,
    PACKIT_GITHUB_WEBHOOK_SECRET: app.webhookSecret,
    PACKIT_GITHUB_API_URL: github.apiUrl,
    ...more,
  }
  const dataDir = join(dir, 'data')
  return {
    github,
    clock,
    dataDir,
    env,
    async start(command) {
      const service = await ServiceProcess.start(dataDir, env, command)
      github.deliverTo(`${service.url}/api/webhooks/github`)
      return service
    },
    async addRepository(owner, files) {
      const repository = await github.createRepository({ owner, name: 'hello', files })
      await github.install(repository)
      return repository
    },
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]()
      await rm(join(dir, 'github'), { recursive: true, force: true })
    },
  }
}

/** Sends a delivery as GitHub does; the answer's status, or `none` where none came. */
export async function send(url: string, { headers, body }: Delivery): Promise<number | 'none'> {
  try {
    const response = await fetch(`${url}/api/webhooks/github`, { method: 'POST', headers, body })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 'none'
  }
}

/** Waits until the service has nothing left to do now. */
export async function untilIdle(service: ServiceProcess): Promise<void> {
  await service.until(
    async () => {
      const { queue } = await service.get<{ queue: { waiting: number; running: number } }>('/api/status')
      return queue.waiting + queue.running === 0
    },
    'came to rest',
    200,
  )
}
