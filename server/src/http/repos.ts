import { Readable } from 'node:stream'
import type { FastifyPluginAsync } from 'fastify'
import { parseRange } from '../api/byte-range.ts'
import type { ApiDeps } from '../api/deps.ts'
import { ApiError, notFound } from '../api/errors.ts'
import { readChunks } from '../api/read-chunks.ts'

/** What dnf reads is sent as what it is, everything else as a file to keep: nothing here is a page. */
const TYPES: [RegExp, string][] = [
  [/\.repo$/, 'text/plain; charset=utf-8'],
  [/\/repodata\/[^/]+\.xml$/, 'text/xml; charset=utf-8'],
  [/\/repodata\/[^/]+\.gz$/, 'application/gzip'],
  [/\/repodata\/[^/]+\.zst$/, 'application/zstd'],
  [/\/repodata\/[^/]+\.xz$/, 'application/x-xz'],
  [/\/repodata\/[^/]+\.bz2$/, 'application/x-bzip2'],
]

/** `/repos/…`: dnf repositories, of what projects have built. Their content is not trusted. */
export const repositoryRoutes: FastifyPluginAsync<{ storage: ApiDeps['storage'] }> = async (app, { storage }) => {
  app.get<{ Params: { '*': string } }>(
    '/*',
    {
      compress: false,
      schema: { hide: true },
    },
    async (request, reply) => {
      const key = `repos/${request.params['*']}`
      const size = await findSize(storage, key)
      if (size === undefined) throw notFound(`There is no file ${key} here (it may have expired)`)
      const type = TYPES.find(([pattern]) => pattern.test(key))?.[1]
      reply.type(type ?? 'application/octet-stream').header('accept-ranges', 'bytes')
      reply.header('content-security-policy', 'sandbox')
      if (!type) reply.header('content-disposition', 'attachment')
      // the repository of a run never changes; what is newest does
      const isFixed = /^repos\/[^/]+\/runs\//.test(key)
      reply.header('cache-control', isFixed ? 'public, max-age=31536000, immutable' : 'no-cache')
      const asked = parseRange(request.headers.range, Number.MAX_SAFE_INTEGER)
      if (!asked) {
        reply.header('content-length', size)
        return reply.send(Readable.from(readChunks(storage, key, { start: 0, end: size })))
      }
      const part = asked === 'unsatisfiable' ? undefined : place(asked, size)
      if (!part)
        throw new ApiError(416, `The file has ${size} bytes.`, undefined, { 'content-range': `bytes */${size}` })
      reply.code(206).header('content-range', `bytes ${part.start}-${part.end - 1}/${size}`)
      reply.header('content-length', part.end - part.start)
      return reply.send(Readable.from(readChunks(storage, key, part)))
    },
  )
}

function place({ start, length }: { start: number; length: number }, size: number) {
  const from = start < 0 ? Math.max(0, size + start) : start
  return from >= size ? undefined : { start: from, end: Math.min(size, from + length) }
}

/** A name that can't be a key is a file that isn't there. */
async function findSize(storage: ApiDeps['storage'], key: string): Promise<number | undefined> {
  try {
    // a byte is read: of a folder none can be
    return (await storage.range(key, 0, 1))?.size
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'EISDIR') return undefined
    throw error
  }
}
