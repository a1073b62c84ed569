import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface StoredObject {
  data: Buffer
  etag: string
}

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: Buffer | string
}

interface Asked {
  method: string
  name: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=(\S+)\/(\d{8})\/([a-z0-9-]+)\/s3\/aws4_request, SignedHeaders=(\S+), Signature=[0-9a-f]{64}$/
/** Every part of an upload but the last has this size at least. */
const LEAST_PART_BYTES = 5 * 2 ** 20

/** A bucket of an S3-compatible store, in memory, over HTTP; its lists have few names a page, so that pages are met. */
export class FakeS3 {
  readonly objects = new Map<string, StoredObject>()
  readonly uploads = new Map<string, { name: string; parts: Map<number, StoredObject> }>()
  /** What was asked for, in order: `PUT o/logs/1.log`. */
  readonly requests: string[] = []
  readonly bucket = 'packit'
  readonly accessKey = 'the-key'
  readonly secretKey = 'the-secret'
  readonly region = 'eu-test-1'
  /** What a key that is lent for a time comes with; undefined = the key is one for ever. */
  readonly sessionToken: string | undefined
  readonly #pageSize: number
  readonly #faults: { status: number; code: string }[] = []
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response))

  constructor({ pageSize = 3, sessionToken }: { pageSize?: number; sessionToken?: string } = {}) {
    this.#pageSize = pageSize
    this.sessionToken = sessionToken
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** The next requests are answered so. */
  fail(times: number, status = 503, code = 'SlowDown'): void {
    for (let i = 0; i < times; i += 1) this.#faults.push({ status, code })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', 'http://localhost')
    const [, bucket, ...path] = url.pathname.split('/').map(decodeURIComponent)
    const { method = 'GET', headers } = request
    const asked: Asked = { method, name: path.join('/'), query: url.searchParams, headers, body: Buffer.concat(chunks) }
    this.requests.push(`${method} ${asked.name}`)
    const answer = this.#refuse(asked, bucket) ?? this.#answer(asked)
    const body = method === 'HEAD' ? '' : (answer.body ?? '')
    response
      .writeHead(answer.status, { 'content-length': String(Buffer.byteLength(body)), ...answer.headers })
      .end(body)
  }

  #refuse({ headers, body }: Asked, bucket: string | undefined): Answer | undefined {
    const fault = this.#faults.shift()
    if (fault) return problem(fault.status, fault.code)
    const [, key, , region, signed = ''] = SIGNATURE.exec(headers.authorization ?? '') ?? []
    if (!key || !/^\d{8}T\d{6}Z$/.test(String(headers['x-amz-date']))) return problem(403, 'AccessDenied')
    if (key !== this.accessKey) return problem(403, 'InvalidAccessKeyId')
    if (region !== this.region) return problem(400, 'AuthorizationHeaderMalformed')
    for (const name of ['host', 'x-amz-content-sha256', 'x-amz-date'])
      if (!signed.split(';').includes(name)) return problem(403, 'SignatureDoesNotMatch')
    if (headers['x-amz-security-token'] !== this.sessionToken) return problem(403, 'InvalidToken')
    if (this.sessionToken && !signed.split(';').includes('x-amz-security-token'))
      return problem(403, 'SignatureDoesNotMatch')
    const hash = createHash('sha256').update(body).digest('hex')
    if (headers['x-amz-content-sha256'] !== hash) return problem(400, 'XAmzContentSHA256Mismatch')
    return bucket === this.bucket ? undefined : problem(404, 'NoSuchBucket')
  }

  #answer(asked: Asked): Answer {
    const { method, name, query } = asked
    if (name === '') return query.get('list-type') === '2' ? this.#list(query) : problem(400, 'InvalidRequest')
    if (query.has('uploads') && method === 'POST') return this.#begin(name)
    const upload = query.get('uploadId')
    if (upload !== null) return this.#upload(asked, upload)
    if (method === 'PUT') return this.#put(name, asked.body)
    if (method === 'DELETE') {
      this.objects.delete(name)
      return { status: 204 }
    }
    return method === 'GET' || method === 'HEAD' ? this.#get(asked) : problem(405, 'MethodNotAllowed')
  }

  #put(name: string, data: Buffer): Answer {
    const etag = etagOf(data)
    this.objects.set(name, { data, etag })
    return { status: 200, headers: { etag } }
  }

  #get({ name, headers }: Asked): Answer {
    const found = this.objects.get(name)
    if (!found) return problem(404, 'NoSuchKey')
    const { data, etag } = found
    const range = /^bytes=(?:(\d+)-(\d+)|-(\d+))$/.exec(headers.range ?? '')
    if (!range) return { status: 200, headers: { etag, 'content-length': String(data.length) }, body: data }
    const start = range[1] === undefined ? Math.max(0, data.length - Number(range[3])) : Number(range[1])
    const end = range[1] === undefined ? data.length : Math.min(data.length, Number(range[2]) + 1)
    if (start >= data.length) return problem(416, 'InvalidRange')
    const part = data.subarray(start, end)
    return { status: 206, headers: { etag, 'content-range': `bytes ${start}-${end - 1}/${data.length}` }, body: part }
  }

  #list(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? ''
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
    const names = [...this.objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort()
    const page = names.slice(0, this.#pageSize)
    const entries = page.map((name) => {
      const { data, etag } = this.objects.get(name) ?? { data: Buffer.alloc(0), etag: '' }
      const key = query.get('encoding-type') === 'url' ? encodeURIComponent(name).replaceAll('%20', '+') : name
      return `<Contents><Key>${key}</Key><ETag>${etag.replaceAll('"', '&quot;')}</ETag><Size>${data.length}</Size></Contents>`
    })
    const isTruncated = page.length < names.length
    const token = Buffer.from(page.at(-1) ?? '').toString('base64')
    const next = isTruncated ? `<NextContinuationToken>${token}</NextContinuationToken>` : ''
    const head = `<?xml version="1.0"?><ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${next}`
    return { status: 200, body: `${head}${entries.join('')}</ListBucketResult>` }
  }

  #begin(name: string): Answer {
    const id = randomUUID()
    this.uploads.set(id, { name, parts: new Map() })
    const body = `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
    return { status: 200, body }
  }

  #upload({ method, query, body }: Asked, id: string): Answer {
    const upload = this.uploads.get(id)
    if (!upload) return problem(404, 'NoSuchUpload')
    if (method === 'DELETE') {
      this.uploads.delete(id)
      return { status: 204 }
    }
    if (method === 'PUT') {
      const etag = etagOf(body)
      upload.parts.set(Number(query.get('partNumber')), { data: body, etag })
      return { status: 200, headers: { etag } }
    }
    const wanted = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)<\/ETag>/g)]
    const parts = wanted.map(([, number, etag]) => {
      const part = upload.parts.get(Number(number))
      return part !== undefined && part.etag === etag ? part.data : undefined
    })
    if (parts.length === 0 || parts.includes(undefined)) return problem(400, 'InvalidPart')
    const whole = parts.map((part) => part ?? Buffer.alloc(0))
    if (whole.slice(0, -1).some(({ length }) => length < LEAST_PART_BYTES)) return problem(400, 'EntityTooSmall')
    this.uploads.delete(id)
    this.#put(upload.name, Buffer.concat(whole))
    return { status: 200, body: '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>' }
  }
}

const etagOf = (data: Buffer) => `"${createHash('md5').update(data).digest('hex')}"`

function problem(status: number, code: string): Answer {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>` }
}
