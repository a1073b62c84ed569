import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers one request; what it throws is a fault of the fake. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export interface WebServerPlace {
  /** What stands in errors: `Copr`. */
  name: string
  /** 0 = any free one. */
  port: number
  host: string
}

/** Starts the web server of a fake. A fault of the fake is told to whoever asked, as JSON with status 500. */
export async function startWebServer(
  serve: Serve,
  { name, port, host }: WebServerPlace,
): Promise<{ server: http.Server; url: string }> {
  const server = http.createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' })
      const message = `fault of the fake ${name}: ${error instanceof Error ? error.stack : error}`
      // the word for it differs from system to system
      response.end(JSON.stringify({ error: message, message }))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: given } = server.address() as AddressInfo
  return { server, url: `http://${host}:${given}` }
}

/** The whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
