import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const text = (value: string) => {
  if (!value) throw new Error('it is empty')
  return value
}

/** A PEM key; line ends may be written as `\\n`, as systems do that keep secrets in one line. */
export function privateKey(value: string): string {
  const pem = value.replaceAll('\\n', '\n')
  try {
    if (createPrivateKey(pem).asymmetricKeyType !== 'rsa') throw new Error('it is no RSA key')
  } catch (error) {
    throw new Error(
      (error as Error).message.startsWith('it is') ? (error as Error).message : 'it can not be read as a key',
    )
  }
  return pem
}

/** The text of a file with certificates or a key. */
export function pemFile(path: string): string {
  const pem = readFileSync(path, 'utf8')
  if (!pem.includes('-----BEGIN ')) throw new Error('it holds no certificate or key in PEM form')
  return pem
}

export function optional<T>(parse: (value: string) => T) {
  return (value: string): T | undefined => (value === '' ? undefined : parse(value))
}

export function list<T>(parse: (value: string) => T) {
  return (value: string): T[] =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map(parse)
}

/** What is expected stands in the setting: a reason would say it twice. */
export function integer(min: number, max: number) {
  return (value: string): number => {
    if (!/^\d{1,9}$/.test(value)) throw new Error('')
    const number = Number(value)
    if (number < min || number > max) throw new Error('')
    return number
  }
}

export function oneOf<const T extends string>(...words: T[]) {
  return (value: string): T => {
    const found = words.find((word) => word === value)
    if (found === undefined) throw new Error('')
    return found
  }
}

export function pattern(form: RegExp) {
  return (value: string): string => {
    if (!form.test(value)) throw new Error('')
    return value
  }
}

export function url(...protocols: string[]) {
  return (value: string): string => {
    const parsed = new URL(value)
    if (!protocols.includes(parsed.protocol)) throw new Error(`it must begin with ${protocols[0]}//`)
    return value
  }
}

/** `undefined` for the word `off`. */
export function unlessOff<T>(parse: (value: string) => T) {
  return (value: string): T | undefined => (value === 'off' ? undefined : parse(value))
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const

/** `90s`, `30m`, `2h` → milliseconds. */
export function duration(value: string): number {
  const [, number, unit] = value.match(/^(\d{1,6})([smh])$/) ?? []
  if (!number || !Number(number)) throw new Error('')
  return Number(number) * UNITS[unit as keyof typeof UNITS]
}

/** As `duration`; `0` is none. */
export function durationOrNone(value: string): number {
  return value === '0' ? 0 : duration(value)
}

const SIZES = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 } as const

/** `512M`, `4G` → bytes. */
export function size(value: string): number {
  const [, number, unit] = value.match(/^(\d{1,6})([KMGT])$/) ?? []
  if (!number || !Number(number)) throw new Error('')
  return Number(number) * SIZES[unit as keyof typeof SIZES]
}

export type StorageUrl =
  | { kind: 'folder'; dir: string }
  | { kind: 's3'; bucket: string; prefix: string; endpoint: string; region: string }

/** `file:///folder`, or `s3://bucket/prefix?endpoint=…&region=…`, whose endpoint may be left out for Amazon's. */
export function storageUrl(value: string): StorageUrl {
  const parsed = new URL(value)
  if (parsed.protocol === 'file:') {
    if (parsed.host || parsed.pathname === '/') throw new Error('it must name a folder of this machine')
    return { kind: 'folder', dir: fileURLToPath(parsed) }
  }
  if (parsed.protocol !== 's3:') throw new Error('it must begin with file:/// or s3://')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(parsed.host)) throw new Error('it must name a bucket')
  const prefix = parsed.pathname.replace(/^\/+|\/+$/g, '')
  if (prefix && !prefix.split('/').every((part) => /^[A-Za-z0-9._+~^-]+$/.test(part) && !/^\.{1,2}$/.test(part)))
    throw new Error('its prefix may hold letters, digits and ._+~^- only')
  const region = parsed.searchParams.get('region') || 'us-east-1'
  const endpoint = parsed.searchParams.get('endpoint') || `https://s3.${region}.amazonaws.com`
  url('https:', 'http:')(endpoint)
  return { kind: 's3', bucket: parsed.host, prefix, endpoint: endpoint.replace(/\/+$/, ''), region }
}
