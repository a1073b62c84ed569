import { spawn } from 'node:child_process'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

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
    if (!before(request, answer)) runBackend(root, request, answer)
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

function runBackend(root: string, request: IncomingMessage, answer: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '', 'http://x')
  const env = {
    PATH: process.env.PATH,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers['content-type'],
    CONTENT_LENGTH: request.headers['content-length'],
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  }
  const backend = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  backend.stdin.on('error', () => {})
  request.pipe(backend.stdin)
  const chunks: Buffer[] = []
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  backend.on('close', () => answerCgi(Buffer.concat(chunks), answer))
}

function answerCgi(output: Buffer, answer: ServerResponse): void {
  const end = output.indexOf('\r\n\r\n')
  for (const line of output.subarray(0, end).toString().split('\r\n')) {
    const [name = '', value = ''] = line.split(/: (.*)/)
    if (name === 'Status') answer.statusCode = Number.parseInt(value, 10)
    else if (name) answer.setHeader(name, value)
  }
  answer.end(output.subarray(end + 4))
}
