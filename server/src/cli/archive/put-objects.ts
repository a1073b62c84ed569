import { join } from 'node:path'
import { Readable } from 'node:stream'
import { SetupError } from '../../domain/errors.ts'
import type { Storage } from '../../storage/storage.ts'
import { readSame, Sum } from './files.ts'
import { objectFile } from './manifest.ts'
import type { Publication } from './publications.ts'
import type { StoredObject } from './read-objects.ts'

/**
 * Fills a store. What an import that was broken off has put there stays.
 *
 * @throws {SetupError} when another object has the name of one of the archive, or the archive is damaged
 */
export async function putObjects(
  folder: string,
  objects: readonly StoredObject[],
  publications: readonly Publication[],
  { storage, signal }: { storage: Storage; signal?: AbortSignal | undefined },
): Promise<void> {
  const there = new Set(await storage.list(''))
  for (const object of objects) {
    signal?.throwIfAborted()
    if (there.has(object.key)) await refuseOther(storage, object)
    else {
      const content = readSame(join(folder, objectFile(object.key)), object, objectFile(object.key))
      await storage.put(object.key, Readable.from(content))
    }
  }
  for (const { from, to } of publications) await storage.publish(from, to)
}

async function refuseOther(storage: Storage, { key, sha256 }: StoredObject): Promise<void> {
  const found = await storage.read(key)
  if (!found) return
  const sum = new Sum()
  for await (const _ of sum.of(found.stream));
  if (sum.end().sha256 === sha256) return
  throw new SetupError(`the store holds another ${key} already: nothing is overwritten. Give an empty store.`)
}
