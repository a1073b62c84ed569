import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runHttpBackend } from './http-backend.ts'

export interface TestGitServer extends AsyncDisposable {
  port: number
  /** Paths that were asked for. */
  requests: string[]
}

/** Serves the repositories below `root` as git's own program for web servers does; `before` may answer instead. */
export async function serveGit(
  root: string,
  before: (request: IncomingMessage, answer: ServerResponse) => boolean = () => false,
): Promise<TestGitServer> {
  const requests: string[] = []
  const server = http.createServer((request, answer) => {
    requests.push(request.url ?? '')
    const { pathname, search } = new URL(request.url ?? '', 'http://x')
    const asked = { root, path: decodeURIComponent(pathname), query: search.slice(1) }
    if (!before(request, answer)) runHttpBackend(asked, request, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
