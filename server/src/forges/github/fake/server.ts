import type http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { readBody, startWebServer } from '../../../fakes/web-server.ts'
import type { Answer } from './answers.ts'
import type { Api } from './api.ts'
import type { FaultKind, Faults } from './faults.ts'
import { isGitPath, serveGit } from './git-backend.ts'
import type { Limits } from './limits.ts'
import type { State } from './state.ts'

/** Answers what is neither API nor git. */
export type ServePages = (request: IncomingMessage, url: URL, body: Buffer) => Promise<PageAnswer>

export interface PageAnswer {
  status: number
  headers: Record<string, string>
  text: string
}

interface Parts {
  state: State
  api: Api
  limits: Limits
  faults: Faults
  /** Folder of the git repositories. */
  root: string
  pages: ServePages
}

const ERROR_PAGES: Partial<Record<FaultKind, [number, string]>> = {
  'bad-gateway': [502, 'Bad Gateway'],
  unavailable: [503, 'No server is currently available to service your request.'],
  'gateway-timeout': [504, 'We couldn’t respond to your request in time.'],
  'wrong-type': [200, 'Welcome'],
}

/** Starts the web server; `state.url` is known afterwards. */
export async function listen(parts: Parts, port: number, host: string): Promise<http.Server> {
  const place = { name: 'GitHub', port, host }
  const { server, url } = await startWebServer((request, response) => serve(parts, request, response), place)
  parts.state.url = url
  return server
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state, faults } = parts
  const url = new URL(request.url ?? '', state.url)
  const method = request.method ?? 'GET'
  const fault = faults.take(method, url.pathname.replace(/^\/api\/v3/, ''))
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'drop-before') return void request.socket.destroy()
  const page = fault && ERROR_PAGES[fault.kind]
  if (page) return sendErrorPage(response, page)
  if (fault?.kind === 'slow') await sleep(fault.delayMs)
  if (isGitPath(url.pathname)) return serveGit(state, parts.root, request, response)
  const body = await readBody(request)
  if (url.pathname.startsWith('/api/v3')) {
    const answer =
      fault?.kind === 'secondary-limit'
        ? parts.limits.refuseSecondary('nobody').toAnswer()
        : await parts.api.answer({ method, url, headers: request.headers, body })
    if (fault?.kind === 'drop-after') return void request.socket.destroy()
    return send(state, response, answer)
  }
  const { status, headers, text } = await parts.pages(request, url, body)
  if (fault?.kind === 'drop-after') return void request.socket.destroy()
  response.writeHead(status, headers).end(text)
}

function send(state: State, response: ServerResponse, { status, body, headers }: Answer): void {
  // the sender's clock: who is told that its token is not valid yet looks at it
  const common = { date: state.now().toUTCString(), 'x-github-request-id': String(state.nextId()) }
  if (body === undefined) return void response.writeHead(status, { ...common, ...headers }).end()
  const type = { 'content-type': 'application/json; charset=utf-8' }
  response.writeHead(status, { ...common, ...type, ...headers }).end(JSON.stringify(body))
}

function sendErrorPage(response: ServerResponse, [status, words]: [number, string]): void {
  const page = `<!DOCTYPE html>\n<html><head><title>Unicorn!</title></head><body><p>${words}</p></body></html>\n`
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(page)
}
