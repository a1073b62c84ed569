import type { IncomingMessage, ServerResponse } from 'node:http'
import { runHttpBackend } from '../../../git/http-backend.ts'
import { Refusal } from './answers.ts'
import { type Caller, canRead, findHolder } from './callers.ts'
import { fullName, type State } from './state.ts'
import type { Repository } from './things.ts'

const GIT_PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack|HEAD))$/

/** Whether git asks. */
export function isGitPath(path: string): boolean {
  return GIT_PATH.test(path)
}

/** Serves a repository as git's own program for web servers does; reading only. */
export function serveGit(state: State, root: string, request: IncomingMessage, answer: ServerResponse): void {
  const url = new URL(request.url ?? '', state.url)
  const [, owner = '', name = '', rest = ''] = GIT_PATH.exec(decodeURIComponent(url.pathname)) ?? []
  const say = (status: number, text: string, headers: Record<string, string> = {}) =>
    answer.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`${text}\n`)
  const caller = findGitCaller(state, request.headers.authorization)
  if (!caller) return void say(401, 'Bad credentials', { 'www-authenticate': 'Basic realm="GitHub"' })
  const repository = findReadable(state, caller, owner, name)
  if (!repository && caller.kind === 'nobody')
    return void say(401, 'Repository not found.', { 'www-authenticate': 'Basic realm="GitHub"' })
  if (!repository) return void say(404, 'Repository not found.')
  if (fullName(repository).toLowerCase() !== `${owner}/${name}`.toLowerCase())
    return void say(301, 'Moved', { location: `${state.url}/${fullName(repository)}.git${rest}${url.search}` })
  if (`${rest}${url.search}`.includes('receive-pack')) return void say(403, 'Nothing is pushed here.')
  runHttpBackend({ root, path: `/${repository.id}.git${rest}`, query: url.search.slice(1) }, request, answer)
}

/** `Basic` with the token as password, as git sends it, or `Bearer`; undefined = not valid. */
function findGitCaller(state: State, authorization: string | undefined): Caller | undefined {
  if (!authorization) return { kind: 'nobody' }
  const [, word = '', text = ''] = /^(\S+)\s+(\S+)$/.exec(authorization) ?? []
  const token = /^basic$/i.test(word)
    ? Buffer.from(text, 'base64')
        .toString()
        .replace(/^[^:]*:/, '')
    : text
  try {
    return findHolder(state, token)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function findReadable(state: State, caller: Caller, owner: string, name: string): Repository | undefined {
  const found = state.findRepository(owner, name) ?? state.formerNames.get(`${owner}/${name}`.toLowerCase())
  if (!found || found.isDeleted || !canRead(state, caller, found)) return undefined
  const mayRead = caller.kind !== 'installation' || !found.isPrivate || caller.permissions.contents !== undefined
  return mayRead ? found : undefined
}
