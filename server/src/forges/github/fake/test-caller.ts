import { createSign } from 'node:crypto'
import { FakeGithub, type FakeOptions } from './fake-github.ts'
import type { Installation, PullRequest, Repository } from './things.ts'

export interface Asked {
  status: number
  headers: Headers
  // tests look into answers of every shape
  body: Record<string, unknown> & { message?: string }
}

export interface AskOptions {
  token?: string
  body?: unknown
  headers?: Record<string, string>
}

/** Asks the fake something, as plainly as can be. */
export async function ask(github: FakeGithub, request: string, options: AskOptions = {}): Promise<Asked> {
  const [method = '', path = ''] = request.split(' ')
  const { token, body, headers } = options
  const response = await fetch(github.apiUrl + path, {
    method,
    headers: { 'user-agent': 'test', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    redirect: 'manual',
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} }
}

/** A token of the App itself, by the fake's clock. */
export function makeJwt(github: FakeGithub, claims: Record<string, unknown> = {}, key = github.app.privateKey): string {
  const now = Math.floor(github.state.now().getTime() / 1000)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const payload = { iss: github.app.appId, iat: now - 60, exp: now + 540, ...claims }
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`
}

export async function makeToken(github: FakeGithub, installation: Installation, body?: unknown): Promise<string> {
  const path = `POST /app/installations/${installation.id}/access_tokens`
  const answer = await ask(github, path, { token: makeJwt(github), body })
  return String(answer.body.token)
}

export interface FakeWorld extends AsyncDisposable {
  github: FakeGithub
  repository: Repository
  installation: Installation
  pr: PullRequest
  token: string
  sha: string
  /** Moves the fake's clock. */
  wait: (seconds: number) => void
  ask: (request: string, body?: unknown, headers?: Record<string, string>) => Promise<Asked>
}

/** A repository `acme/hello` with the App installed, and one pull request. */
export async function createFakeWorld(options: FakeOptions = {}): Promise<FakeWorld> {
  let at = Date.parse('2026-11-24T12:00:00Z')
  const github = await FakeGithub.start({ deliver: async () => 202, now: () => new Date(at), ...options })
  const repository = await github.createRepository({ owner: 'acme', name: 'hello' })
  const installation = await github.install(repository)
  const pr = await github.openPullRequest({ repository, author: 'zoe', fromFork: true })
  const token = await makeToken(github, installation)
  return {
    github,
    repository,
    installation,
    pr,
    token,
    sha: pr.pull.head.sha,
    wait: (seconds) => {
      at += seconds * 1000
    },
    ask: (request, body, headers = {}) => ask(github, request, { token, body, headers }),
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  }
}
