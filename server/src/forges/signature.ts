import { createHmac, timingSafeEqual } from 'node:crypto'

/** `sha256=<hex>` of a body, as GitHub signs its deliveries. */
export function sign(secret: string, body: Buffer | string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** Whether a header carries the right signature; compared in constant time, whatever it holds. */
export function isSignedWith(secret: string, body: Buffer, signature: string): boolean {
  const expected = Buffer.from(sign(secret, body))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
