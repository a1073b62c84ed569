import { DeliveryError } from './forge-event.ts'

/** Reads fields of a JSON body of a stranger; what is missing or wrong is named by its path. */
export class Fields {
  readonly #value: Record<string, unknown>
  readonly #path: string

  /** @throws {DeliveryError} when `value` is not an object */
  constructor(value: unknown, path = '') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new DeliveryError(`${path || 'the body'} must be a JSON object`)
    }
    this.#value = value as Record<string, unknown>
    this.#path = path
  }

  object(key: string): Fields {
    return new Fields(this.#value[key], this.#at(key))
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null
  }

  /** A text without control characters, at most `max` characters (longer ones are cut); not empty. */
  text(key: string, max = 1000): string {
    const value = this.#value[key]
    if (typeof value !== 'string' || value.trim() === '')
      throw new DeliveryError(`${this.#at(key)} must be a text that is not empty`)
    return value.replace(/\0/g, '').slice(0, max)
  }

  optionalText(key: string, max = 1000): string | null {
    return this.has(key) && this.#value[key] !== '' ? this.text(key, max) : null
  }

  /** The address of a page for people, which others are given as a link; no password in it. */
  page(key: string): URL {
    const value = this.text(key)
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
      throw new DeliveryError(`${this.#at(key)} must be an http or https address without a password`)
    return url
  }

  optionalPage(key: string): string | null {
    return this.has(key) && this.#value[key] !== '' ? this.page(key).href : null
  }

  /** A commit hash: 40 or 64 hexadecimal digits. */
  sha(key: string): string {
    const value = this.text(key)
    if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value))
      throw new DeliveryError(`${this.#at(key)} must be a full commit hash (40 hexadecimal digits)`)
    return value
  }

  optionalSha(key: string): string | null {
    return this.has(key) ? this.sha(key) : null
  }

  integer(key: string): number {
    const value = this.#value[key]
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw new DeliveryError(`${this.#at(key)} must be a whole number`)
    return value
  }

  /** An instant in ISO 8601, as ms since 1970. */
  instant(key: string): number {
    const ms = Date.parse(this.text(key))
    if (Number.isNaN(ms)) throw new DeliveryError(`${this.#at(key)} must be a time such as 2026-11-24T12:00:00Z`)
    return ms
  }

  /** A list of at most `max` objects; none when the field is missing. */
  objects(key: string, max = 1000): Fields[] {
    return this.#list(key, max).map((item, i) => new Fields(item, `${this.#at(key)}[${i}]`))
  }

  /** A list of texts; none when the field is missing. */
  texts(key: string): string[] {
    return this.#list(key).map((item) => {
      if (typeof item !== 'string') throw new DeliveryError(`${this.#at(key)} must be a list of texts`)
      return item
    })
  }

  #list(key: string, max = 1000): unknown[] {
    const value = this.#value[key] ?? []
    if (!Array.isArray(value) || value.length > max)
      throw new DeliveryError(`${this.#at(key)} must be a list of at most ${max} items`)
    return value
  }

  boolean(key: string): boolean {
    const value = this.#value[key] ?? false
    if (typeof value !== 'boolean') throw new DeliveryError(`${this.#at(key)} must be true or false`)
    return value
  }

  /** A git ref name that is safe to hand to git. */
  ref(key: string): string {
    const value = this.text(key, 500)
    if (value.startsWith('-') || /[\s\x00-\x1f\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.lock$|\/$/.test(value)) {
      throw new DeliveryError(`${this.#at(key)} is not a name git accepts for a branch or tag`)
    }
    return value
  }

  #at(key: string): string {
    return this.#path ? `${this.#path}.${key}` : key
  }
}
