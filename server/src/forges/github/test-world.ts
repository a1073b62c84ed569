import type { ForgeRepository, ShownCheck } from '../forge.ts'
import { RequestCounts } from '../request-counts.ts'
import type { GithubApp } from './app.ts'
import type { ClientOptions } from './client.ts'
import { FakeGithub } from './fake/fake-github.ts'
import { createGithubForge } from './github-forge.ts'

/** The fake GitHub with a repository that the App is installed on, and a forge that asks it. */
export async function openGithubWorld(options: Partial<ClientOptions> & { isPrivate?: boolean } = {}) {
  let ms = Date.parse('2026-11-24T12:00:00Z')
  const now = () => new Date(ms)
  const github = await FakeGithub.start({ now, deliver: async () => 202 })
  const { isPrivate = false, ...clientOptions } = options
  const hello = await github.createRepository({ owner: 'acme', name: 'hello', isPrivate })
  const installation = await github.install(hello)
  const warnings: string[] = []
  const counts = new RequestCounts()
  let app: GithubApp | undefined = github.app
  const forge = createGithubForge({
    app: () => app,
    now,
    warn: (line) => warnings.push(line),
    onAnswer: (operation, status) => counts.add(operation, status),
    secondMs: 5,
    ...clientOptions,
  })
  const repository: ForgeRepository = { namespace: 'acme', name: 'hello', installationId: installation.id }
  return {
    github,
    forge,
    hello,
    installation,
    repository,
    warnings,
    counts,
    now,
    later(milliseconds: number) {
      ms += milliseconds
    },
    setApp(changed: GithubApp | undefined) {
      app = changed
    },
    /** How often an operation of GitHub was asked for. */
    calls: (operation: string) => github.calls.byOperation[operation] ?? 0,
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  }
}

export function checkOf(sha: string, changes: Partial<ShownCheck> = {}): ShownCheck {
  return {
    name: 'rpm-build:fedora-43-x86_64',
    sha,
    externalId: '7',
    phase: { status: 'queued' },
    output: { title: 'Waits', summary: 'It waits.', annotations: [], buttons: [] },
    url: 'https://packit.example.org/jobs/copr/1',
    startedAt: null,
    endedAt: null,
    ...changes,
  }
}
