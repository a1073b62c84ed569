import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { openEmbedded, openPostgres } from '../db/open.ts'
import { type HeldDirectory, holdDirectory } from './owner.ts'

export interface OpenedDatabase {
  database: Database
  /** The data directory, held as long as the embedded database is open; undefined with PostgreSQL. */
  held: HeldDirectory | undefined
  close(): Promise<void>
}

/**
 * Opens the database of the settings: PostgreSQL, or the embedded one under the data directory's lock.
 *
 * @param options.migrate  bring its tables up to date; otherwise a new one has none
 * @throws {SetupError} when another process holds the directory, or the database can't be opened
 */
export async function openDatabase(
  config: Config,
  say: (line: string) => void = () => {},
  options: { migrate: boolean } = { migrate: true },
): Promise<OpenedDatabase> {
  if (config.databaseUrl) {
    const database = await openPostgres(config.databaseUrl, options)
    return { database, held: undefined, close: () => database.close() }
  }
  const held = await holdDirectory(config.dataDir)
  const dir = join(config.dataDir, 'database')
  // making it takes seconds the first time: silence would look like a fault
  const tell = () => say('making the embedded database (only in a new data directory)')
  const slow = existsSync(join(dir, 'PG_VERSION')) ? undefined : setTimeout(tell, 1000)
  try {
    const database = await openEmbedded(dir, undefined, options)
    return {
      database,
      held,
      async close() {
        await database.close()
        await held.release()
      },
    }
  } catch (error) {
    await held.release()
    throw error
  } finally {
    clearTimeout(slow)
  }
}
