const PART = /^[A-Za-z0-9._+~^-]+$/

/**
 * The parts of a key; a key never leads out of the store.
 *
 * @throws {RangeError} when it is none
 */
export function checkKey(key: string): string[] {
  const parts = key.split('/')
  for (const part of parts) {
    if (!PART.test(part) || part === '.' || part === '..')
      throw new RangeError(`not a storage key: ${JSON.stringify(key)}`)
  }
  return parts
}

/** The key of a log: nothing else grows. */
export function checkLog(key: string): string {
  if (!key.endsWith('.log')) throw new RangeError(`nothing can be added to ${JSON.stringify(key)}: it is no log`)
  return key
}
