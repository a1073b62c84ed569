// Choices that look like chance and are the same in every database: SQL expressions made from a hash of a row's number.

const hash = (number: string, salt: number) => `(hashint8extended((${number})::bigint, ${salt}) & 9223372036854775807)`

/** `0` to `count - 1`, each as often; the salt tells apart what is chosen for the same number. */
export function pick(number: string, salt: number, count: number): string {
  return `(${hash(number, salt)} % ${count})::int`
}

/** `0` up to, not including, `1`. */
export function fraction(number: string, salt: number): string {
  return `((${hash(number, salt)} % 1000003) / 1000003.0::float8)`
}

/** One of some words. */
export function oneOf(number: string, salt: number, words: readonly string[]): string {
  return `(array[${words.map(quote).join(',')}])[1 + ${pick(number, salt, words.length)}]`
}

/** One of some words, each so often as its weight says; in a thousand rows each is met that has a weight. */
export function weighted(number: string, salt: number, weights: Record<string, number>): string {
  return oneOf(
    number,
    salt,
    Object.entries(weights).flatMap(([word, weight]) => Array<string>(weight).fill(word)),
  )
}

/** A rank from 1 to `count` (an SQL expression): the first ones very often, the last fifth never. */
export function skewed(number: string, salt: number, count: string): string {
  return `(1 + floor(0.8 * ${count} * power(${fraction(number, salt)}, 3)))::int`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Words that names are made of: each is part of the names of some projects. */
export const WORDS = ['net', 'lib', 'disk', 'mail', 'font', 'audio', 'graph', 'kernel', 'shell', 'text'] as const
