import { createReadStream } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import type { Storage } from '../../../storage/storage.ts'
import { SOURCE } from './messages.ts'
import {
  type FakeBuild,
  type FakeChroot,
  type FakeSource,
  hasEnded,
  paddedId,
  resultFolder,
  type State,
} from './state.ts'

/** How the log of an ended task is served: the public server compresses it and leads the plain name to that. */
export type LogStyle = 'gzip' | 'gzip-encoded' | 'plain'

export interface Results {
  state: State
  logStyle: LogStyle
  /** Packages and metadata of real builds. */
  storage: Storage | undefined
}

const LOG = /^(builder-live|backend)\.log(\.gz)?$/
const NOT_FOUND = '<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>\n'

/** Serves what lies below `/results/`. */
export async function serveResults(
  results: Results,
  path: string,
  response: ServerResponse,
  range?: string,
): Promise<void> {
  const [owner = '', dirname = '', chroot = '', ...rest] = path.split('/').map((part) => decodeURIComponent(part))
  const project = results.state.findProject(owner, dirname.split(':')[0] ?? '')
  if (!project) return void notFound(response)
  const folder = rest[0] ?? ''
  const found = results.state.builds.get(Number(/^\d{8,}(?=-|$)/.exec(folder)?.[0] ?? Number.NaN))
  const build =
    found?.project === project && found.dirname === dirname && isFolderOf(found, chroot, folder) ? found : undefined
  if (build) return serveTask(results, build, chroot, rest[1] ?? '', { range, response })
  const key = `${repositoryKey(owner, dirname, chroot)}/${rest.join('/')}`
  if (results.storage && rest.length > 0) return serveStored(results.storage, key, response)
  // packages that nobody really built are in a repository that holds none
  if (rest.join('/') === 'repodata/repomd.xml' && project.chroots.has(chroot))
    return void response.writeHead(200, { 'content-type': 'text/xml' }).end('<repomd/>\n')
  return void notFound(response)
}

function isFolderOf(build: FakeBuild, chroot: string, folder: string): boolean {
  return folder === (chroot === SOURCE ? paddedId(build.id) : resultFolder(build))
}

/** Where the repository of a chroot is kept: names of owners are wider than those of storage. */
export function repositoryKey(owner: string, dirname: string, chroot: string): string {
  return ['results', owner.replace('@', 'group_'), dirname.replaceAll(':', '+'), chroot].join('/')
}

async function serveTask(
  results: Results,
  build: FakeBuild,
  chroot: string,
  file: string,
  { range, response }: Exchange,
): Promise<void> {
  const task: FakeSource | FakeChroot | undefined =
    chroot === SOURCE ? build.source : build.chroots.find(({ name }) => name === chroot)
  if (!task || task.startedOn === null) return void notFound(response)
  if (LOG.test(file)) return void serveLog(results.logStyle, task, file, { range, response })
  if (!('files' in task)) {
    // the SRPM, under whatever name
    const data = file.endsWith('.src.rpm') ? build.srpm?.data : undefined
    return data ? void response.writeHead(200, { 'content-type': 'application/x-rpm' }).end(data) : notFound(response)
  }
  if (file === 'success' && task.state === 'succeeded') return void response.writeHead(200).end('done\n')
  if (file === 'results.json' && task.state === 'succeeded')
    return void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ packages: task.packages }))
  const key = task.files.get(file)
  return key && results.storage ? serveStored(results.storage, key, response) : notFound(response)
}

/** As web servers do: all of it, or the part that was asked for as far as it is there. */
function servePlain(log: Buffer, range: string | undefined, response: ServerResponse): void {
  const type = { 'content-type': 'text/plain' }
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  if (first === undefined) return void response.writeHead(200, type).end(log)
  const start = Number(first)
  const end = Math.min(log.length, last ? Number(last) + 1 : log.length)
  if (start >= log.length)
    return void response.writeHead(416, { ...type, 'content-range': `bytes */${log.length}` }).end()
  const headers = { ...type, 'content-range': `bytes ${start}-${end - 1}/${log.length}` }
  response.writeHead(206, headers).end(log.subarray(start, end))
}

interface Exchange {
  range: string | undefined
  response: ServerResponse
}

function serveLog(style: LogStyle, task: FakeSource | FakeChroot, file: string, { range, response }: Exchange): void {
  const isPacked = hasEnded(task.state) && style !== 'plain'
  const wantsPacked = file.endsWith('.gz')
  if (isPacked && !wantsPacked) return void response.writeHead(302, { location: `${file}.gz` }).end()
  if (!isPacked && wantsPacked) return void notFound(response)
  if (!isPacked) return void servePlain(Buffer.from(task.log), range, response)
  const headers =
    style === 'gzip-encoded'
      ? { 'content-type': 'text/plain', 'content-encoding': 'gzip' }
      : { 'content-type': 'application/gzip' }
  response.writeHead(200, headers).end(gzipSync(task.log))
}

async function serveStored(storage: Storage, key: string, response: ServerResponse): Promise<void> {
  const size = /^[\w./+~^-]+$/.test(key) ? (await storage.range(key, 0, 0))?.size : undefined
  if (size === undefined) return void notFound(response)
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': String(size) })
  await pipeline(createReadStream(await storage.localPath(key)), response)
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/html' }).end(NOT_FOUND)
}
