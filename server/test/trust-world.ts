// Stories of trust: GitHub's deliveries of one project with forks, and a forge in memory that knows who may what.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { UnavailableError } from '../src/domain/errors.ts'
import type { Forge, Permission } from '../src/forges/forge.ts'
import { sign } from '../src/forges/signature.ts'
import { TestRepository } from '../src/git/test-repository.ts'
import { CONFIG, createWorld, SECRET, type World, type WorldOptions } from './world.ts'

/** What a fetch of a private repository is authorized by: nothing hostile may ever see it. */
export const AUTHORIZATION = 'basic-xyzzy4-of-an-installation-token'

const unused = async (): Promise<never> => {
  throw new Error('no story of trust needs this')
}

/** A forge as far as trust asks it, with all that was asked. */
export class MemoryForge implements Forge {
  readonly source = 'github'
  readonly host = 'github.com'
  readonly permissions: Record<string, Permission> = {}
  readonly asked: string[] = []
  /** Away for so many questions. */
  awayFor = 0

  async findPermission({ namespace, name }: { namespace: string; name: string }, login: string): Promise<Permission> {
    this.asked.push(`${namespace}/${name} ${login}`)
    if (this.awayFor > 0) {
      this.awayFor -= 1
      throw new UnavailableError('GitHub is away', 10)
    }
    return this.permissions[login] ?? 'read'
  }

  fetchAuthorization = async () => AUTHORIZATION
  createCheck = async () => '1'
  updateCheck = async () => {}
  findCheck = async () => undefined
  setStatus = async () => {}
  addComment = async () => '1'
  findComment = async () => undefined
  acknowledge = async () => {}
  findPullRequest = unused
  findTagCommit = unused
  isOnBranch = unused
  findRepository = unused
  redeliver = unused
  async *listOpenPullRequests() {}
  async *listRepositories() {}
  async *listDeliveries() {}
  limits = () => []
}

export interface ForkedPull {
  number: number
  author: string
  fork: TestRepository
  head: { ref: string; sha: string }
  base: { ref: string; sha: string }
}

export interface TrustWorld extends AsyncDisposable {
  world: World
  forge: MemoryForge
  project: TestRepository
  isPrivate: boolean
}

/** A service with a GitHub App and the project github.com/acme/hello, which nobody has allowed yet. */
export async function createTrustWorld(
  options: WorldOptions & { config?: string; isPrivate?: boolean } = {},
): Promise<TrustWorld> {
  const forge = new MemoryForge()
  const findForge = (host: string) => (host === forge.host ? forge : undefined)
  const world = await createWorld({ findForge, ...options })
  const files = { '.packit.yaml': options.config ?? CONFIG, 'hello.spec': 'Name: hello\n' }
  const project = await world.createRepository('hello', files)
  return {
    world,
    forge,
    project,
    isPrivate: options.isPrivate ?? false,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

/** Changes the allowlist as an operator's program does. */
export async function allow({ world }: TrustWorld, path: string, status = 'approved') {
  const answer = await world.post('/api/allowlist', { body: { path, status } })
  if (answer.statusCode !== 202) throw new Error(answer.body)
  return answer.json() as { path: string; status: string | null; decided_again: number }
}

/** A pull request from a fork; left out: an outsider's. */
export async function openFork(
  trust: TrustWorld,
  { number = 1, author = 'mallory', files = { NEWS: 'x\n' } as Record<string, string>, tell = true } = {},
): Promise<ForkedPull> {
  const fork = await TestRepository.create(join(trust.world.dir, 'git', `fork-${randomUUID().slice(0, 8)}`))
  fork.git('pull', '--quiet', trust.project.path, 'main')
  const base = { ref: 'main', sha: trust.project.git('rev-parse', 'main') }
  fork.git('checkout', '--quiet', '-b', 'change')
  const head = { ref: 'change', sha: await fork.commit(files, 'Change') }
  const pull = { number, author, fork, head, base }
  if (tell) await tellGithub(trust, pull, 'opened')
  return pull
}

/** A further commit of the fork. */
export async function pushToFork(trust: TrustWorld, pull: ForkedPull, files: Record<string, string> = {}) {
  pull.head = { ...pull.head, sha: await pull.fork.commit({ [`more-${randomUUID()}`]: 'x', ...files }, 'More') }
  await tellGithub(trust, pull, 'synchronize')
  return pull.head.sha
}

let clock = Date.parse('2026-11-24T12:00:00Z')

/** Sends GitHub's delivery that says how a pull request stands. */
export async function tellGithub(
  { world, project, isPrivate }: TrustWorld,
  pull: ForkedPull,
  action: string,
  { changes }: { changes?: object } = {},
) {
  clock += 1000
  // GitHub keeps the heads of pull requests in the repository they are for, wherever they come from
  project.git('fetch', '--quiet', pull.fork.path, `+${pull.head.sha}:refs/pull/${pull.number}/head`)
  const owner = { login: 'acme', id: 7, type: 'Organization', html_url: 'https://github.com/acme' }
  const repo = {
    id: 70,
    name: 'hello',
    full_name: 'acme/hello',
    owner,
    html_url: 'https://github.com/acme/hello',
    clone_url: project.path,
    private: isPrivate,
    fork: false,
    default_branch: 'main',
  }
  const isFork = pull.fork.path !== project.path
  const theirs = {
    ...repo,
    id: 71,
    owner: { ...owner, login: pull.author },
    full_name: `${pull.author}/hello`,
    clone_url: pull.fork.path,
    fork: true,
  }
  const user = { login: pull.author, id: 8, type: 'User' }
  const body = {
    action,
    number: pull.number,
    repository: repo,
    sender: user,
    installation: { id: 5 },
    ...(changes ? { changes } : {}),
    pull_request: {
      id: 100 + pull.number,
      number: pull.number,
      title: `Change ${pull.number}`,
      user,
      state: action === 'closed' ? 'closed' : 'open',
      draft: false,
      html_url: `https://github.com/acme/hello/pull/${pull.number}`,
      updated_at: new Date(clock).toISOString(),
      labels: [],
      base: { ...pull.base, repo },
      head: { ...pull.head, repo: isFork ? theirs : repo },
    },
  }
  const payload = JSON.stringify(body)
  return world.http.inject({
    method: 'POST',
    url: '/api/webhooks/github',
    payload,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': sign(SECRET, payload),
    },
  })
}

/** All events, oldest first: commit, and what ended it before it was built. */
export async function eventsOf({ world }: TrustWorld) {
  const rows = await world.service.database.db.query.projectEvents.findMany({ orderBy: (row, { asc }) => asc(row.id) })
  return rows.map(({ id, commitSha, plan }) => ({ id, sha: commitSha, plan, problem: plan?.problem?.kind ?? null }))
}

/** The commits of which SRPMs were made, in order. */
export const builtCommits = ({ world }: TrustWorld) => world.srpms.made.map((input) => input.headSha)
