import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { findElements, findTag, S3Error, type SendToS3 } from './s3-client.ts'
import type { Range } from './storage.ts'

/** What is asked of an S3-compatible store, object by object; names are whole. */
export interface S3Objects {
  put(name: string, data: Buffer): Promise<void>
  /** Whatever its size, in one step at its end. */
  putStream(name: string, data: Readable): Promise<void>
  /** As `Storage.range`. */
  range(name: string, start: number, length: number): Promise<Range | undefined>
  read(name: string): Promise<{ stream: Readable; size: number } | undefined>
  find(name: string): Promise<{ size: number; etag: string } | undefined>
  /** Everything whose name begins so, sorted. */
  list(prefix: string): Promise<{ name: string; size: number }[]>
  delete(names: readonly string[]): Promise<void>
}

/** Parts of a large object; the store wants 5 MiB at least. */
const PART_BYTES = 8 * 2 ** 20
const AT_A_TIME = 8

export function openS3Objects(send: SendToS3): S3Objects {
  const put = async (name: string, data: Buffer) => void (await send({ method: 'PUT', name, body: data }))

  async function find(name: string) {
    const answer = await send({ method: 'HEAD', name })
    if (answer.status === 404) return undefined
    return { size: Number(answer.headers.get('content-length') ?? 0), etag: answer.headers.get('etag') ?? '' }
  }

  async function putStream(name: string, data: Readable): Promise<void> {
    const parts = readParts(data)
    const first = await parts.next()
    if (first.done) return put(name, Buffer.alloc(0))
    const second = await parts.next()
    if (second.done) return put(name, first.value)
    await putParts(send, name, [first.value, second.value], parts)
  }

  async function range(name: string, start: number, length: number): Promise<Range | undefined> {
    if (length <= 0) return describe(start, await find(name))
    const end = Math.min(Number.MAX_SAFE_INTEGER, start + length - 1)
    const asked = start < 0 ? `bytes=${start}` : `bytes=${start}-${end}`
    const answer = await send({ method: 'GET', name, headers: { range: asked } })
    if (answer.status === 404) return undefined
    // there is nothing from there on, or the object is empty
    if (answer.status === 416) return describe(start, await find(name))
    const all = Buffer.from(await answer.arrayBuffer())
    const [, from, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? []
    if (from === undefined) return { data: all.subarray(0, length), start: 0, size: all.length }
    return { data: all.subarray(0, length), start: Number(from), size: Number(size) }
  }

  return {
    put,
    putStream,
    range,
    find,
    async read(name) {
      const answer = await send({ method: 'GET', name })
      if (answer.status === 404) return undefined
      const size = Number(answer.headers.get('content-length') ?? 0)
      const stream = answer.body ? Readable.fromWeb(answer.body as ReadableStream) : Readable.from([])
      return { stream, size }
    },
    list: (prefix) => listAll(send, prefix),
    async delete(names) {
      for (let i = 0; i < names.length; i += AT_A_TIME) {
        await Promise.all(names.slice(i, i + AT_A_TIME).map((name) => send({ method: 'DELETE', name })))
      }
    },
  }
}

function describe(start: number, found: { size: number } | undefined): Range | undefined {
  if (!found) return undefined
  const { size } = found
  return { data: Buffer.alloc(0), start: start < 0 ? Math.max(0, size + start) : Math.min(start, size), size }
}

/** A stream in parts of the size that the store takes; the last is what remains. */
async function* readParts(data: Readable): AsyncGenerator<Buffer, void> {
  let waiting: Buffer[] = []
  let bytes = 0
  for await (const chunk of data) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as string)
    waiting.push(buffer)
    bytes += buffer.length
    if (bytes < PART_BYTES) continue
    yield Buffer.concat(waiting)
    waiting = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(waiting)
}

async function putParts(
  send: SendToS3,
  name: string,
  first: readonly Buffer[],
  rest: AsyncIterable<Buffer>,
): Promise<void> {
  const begun = await send({ method: 'POST', name, query: { uploads: '' } })
  const uploadId = findTag(await begun.text(), 'UploadId')
  if (!uploadId) throw new Error(`the store did not begin an upload of ${name}`)
  try {
    const etags: string[] = []
    const upload = async (part: Buffer) => {
      const query = { partNumber: String(etags.length + 1), uploadId }
      const answer = await send({ method: 'PUT', name, query, body: part })
      etags.push(answer.headers.get('etag') ?? '')
    }
    for (const part of first) await upload(part)
    for await (const part of rest) await upload(part)
    await complete(send, name, uploadId, etags)
  } catch (error) {
    // what was uploaded so far would be kept, and paid for
    await send({ method: 'DELETE', name, query: { uploadId } }).catch(() => {})
    throw error
  }
}

async function complete(send: SendToS3, name: string, uploadId: string, etags: readonly string[]): Promise<void> {
  const parts = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  const request = { method: 'POST', name, query: { uploadId }, body } as const
  const answer = await send(request)
  // the status is sent before the store knows how it ends
  const said = await answer.text()
  if (!said.includes('<CompleteMultipartUploadResult')) throw new S3Error(request, 200, findTag(said, 'Code') ?? '')
}

async function listAll(send: SendToS3, prefix: string): Promise<{ name: string; size: number }[]> {
  const found: { name: string; size: number }[] = []
  let token: string | undefined
  do {
    const query = {
      'list-type': '2',
      prefix,
      'encoding-type': 'url',
      ...(token === undefined ? {} : { 'continuation-token': token }),
    }
    const xml = await (await send({ method: 'GET', query })).text()
    for (const entry of findElements(xml, 'Contents')) {
      const name = decodeURIComponent((findTag(entry, 'Key') ?? '').replaceAll('+', ' '))
      found.push({ name, size: Number(findTag(entry, 'Size') ?? 0) })
    }
    token = findTag(xml, 'IsTruncated') === 'true' ? findTag(xml, 'NextContinuationToken') : undefined
  } while (token !== undefined)
  return found
}
