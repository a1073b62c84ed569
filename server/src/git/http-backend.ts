import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'

interface Asked {
  /** Folder of the repositories. */
  root: string
  path: string
  /** Without `?`. */
  query: string
}

/** Answers git's requests by its own program for web servers; for fakes of forges. Who may ask is the caller's matter. */
export function runHttpBackend({ root, path, query }: Asked, request: IncomingMessage, answer: ServerResponse): void {
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    PATH_INFO: path,
    QUERY_STRING: query,
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
