import { join } from 'node:path'
import { Readable } from 'node:stream'
import pg from 'pg'
import { startCluster } from '../../server/src/cli/postgres-cluster.ts'
import { runImport } from '../../server/src/db/import/run-import.ts'
import { openSource } from '../../server/src/db/import/source.ts'
import { openEmbedded, openPostgres } from '../../server/src/db/open.ts'
import { openFolderStorage } from '../../server/src/storage/folder.ts'
import { readSourceSchema } from '../../server/test/import/embedded-source.ts'
import { sourceRows } from '../import-source.ts'
import { type Case, openFolder, Samples } from '../measure.ts'

const EVENTS = { postgres: 60_000, embedded: 6_000 } as const

/** How fast a Packit Service database is imported, and how long a second run takes that finds nothing new. */
export const importCase: Case = {
  name: 'import',
  title: 'Import',
  method: `A Packit Service database of 1,011,000 rows (a tenth for the embedded database) in PostgreSQL on the same machine, imported into an
empty database with all indexes, derived columns, 7,000 logs and the report; the rate counts rows of the source over the whole time. Then a second
run that finds nothing new.`,
  isExtra: true,
  async run(say) {
    const samples = new Samples()
    const { urlOf } = await startCluster()
    for (const kind of ['postgres', 'embedded'] as const) {
      say(`${EVENTS[kind]} events into ${kind}`)
      await makeDatabases(urlOf, kind)
      await measure(samples, kind, urlOf)
    }
    return samples.figures
  },
}

async function makeDatabases(urlOf: (database: string) => string, kind: keyof typeof EVENTS): Promise<void> {
  const admin = new pg.Client({ connectionString: urlOf('postgres') })
  await admin.connect()
  await admin.query(`create database source_${kind}`)
  if (kind === 'postgres') await admin.query('create database target')
  await admin.end()
  const client = new pg.Client({ connectionString: urlOf(`source_${kind}`) })
  await client.connect()
  await client.query(await readSourceSchema())
  await client.query('set session_replication_role = replica')
  for (const statement of sourceRows(EVENTS[kind])) await client.query(statement)
  await client.query('analyze')
  await client.end()
}

async function measure(
  samples: Samples,
  kind: keyof typeof EVENTS,
  urlOf: (database: string) => string,
): Promise<void> {
  await using folder = await openFolder()
  const database =
    kind === 'postgres'
      ? await openPostgres(urlOf('target'), { migrate: true })
      : await openEmbedded(join(folder.dir, 'database'))
  const storage = openFolderStorage(join(folder.dir, 'storage'))
  for (const what of ['first run', 'second run']) {
    const source = await openSource(urlOf(`source_${kind}`))
    const start = performance.now()
    const { sourceRows: rows } = await runImport(database, {
      source,
      now: new Date(),
      put: (key, text) => storage.put(key, typeof text === 'string' ? text : Readable.from(text)),
    })
    samples.add(`${kind}, ${what}`, '/s', rows / ((performance.now() - start) / 1000))
    await source.close()
  }
  await database.close()
}
