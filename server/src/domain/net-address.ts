import ipaddr from 'ipaddr.js'
import { ConfigError, SetupError } from './errors.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** One thing that the operator opened with `PACKIT_NET_ALLOW`, beside the public Internet: a network, or a host. */
export type AddressRule =
  | { kind: 'range'; base: Address; bits: number }
  /** Lower case; `*.example.org` stands for every name below `example.org`. A named host may have any address. */
  | { kind: 'host'; pattern: string }

/** All that is opened. */
export type NetAllow = readonly AddressRule[]

/** Nothing but the public Internet. */
export const PUBLIC_ONLY: NetAllow = []

const HOST = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*$/

/**
 * Reads `PACKIT_NET_ALLOW`: entries separated by commas or blanks.
 *
 * @throws {SetupError} naming the entry that can't be read
 */
export function parseNetAllow(text: string): NetAllow {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseAddressRule)
}

/**
 * Reads an entry of `PACKIT_NET_ALLOW`: a network (`10.0.0.0/8`, `fd00::/8`), an address (`127.0.0.1`, `::1`) or a host
 * name (`git.lan`, `*.lan`).
 *
 * @throws {SetupError} naming the entry that is none of these
 */
export function parseAddressRule(text: string): AddressRule {
  const range = parseRange(text)
  if (range) return range
  const pattern = text.toLowerCase()
  if (isHostPattern(pattern)) return { kind: 'host', pattern }
  throw new SetupError(`'${text}' is no network (10.0.0.0/8), address (10.0.0.1) or host name (git.lan)`)
}

/** Whether a host is opened by its name, so that its addresses don't matter. */
export function isOpenHost(host: string, allow: NetAllow): boolean {
  return allow.some((rule) => rule.kind === 'host' && matchesHost(host, rule.pattern))
}

/** Whether a host is the one that `pattern` names, or lies below `*.` and it. */
export function matchesHost(host: string, pattern: string): boolean {
  const name = bareHost(host)
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern
}

/** Whether `text` can be a host name, or `*.` and one. All-digit names are refused: resolvers read them as addresses. */
export function isHostPattern(text: string): boolean {
  return text.length <= 253 && HOST.test(text) && !/^[\d.]+$/.test(text)
}

/** A host as it is compared: lower case, no brackets of IPv6, no dot at the end. */
export function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
}

/**
 * Why an address must not be connected to, in words that follow "10.0.0.1 is"; `undefined` when it may be.
 * What can't be read as an address is refused.
 */
export function findRefusal(address: string, allow: NetAllow): string | undefined {
  const parsed = parseAddress(address)
  if (!parsed) return 'not an address'
  if (isOpened(parsed, allow)) return undefined
  const inner = parsed instanceof ipaddr.IPv6 ? embeddedIpv4(parsed) : undefined
  if (!inner) return parsed instanceof ipaddr.IPv6 ? refuseIpv6(parsed) : refuseIpv4(parsed)
  if (isOpened(inner, allow)) return undefined
  const refusal = refuseIpv4(inner)
  return refusal && `${refusal} (${inner.toString()}) in IPv6 clothes`
}

/**
 * Those of a host's addresses that may be connected to, in their order.
 *
 * @param addresses  what the host resolves to; the address itself where the host is one
 * @returns          never empty
 * @throws           {AddressRefused} when none is allowed
 */
export function allowedAddresses(host: string, addresses: readonly string[], allow: NetAllow): string[] {
  if (isOpenHost(host, allow)) return [...addresses]
  const allowed = addresses.filter((address) => findRefusal(address, allow) === undefined)
  if (allowed.length > 0) return allowed
  const [first] = addresses
  if (first === undefined) throw new AddressRefused(`${host} has no address`)
  const which = bareHost(host) === first ? first : `${host} has the address ${first}, which`
  throw new AddressRefused(
    `${which} is ${findRefusal(first, allow)}: this service connects to public addresses only, and to what its operator opens with PACKIT_NET_ALLOW`,
  )
}

/** A host whose addresses are not for strangers to ask for; the message is shown as it is. */
export class AddressRefused extends ConfigError {
  override name = 'AddressRefused'
}

const IPV4_WORDS: Partial<Record<string, string>> = {
  unspecified: 'an address of no machine',
  broadcast: 'a broadcast address',
  multicast: 'a multicast address',
  linkLocal: 'a link-local address',
  loopback: 'an address of this machine itself',
  carrierGradeNat: 'an address inside a carrier network',
  private: 'a private address',
}

function refuseIpv4(address: Address): string | undefined {
  const text = address.toString()
  if (METADATA.has(text)) return 'the metadata service of a cloud'
  const range = address.range()
  return range === 'unicast' ? undefined : (IPV4_WORDS[range] ?? 'a reserved address')
}

/** Besides the link-local ones: a public address (Azure), and those in reserved or private ranges, for a better message. */
const METADATA = new Set(['169.254.169.254', '168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254'])

const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

function refuseIpv6(address: ipaddr.IPv6): string | undefined {
  if (METADATA.has(address.toString())) return 'the metadata service of a cloud'
  const range = address.range()
  if (range === 'uniqueLocal') return 'a private address'
  if (range === '6to4' || range === 'teredo') return 'a tunnel to an IPv4 address'
  if (IPV4_WORDS[range]) return IPV4_WORDS[range]
  if (range !== 'unicast' || !address.match(GLOBAL_UNICAST) || isIsatap(address)) return 'a reserved address'
  return undefined
}

/** `…:0:5efe:a.b.c.d` (RFC 5214): a tunnel that leads to any IPv4 address behind it. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200)
}

const CARRIERS: [ipaddr.IPv6, number][] = [
  [ipaddr.IPv6.parse('::ffff:0:0'), 96],
  [ipaddr.IPv6.parse('::ffff:0:0:0'), 96],
  // NAT64, RFC 6052: how a machine with IPv6 alone reaches the rest of the Internet, so it can't be refused as a whole
  [ipaddr.IPv6.parse('64:ff9b::'), 96],
]

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (!CARRIERS.some((range) => address.match(range))) return undefined
  return new ipaddr.IPv4(address.toByteArray().slice(12))
}

function isOpened(address: Address, allow: NetAllow): boolean {
  return allow.some((rule) => {
    return rule.kind === 'range' && rule.base.kind() === address.kind() && address.match([rule.base, rule.bits])
  })
}

/** Only the plain spellings: `0x7f.1` or `2130706433` are addresses to some resolvers and names to others. */
function parseAddress(text: string): Address | undefined {
  const bare = bareHost(text)
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare)
  // `::8.8.8.8` (IPv4-compatible, RFC 4291) is long out of use, and the library reads it as `::ffff:8.8.8.8`
  if (/^::\d+\./.test(bare)) return undefined
  return bare.includes(':') && ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.parse(bare) : undefined
}

function parseRange(text: string): AddressRule | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const base = parseAddress(address)
  if (!base || rest.length > 0) return undefined
  const most = base.kind() === 'ipv4' ? 32 : 128
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined
  const bits = length === undefined ? most : Number(length)
  return bits <= most ? { kind: 'range', base, bits } : undefined
}
