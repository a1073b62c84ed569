import { isReachable } from './srpm/where.ts'

const MOST_REDIRECTS = 5
const REDIRECTS = [301, 302, 303, 307, 308]

/** An address that another system names and that is not fetched. */
export class ToldAddressError extends Error {
  override name = 'ToldAddressError'
}

/**
 * Fetches from an address that the answer of another system names, and from where that redirects to: never from an inner address of
 * our network, unless that system is in such a network itself.
 *
 * @param from  address of the system that names it
 * @param ask   fetches one address and follows no redirect
 * @throws {ToldAddressError} and whatever `ask` throws
 */
export async function fetchTold(url: string, from: string, ask: (url: string) => Promise<Response>): Promise<Response> {
  let next = url
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    checkTold(next, from)
    const response = await ask(next)
    const to = response.headers.get('location')
    if (!REDIRECTS.includes(response.status) || to === null) return response
    await response.body?.cancel()
    next = URL.parse(to, next)?.href ?? to
  }
  throw new ToldAddressError(`${url} redirects more than ${MOST_REDIRECTS} times`)
}

/** @throws {ToldAddressError} */
export function checkTold(url: string, from: string): void {
  const { protocol, origin } = URL.parse(url) ?? {}
  if (protocol !== 'https:' && protocol !== 'http:') throw new ToldAddressError('it is no address of a web server')
  if (!isReachable(url, from)) throw new ToldAddressError(`${origin} is in a network that ${from} is not in`)
}
