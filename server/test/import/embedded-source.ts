// A Packit Service database to import from: embedded, as a source that tests can fill, change and read in any place.
import { readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import type { Source } from '../../src/db/import/source.ts'
import { SOURCE_ROWS } from './source-rows.ts'

const SCHEMA = new URL('source-schema.sql', import.meta.url)

export interface TestSource extends Source, AsyncDisposable {
  exec(statements: string): Promise<void>
}

/** The statements that make the tables of a source. */
export const readSourceSchema = () => readFile(SCHEMA, 'utf8')

/** Made once a process: loading takes a tenth of the time. */
const dumps: { empty?: Promise<Blob>; full?: Promise<Blob> } = {}

async function dumpSource(empty: boolean): Promise<Blob> {
  const pglite = await PGlite.create()
  await pglite.exec(await readSourceSchema())
  for (const statement of empty ? [] : SOURCE_ROWS) await pglite.exec(statement)
  const dump = await pglite.dumpDataDir('none')
  await pglite.close()
  return dump
}

/** A source with the hard rows, or with none. */
export async function createSource({ empty = false, name = 'old.example:5432/packit' } = {}): Promise<TestSource> {
  const kind = empty ? 'empty' : 'full'
  dumps[kind] ??= dumpSource(empty)
  const pglite = await PGlite.create({ loadDataDir: await dumps[kind] })
  return {
    name,
    exec: async (statements) => void (await pglite.exec(statements)),
    query: async <Row>(statement: string, values: unknown[] = []) => (await pglite.query<Row>(statement, values)).rows,
    async *copyOut(select) {
      const { blob } = await pglite.query(`copy (${select}) to '/dev/blob'`)
      const bytes = Buffer.from(await (blob ?? new Blob([])).arrayBuffer())
      // chunks end anywhere, as those of a network do
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
    },
    close: async () => {},
    [Symbol.asyncDispose]: () => pglite.close(),
  }
}
