// The API on a database that was imported from a source.
import { Readable } from 'node:stream'
import { type ImportOptions, runImport } from '../../src/db/import/run-import.ts'
import { type Api, createApi } from '../api-world.ts'
import type { DatabaseKind } from '../database.ts'
import { createSource, type TestSource } from './embedded-source.ts'

export const IMPORTED_AT = new Date('2026-11-01T00:00:00Z')

export interface ImportWorld extends AsyncDisposable {
  api: Api
  source: TestSource
  /** Runs the import once more. */
  run(options?: Partial<ImportOptions>): ReturnType<typeof runImport>
}

/** An empty service and the source with the hard rows; nothing is imported yet. `now` is the clock of the service. */
export async function createImport(kind: DatabaseKind = 'embedded', now?: () => Date): Promise<ImportWorld> {
  const api = await createApi({ kind, empty: true, publicUrl: 'https://packit.example', deps: now ? { now } : {} })
  const source = await createSource()
  return {
    api,
    source,
    run: (options = {}) =>
      runImport(api.database, {
        source,
        now: IMPORTED_AT,
        put: (key, text) => api.storage.put(key, typeof text === 'string' ? text : Readable.from(text)),
        ...options,
      }),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]()
      await source[Symbol.asyncDispose]()
    },
  }
}
