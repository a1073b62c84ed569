import type { Readable } from 'node:stream'

/** A part of a stored object. */
export interface Range {
  /** The bytes of the part. */
  data: Buffer
  /** Offset of the first byte. */
  start: number
  /** Size of the whole object now; it may still grow. */
  size: number
}

/**
 * Logs, artifacts and repositories: a folder, or a store that many machines share. Keys are relative paths of
 * `[A-Za-z0-9._+~^-]` parts; anything else is refused with a `RangeError`.
 */
export interface Storage {
  /** Writes a whole object, replacing an older one in one step. */
  put(key: string, data: Buffer | string | Readable): Promise<void>
  /** Copies a file of this machine in, in one step. */
  putFile(key: string, path: string): Promise<void>
  /**
   * Adds to the end of a log, made if it isn't there; its key ends with `.log`. Appends to one log come from one process at
   * a time, one after the other.
   */
  append(key: string, data: Buffer | string): Promise<void>
  /**
   * Adds to a log that is copied from elsewhere, also by several processes at once: each says where in it `data` begins, and
   * gives the same bytes for the same place. What is stored already stays; behind a gap nothing is added. Nothing else
   * writes that log.
   *
   * @returns the size of the log now, from where the next copy goes on
   */
  extend(key: string, start: number, data: Buffer): Promise<number>
  /** Bytes from `start`, at most `length`; a negative `start` counts from the end. `undefined` if there is no such object. */
  range(key: string, start: number, length: number): Promise<Range | undefined>
  /** The object as a stream, or `undefined`. */
  read(key: string): Promise<{ stream: Readable; size: number } | undefined>
  /** Keys below a prefix (a folder), sorted; `''` = all. What `publish` shows is not among them. */
  list(prefix: string): Promise<string[]>
  /** Removes an object or everything below a prefix; nothing happens if there is none. */
  delete(key: string): Promise<void>
  /** A path on this machine from which the object can be read (a copy, where the store is elsewhere). */
  localPath(key: string): Promise<string>
  /** Makes the folder `from` visible as `to` too, in one step and instead of what `to` showed before; `from` stays. */
  publish(from: string, to: string): Promise<void>
}
