import type http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { readBody, startWebServer } from '../../../fakes/web-server.ts'
import { Refusal } from './answers.ts'
import { answer } from './api.ts'
import { findUser, readOptions } from './call.ts'
import type { FaultKind, FaultOrder, Faults } from './faults.ts'
import { servePage } from './pages.ts'
import { type Results, serveResults } from './results.ts'
import type { BuildHooks } from './routes-builds.ts'

interface Parts extends Results {
  faults: Faults
  hooks: BuildHooks
  /** Told of each request of the API. */
  onRequest: (method: string, path: string) => void
}

const API = '/api_3'
const SLOW_MS = 300
const ERROR_PAGES: Partial<Record<FaultKind, [number, string]>> = {
  'bad-gateway': [502, 'Bad Gateway'],
  unavailable: [503, 'Service Unavailable'],
  'gateway-timeout': [504, 'Gateway Timeout'],
  'wrong-type': [200, 'Welcome to Copr'],
}

/** Starts the web server; `state.url` is known afterwards. */
export async function listen(parts: Parts, port: number, host: string): Promise<http.Server> {
  const place = { name: 'Copr', port, host }
  const { server, url } = await startWebServer((request, response) => serve(parts, request, response), place)
  parts.state.url = url
  return server
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', parts.state.url)
  const method = request.method ?? 'GET'
  if (url.pathname.startsWith(API)) parts.onRequest(method, `${url.pathname}${url.search}`)
  const fault = parts.faults.take(method, url.pathname)
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'drop-before') return void request.socket.destroy()
  if (fault && sendFault(fault, response)) return
  if (url.pathname.startsWith('/results/'))
    return serveResults(parts, url.pathname.slice(9), response, request.headers.range)
  if (!url.pathname.startsWith(API)) return servePage(parts.state, url, response)
  const sent = await callApi(parts, request, method, url)
  if (fault?.kind === 'drop-after') return void request.socket.destroy()
  if (fault?.kind === 'slow') await sleep(SLOW_MS)
  response.writeHead(sent.status, sent.headers).end(sent.text)
}

function sendFault({ kind, retryAfterSeconds }: FaultOrder, response: ServerResponse): boolean {
  const page = ERROR_PAGES[kind]
  if (page) {
    response.writeHead(page[0], { 'content-type': 'text/html' })
    response.end(`<html><head><title>${page[1]}</title></head><body><h1>${page[1]}</h1></body></html>\n`)
    return true
  }
  if (kind === 'too-many') {
    const wait: Record<string, string> =
      retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` }
    response.writeHead(429, { 'content-type': 'text/html', ...wait }).end('<h1>Too Many Requests</h1>\n')
    return true
  }
  if (kind !== 'internal-error' && kind !== 'not-found') return false
  const [status, error] =
    kind === 'not-found' ? [404, 'It does not exist.'] : [500, 'Request wasn’t successful, there is probably a bug.']
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
  return true
}

interface Sent {
  status: number
  headers: Record<string, string>
  text: string
}

async function callApi(parts: Parts, request: IncomingMessage, method: string, url: URL): Promise<Sent> {
  const type = { 'content-type': 'application/json' }
  try {
    const body = await readBody(request)
    const user = findUser(parts.state, request.headers.authorization)
    const read = await readOptions(request.headers, body)
    const call = { state: parts.state, method, query: url.searchParams, user, ...read }
    const found = answer(url.pathname.slice(API.length), call, parts.hooks)
    if ('redirect' in found)
      return { status: 308, headers: { location: `${API}${found.redirect}${url.search}` }, text: '' }
    return { status: 200, headers: { ...type, ...found.headers }, text: JSON.stringify(found.body) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const output = error.status === 401 ? { output: 'notok' } : {}
    const text = JSON.stringify({ ...output, error: error.message })
    return { status: error.status, headers: { ...type, ...error.headers }, text }
  }
}
