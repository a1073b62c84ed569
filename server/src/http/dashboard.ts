import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { splitUrl } from './rewrite-url.ts'

const NOT_BUILT = `<!doctype html><html lang="en"><title>Packit</title>
<h1>The pages are not built yet</h1><p>Run <code>scripts/setup run</code>, then start the service again.
The API works: <a href="api/">api/</a>.</p></html>
`

/** Serves the built pages' files; what their names don't change with (index, icons) is asked for anew each time. */
export async function registerDashboard(app: FastifyInstance, dir: string): Promise<void> {
  if (!existsSync(dir)) return
  await app.register(fastifyStatic, {
    root: dir,
    index: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isNamedByContent = path.includes('/assets/')
      reply.header('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
    schemaHide: true,
  })
}

/** Whether an address that is no file may be one of a page, which the program in the browser looks up. */
export function isPage(request: FastifyRequest): boolean {
  const { path } = splitUrl(request.url)
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  if (/^\/(api|repos|assets|metrics)(\/|$)/.test(path)) return false
  return /text\/html|\*\/\*/.test(request.headers.accept ?? '*/*')
}

/** Sends the one HTML file, told where the service's addresses begin. */
export async function sendIndex(reply: FastifyReply, dir: string, prefix: string): Promise<FastifyReply> {
  const html = await readFile(join(dir, 'index.html'), 'utf8').catch(() => NOT_BUILT)
  reply.code(200).type('text/html; charset=utf-8').header('cache-control', 'no-cache')
  return reply.send(html.replace(/<base href="[^"]*"/, `<base href="${prefix}/"`))
}
