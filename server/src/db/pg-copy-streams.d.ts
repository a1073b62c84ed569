// The part of pg-copy-streams that is used here; it has no types of its own.
declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream'
  import type { Submittable } from 'pg'

  /** The rows of a `COPY … TO STDOUT`, as bytes. */
  export function to(statement: string): Readable & Submittable
  /** Takes the bytes of a `COPY … FROM STDIN`. */
  export function from(statement: string): Writable & Submittable
}
