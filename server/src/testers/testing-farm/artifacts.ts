import { readText } from '../../domain/bounded-text.ts'
import type { TestCaseResult } from '../../domain/test-result.ts'
import { fetchTold } from '../../domain/told-address.ts'
import { readResults } from '../read-results.ts'
import { MAX_XML_BYTES } from '../results-xml.ts'
import type { FarmRequest } from './protocol.ts'

const TIMEOUT_MS = 20_000

/**
 * The results of a request; null as long as there are none: they come while it runs, later than its end, or never. A file
 * that can't be read counts as none, and `warn` is told of it.
 *
 * @param from  address of the Testing Farm that tells of them
 */
export async function fetchResults(
  request: FarmRequest,
  from: string,
  warn: (line: string) => void,
): Promise<TestCaseResult[] | null> {
  const url = request.xunitUrl ?? (request.artifacts === null ? null : `${request.artifacts}/results.xml`)
  try {
    const xml = request.xunit ?? (url === null ? undefined : await fetchText(url, from))
    if (xml === undefined || xml.trim() === '') return null
    return await readResults(xml, url ?? undefined)
  } catch (error) {
    warn(`results of Testing Farm's request ${request.id}: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

/** Without our token: artifacts are public, and lie on another host. */
async function fetchText(url: string, from: string): Promise<string | undefined> {
  const headers = { accept: 'application/xml, text/xml', 'user-agent': 'packit-service' }
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetchTold(url, from, (at) => fetch(at, { headers, signal, redirect: 'manual' }))
  if (response.ok) return readText(response.body, MAX_XML_BYTES)
  await response.body?.cancel()
  if (response.status === 404 || response.status === 403 || response.status === 410) return undefined
  throw new Error(`${url} answered ${response.status}`)
}
