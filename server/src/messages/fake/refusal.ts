/** Why a broker closes a channel, or the connection. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: number
  readonly closes: 'channel' | 'connection'
  constructor(code: number, text: string, closes: 'channel' | 'connection' = 'channel') {
    super(text)
    this.code = code
    this.closes = closes
  }
}
