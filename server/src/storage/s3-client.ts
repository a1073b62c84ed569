import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { SetupError, UnavailableError } from '../domain/errors.ts'

export interface S3Options {
  endpoint: string
  region: string
  bucket: string
  accessKey: string
  secretKey: string
  /** Of a key that is lent for a time. */
  sessionToken?: string
  /** How often a request is tried that the store can't answer now, and how long is waited before the second time. */
  tries?: number
  firstWaitMs?: number
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Name of the object; left out: the bucket. */
  name?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Buffer | string
}

/** How long an answer may take to begin. */
const PATIENCE_MS = 60_000
const AWAY_MS = 10_000

/** What an S3-compatible store refuses for good: a wrong key, a bucket that isn't there. The operator can mend it. */
export class S3Error extends SetupError {
  readonly status: number
  readonly code: string
  constructor(request: S3Request, status: number, code: string) {
    super(
      `the store of PACKIT_STORAGE_URL answered ${request.method} ${request.name ?? 'of the bucket'} with ${status} ${code}`,
    )
    this.status = status
    this.code = code
  }
}

/** Sends one request, signed; the answer may be 2xx, 416, and 404 when there is no such object. */
export type SendToS3 = (request: S3Request) => Promise<Response>

/**
 * A client of an S3-compatible store: each request is signed, and repeated with growing waits while the store is busy.
 *
 * It throws `UnavailableError` when the store stays away, and `S3Error` when it refuses.
 */
export function createS3Client(options: S3Options): SendToS3 {
  const { tries = 6, firstWaitMs = 100 } = options
  const signed = new Map<string, ArrayBuffer>()
  return async (request) => {
    let cause: unknown
    for (let attempt = 0; attempt < tries; attempt += 1) {
      // not all at the same time again
      if (attempt > 0) await sleep(firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2))
      try {
        const answer = await sendOnce(options, signed, request)
        if (answer.ok || answer.status === 416) return answer
        const code = findTag(await answer.text(), 'Code') ?? ''
        if (isMissing(request, answer.status, code)) return answer
        const error = new S3Error(request, answer.status, code)
        if (!isPassing(error)) throw error
        cause = error
      } catch (error) {
        if (error instanceof S3Error) throw error
        cause = error
      }
    }
    throw new UnavailableError('the store of logs and packages is away', AWAY_MS, { cause })
  }
}

/** A bucket that is missing is no object that is. */
const isMissing = ({ method, name }: S3Request, status: number, code: string) =>
  status === 404 && name !== undefined && method !== 'PUT' && method !== 'POST' && code !== 'NoSuchBucket'

const isPassing = ({ status, code }: S3Error) =>
  status >= 500 || status === 429 || status === 408 || ['SlowDown', 'RequestTimeout'].includes(code)

async function sendOnce(options: S3Options, cache: Map<string, ArrayBuffer>, request: S3Request): Promise<Response> {
  const { endpoint, region, bucket, accessKey, secretKey, sessionToken } = options
  const { method, name, query = {}, headers = {}, body } = request
  const path = name === undefined ? '' : `/${name.split('/').map(encodeURIComponent).join('/')}`
  const url = new URL(`${endpoint}/${bucket}${path}`)
  // written as it is signed
  url.search = Object.entries(query)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&')
  // the hash of the body stands in a header: that is all the signature needs of it
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers: {
      ...headers,
      'x-amz-content-sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
    },
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service: 's3',
    region,
    cache,
  })
  const { headers: all } = await signer.sign()
  const begun = new AbortController()
  const late = setTimeout(() => begun.abort(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
  try {
    return await fetch(url, {
      method,
      headers: all,
      signal: begun.signal,
      // a signature is good for one host alone, and a token that is lent belongs to no other
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    })
  } finally {
    clearTimeout(late)
  }
}

/** The text of the first element of a name; the answers are flat enough for that. */
export function findTag(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return found === undefined ? undefined : unescapeXml(found)
}

/** The content of each element of a name. */
export function findElements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, content]) => content ?? '')
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16))
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)))
    return ENTITIES[name] ?? whole
  })
}
