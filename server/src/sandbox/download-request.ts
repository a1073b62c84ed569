import dns from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { ConfigError, NotFoundError, UnavailableError } from '../domain/errors.ts'
import { allowedAddresses, bareHost, type NetAllow } from '../domain/net-address.ts'

/** All addresses of a host name; throws as `dns.lookup` does. */
export type Resolve = (host: string) => Promise<string[]>

export interface RequestRules {
  netAllow: NetAllow
  /** Plain http as well as https; default: no. */
  allowHttp?: boolean
  /** Certificates trusted instead of the usual ones, PEM. */
  ca?: string
  /** Instead of the system's resolver, for tests. */
  resolve?: Resolve
}

const MAX_REDIRECTS = 10
const IDLE_MS = 30_000
const RETRY_MS = 60_000

/**
 * The answer (status 200) to a GET of an address that a stranger named. Each hop's host is resolved once, its addresses
 * are checked, and the connection goes to one of the checked addresses: a name that resolves otherwise the next moment
 * gains nothing.
 *
 * @throws {ConfigError} the address is one that isn't fetched, or it leads nowhere
 * @throws {NotFoundError} host or file isn't there
 * @throws {UnavailableError} the server is away, busy or broken
 */
export async function openUrl(asked: string, rules: RequestRules, signal: AbortSignal): Promise<IncomingMessage> {
  let url = checkUrl(asked, rules)
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await get(url, rules, signal)
    const next = findRedirect(answer)
    if (next === undefined) return checkStatus(url, answer)
    answer.destroy()
    url = checkUrl(URL.canParse(next, url.href) ? new URL(next, url).href : next, rules)
  }
  throw new ConfigError(`${asked} redirects more than ${MAX_REDIRECTS} times`)
}

function checkUrl(text: string, { allowHttp = false }: RequestRules): URL {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text
  if (!URL.canParse(text)) throw new ConfigError(`${JSON.stringify(shown)} is no URL that can be downloaded`)
  const url = new URL(text)
  if (url.username || url.password) {
    throw new ConfigError(`${url.host}: a URL with a user name or password is not downloaded`)
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && allowHttp)) return url
  throw new ConfigError(
    `${url.href.slice(0, 200)}: only https is downloaded${url.protocol === 'http:' ? ', no plain http' : ''}`,
  )
}

async function get(url: URL, rules: RequestRules, signal: AbortSignal): Promise<IncomingMessage> {
  const addresses = await findAddresses(url, rules, signal)
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get(url, {
      // a socket of its own: a pooled one may belong to another check
      agent: false,
      lookup: answerWith(addresses),
      headers: { 'user-agent': 'packit-service', 'accept-encoding': 'identity', accept: '*/*' },
      signal,
      timeout: IDLE_MS,
      ...(rules.ca && { ca: rules.ca }),
    })
    request.on('timeout', () => request.destroy(new UnavailableError(`${url.host} has been silent for 30 s`, RETRY_MS)))
    request.on('response', resolve)
    request.on('error', (error) => reject(explain(url, error)))
  })
}

async function findAddresses(url: URL, rules: RequestRules, signal: AbortSignal): Promise<string[]> {
  signal.throwIfAborted()
  const host = bareHost(url.hostname)
  if (isIP(host)) return allowedAddresses(host, [host], rules.netAllow)
  const resolve = rules.resolve ?? resolveHost
  const found = await Promise.race([resolve(host), aborted(signal)]).catch((error) => {
    throw explain(url, error)
  })
  return allowedAddresses(host, found, rules.netAllow)
}

const resolveHost: Resolve = async (host) => (await dns.lookup(host, { all: true })).map(({ address }) => address)

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

function answerWith(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_host, options, callback) => {
    const [first] = all
    if (options.all) callback(null, all)
    else callback(null, first?.address ?? '', first?.family)
  }
}

function findRedirect(answer: IncomingMessage): string | undefined {
  return [301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) ? answer.headers.location : undefined
}

function checkStatus(url: URL, answer: IncomingMessage): IncomingMessage {
  const status = answer.statusCode ?? 0
  if (status === 200) return answer
  answer.destroy()
  const text = `${url.href} answers ${status} ${http.STATUS_CODES[status] ?? ''}`.trimEnd()
  if (status === 429 || status >= 500) throw new UnavailableError(text, RETRY_MS)
  if ([401, 403, 404, 410].includes(status)) throw new NotFoundError(text)
  throw new ConfigError(text)
}

/** An error of the connection in words; our own and the signal's stay as they are. */
export function explain(url: URL, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  const { code } = error
  if (code === 'ABORT_ERR') return error
  if (code === 'ENOTFOUND') return new NotFoundError(`there is no host ${url.hostname}`, { cause: error })
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code)) {
    return new ConfigError(`${url.host} has no certificate that can be trusted (${code})`, { cause: error })
  }
  return new UnavailableError(`${url.host} can't be reached (${code})`, RETRY_MS, { cause: error })
}
