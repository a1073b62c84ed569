import { lookup } from 'node:dns/promises'
import { findRefusal, PUBLIC_ONLY } from '../../domain/net-address.ts'
import { reasonOf } from './setup/convert.ts'

/** How the address looks from here at which GitHub shall reach the service. */
export type Reach =
  | { state: 'unset' }
  /** All its addresses are of this machine, or of a network that is not public. */
  | { state: 'private'; url: string }
  | { state: 'silent'; url: string; why: string }
  | { state: 'ok'; url: string }

const TIMEOUT_MS = 5000

/** Looks the public address up, and asks it whether it is this service. From outside it may look otherwise. */
export async function checkReach(
  publicUrl: string | undefined,
  { fetcher = fetch, resolve = resolveHost }: { fetcher?: typeof fetch; resolve?: typeof resolveHost } = {},
): Promise<Reach> {
  if (publicUrl === undefined) return { state: 'unset' }
  const url = publicUrl
  try {
    const addresses = await resolve(new URL(url).hostname)
    const response = await fetcher(`${url}/api/healthz`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    })
    const body = await response.text()
    if (!response.ok) return { state: 'silent', url, why: `it answers ${response.status}` }
    if (!body.includes('We are healthy!')) return { state: 'silent', url, why: 'something else answers there' }
    return addresses.some((address) => findRefusal(address, PUBLIC_ONLY) === undefined)
      ? { state: 'ok', url }
      : { state: 'private', url }
  } catch (error) {
    return { state: 'silent', url, why: reasonOf(error) }
  }
}

async function resolveHost(host: string): Promise<string[]> {
  const found = await lookup(host.replace(/^\[|\]$/g, ''), { all: true })
  return found.map(({ address }) => address)
}

/** What is wrong with how GitHub reaches us, and what to do; `undefined` when nothing is. */
export function reachProblem(reach: Reach, isGithubCom: boolean): { what: string; advice: string } | undefined {
  const advice = 'Set PACKIT_PUBLIC_URL to the https address at which GitHub reaches the service, and start it again.'
  if (reach.state === 'unset') return { what: 'No public address is set: GitHub can deliver nothing here.', advice }
  if (reach.state === 'silent') {
    return {
      what: `${reach.url} is not answered by this service: ${reach.why}.`,
      advice: `Look at the proxy and at the name's address; ${reach.url}/api/healthz must answer. ${advice}`,
    }
  }
  if (reach.state === 'private' && isGithubCom) {
    return {
      what: `${reach.url} has no public address, as seen from here: github.com can deliver nothing there.`,
      advice,
    }
  }
  return undefined
}
