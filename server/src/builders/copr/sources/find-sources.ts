import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { UnavailableError } from '../../../domain/errors.ts'
import { SRPM_FILE } from '../../../domain/srpm/step.ts'
import { hasEnded } from '../../../domain/status.ts'
import { fetchTold, ToldAddressError } from '../../../domain/told-address.ts'
import type { FoundSources } from '../../builder.ts'
import type { CoprBuild, CoprSource } from '../answers.ts'
import type { CoprClient } from '../client.ts'
import { fetchLog, type LogDeps } from '../logs.ts'
import { toState } from '../states.ts'

export interface SourceDeps extends LogDeps {
  client: CoprClient
  /** A larger SRPM is none that we keep. */
  mostSrpmBytes: number
}

const RETRY_MS = 15_000
const TIMEOUT_MS = 10 * 60_000

/** How the SRPM of a build stands; see `SourceBuilder.find`. */
export async function findSources(
  buildId: string,
  into: { log: string; folder: string },
  deps: SourceDeps,
): Promise<FoundSources | undefined> {
  const build = await deps.client.findBuild(buildId)
  if (!build) return undefined
  const source = await deps.client.findSourceChroot(buildId)
  const found = judge(build, source)
  if (!hasEnded(found.state)) return found
  if (source?.resultUrl) found.hasLog = await keepLog(buildId, source.resultUrl, into.log, deps)
  return found.state === 'success' ? keepSrpm(buildId, found, into.folder, deps) : found
}

/** While Copr can't say where the sources are, they have not begun. */
function judge(build: CoprBuild, source: CoprSource | undefined): FoundSources {
  const logsUrl = source?.resultUrl ? { logsUrl: `${source.resultUrl}builder-live.log` } : {}
  // a step that was cancelled ends like one that failed
  if (build.state === 'canceled') return { state: 'canceled', reason: 'the build was cancelled in Copr', ...logsUrl }
  // one that never got a folder for its results is never told of; one that has an SRPM did not fail
  if (!source) return { state: build.state === 'failed' && build.sourceUrl === null ? 'failure' : 'pending' }
  return { state: toState(source.state) ?? 'running', ...logsUrl }
}

async function keepLog(buildId: string, folder: string, key: string, deps: SourceDeps): Promise<boolean> {
  try {
    return (await fetchLog(folder, key, deps)) !== undefined
  } catch (error) {
    throw unreadable(`the log of the sources of build ${buildId}`, error)
  }
}

/** The builds of a run that are yet to come get the very same file. */
async function keepSrpm(buildId: string, found: FoundSources, folder: string, deps: SourceDeps): Promise<FoundSources> {
  // asked anew: an older answer may have come before the sources were there
  const url = (await deps.client.findBuild(buildId))?.sourceUrl
  if (!url) return { ...found, state: 'running' }
  const name = decodeName(new URL(url).pathname.split('/').at(-1) ?? '')
  if (!SRPM_FILE.test(name)) return { ...found, state: 'error', reason: `Copr calls the SRPM ${JSON.stringify(name)}` }
  const key = `${folder}/${name}`
  try {
    const problem = await copy(url, key, deps)
    if (problem) return { ...found, state: 'error', reason: problem }
  } catch (error) {
    if (error instanceof ToldAddressError)
      return { ...found, state: 'error', reason: `The SRPM is not fetched: ${error.message}` }
    throw unreadable(`the SRPM of build ${buildId}`, error)
  }
  return { ...found, srpm: { key, nvr: name.replace(/\.src\.rpm$/, '') } }
}

/** One that is no text percent-encoded is as it is. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

class TooLarge extends Error {
  override name = 'TooLarge'
}

/** @returns why there is no SRPM to be had, in words; `undefined` when it is there now */
async function copy(url: string, key: string, deps: SourceDeps): Promise<string | undefined> {
  const { storage, mostSrpmBytes, coprUrl } = deps
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetchTold(url, coprUrl, (at) => fetch(at, { signal, redirect: 'manual' }))
  if (response.status === 404 || response.status === 410) {
    await response.body?.cancel()
    return `Copr does not have the SRPM any more: ${url}`
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel()
    throw new Error(`${url} answers ${response.status}`)
  }
  let bytes = 0
  async function* metered(body: AsyncIterable<Buffer>) {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > mostSrpmBytes) throw new TooLarge()
      yield chunk
    }
  }
  try {
    await storage.put(key, Readable.from(metered(Readable.fromWeb(response.body as ReadableStream))))
    return undefined
  } catch (error) {
    if (error instanceof TooLarge) return 'the SRPM is larger than the limit (PACKIT_BUILD_DISK)'
    throw error
  }
}

/** Results are on another server than the builds: that it is away says nothing of Copr. */
function unreadable(what: string, cause: unknown): UnavailableError {
  return new UnavailableError(`${what} can't be read from Copr now`, RETRY_MS, {
    ...{ cause, isBusy: true, hasDeadline: false },
  })
}
