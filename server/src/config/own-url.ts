import type { Config } from './types.ts'

/** A host as it stands in an address: IPv6 ones in brackets, and `0.0.0.0` as this machine. */
export function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** Where this service is reached, without a slash at the end: by others, or by this machine alone where nothing else is said. */
export function ownUrlOf({ publicUrl, host, port }: Pick<Config, 'publicUrl' | 'host' | 'port'>): string {
  return publicUrl ?? `http://${hostInUrl(host)}:${port}`
}
