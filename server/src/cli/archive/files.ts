import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SetupError } from '../../domain/errors.ts'
import type { FileSum } from './manifest.ts'

/** Counts what passes. */
export class Sum {
  readonly #hash = createHash('sha256')
  #bytes = 0
  /** Line feeds, which are rows in PostgreSQL's text format. */
  lines = 0

  async *of(chunks: AsyncIterable<Buffer>, countsLines = false): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#hash.update(chunk)
      this.#bytes += chunk.length
      if (countsLines) for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) this.lines += 1
      yield chunk
    }
  }

  end(): FileSum {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }
}

/** Writes a file that must not be there yet, for its owner alone, to the disk. */
export async function writeNew(path: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await using file = await open(path, 'wx', 0o600)
  await pipeline(Readable.from(chunks), file.createWriteStream({ flush: true }))
}

/** A file's content; throws at its end when it is not what was written. */
export async function* readSame(path: string, expected: FileSum, what: string): AsyncGenerator<Buffer> {
  const sum = new Sum()
  try {
    yield* sum.of(createReadStream(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new SetupError(`the archive is not complete: ${what} is missing`)
  }
  const found = sum.end()
  if (found.bytes !== expected.bytes) {
    throw new SetupError(`the archive is damaged: ${what} has ${found.bytes} bytes instead of ${expected.bytes}`)
  }
  if (found.sha256 !== expected.sha256) {
    throw new SetupError(`the archive is damaged: ${what} is not what was written there`)
  }
}

/** Reads a file to its end only to see that it is what was written. */
export async function checkSame(path: string, expected: FileSum, what: string): Promise<void> {
  for await (const _ of readSame(path, expected, what));
}
