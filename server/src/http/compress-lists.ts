import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

const THRESHOLD_BYTES = 1024
const compressors = {
  br: (text: string) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (text: string) => promisify(gzip)(text),
}

/**
 * Compresses pages of lists. They are answered with 206, which the compression of everything else rightly leaves alone:
 * there a `Content-Range` counts bytes, here entries.
 */
export function compressLists(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const countsEntries = /^(?!bytes )/.test(String(reply.getHeader('content-range') ?? 'bytes '))
    if (reply.statusCode !== 206 || !countsEntries || typeof payload !== 'string') return payload
    if (Buffer.byteLength(payload) < THRESHOLD_BYTES) return payload
    reply.header('vary', 'accept-encoding')
    const accepted = String(request.headers['accept-encoding'] ?? '')
    const encoding = (['br', 'gzip'] as const).find((name) =>
      new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(\\.0*)?(,|$))`).test(accepted),
    )
    if (!encoding) return payload
    reply.header('content-encoding', encoding).removeHeader('content-length')
    return compressors[encoding](payload)
  })
}
