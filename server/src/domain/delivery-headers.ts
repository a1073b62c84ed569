import { createHash } from 'node:crypto'

/** Headers that are kept of a delivery, by name. */
export type KeptHeaders = Record<string, string>

/** What deliveries tell in their headers; signatures, tokens, cookies and the way they came are kept nowhere. */
const KEPT = /^(content-type|user-agent|x-packit-delivery|x-(github|gitlab|gitea|forgejo|gogs|pagure)-[a-z0-9-]+)$/
const SECRET = /signature|token|secret|authorization|password|key/

/** The headers of a delivery without its secrets: what is not known to be harmless is left out. */
export function keptHeaders(headers: Record<string, string | string[] | undefined>): KeptHeaders {
  const kept: KeptHeaders = {}
  for (const [name, value] of Object.entries(headers)) {
    const word = name.toLowerCase()
    if (typeof value === 'string' && KEPT.test(word) && !SECRET.test(word)) kept[word] = value
  }
  return kept
}

/** Where in storage the headers of a delivery lie, from where its body does. */
export function headersKey(payloadKey: string): string {
  return `${payloadKey.replace(/\.json$/, '')}.headers.json`
}

/** Where in storage the body of a delivery lies. */
export function payloadKey(source: string, deliveryId: string): string {
  return `deliveries/${source}/${createHash('sha256').update(deliveryId).digest('hex')}.json`
}
