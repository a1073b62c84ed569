import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SetupError } from '../../domain/errors.ts'
import type { Database } from '../database.ts'
import { findSchemaState, MIGRATIONS, migrate } from '../open.ts'

interface Journal {
  entries: { tag: string; when: number }[]
}

async function readJournal(): Promise<Journal> {
  return (await import('../migrations/meta/_journal.json', { with: { type: 'json' } })).default
}

/** The newest migration that a database has, by its time. An open database has one. */
export async function findLevel({ db }: Database): Promise<number> {
  return (await findSchemaState(db)).newest ?? 0
}

/**
 * Gives a database the tables as they were after a migration, so that rows of that time fit; `migrate` does the rest later.
 *
 * @throws {SetupError} when this program doesn't know that migration, or the database is past it
 */
export async function bringToLevel(database: Database, level: number): Promise<void> {
  const journal = await readJournal()
  const { newest, known } = await findSchemaState(database.db)
  if (level > known) {
    throw new SetupError('the archive was made by a newer version of this program: update it, then import')
  }
  const entries = journal.entries.filter(({ when }) => when <= level)
  if (entries.at(-1)?.when !== level) {
    throw new SetupError('the archive has tables of a version that this program does not know: was it changed?')
  }
  if (newest === level) return
  if (newest !== null && newest > level) {
    throw new SetupError(
      'the archive is of an older version than the tables of this database: give an empty database (drop and create it), ' +
        'and do not run "packit-service migrate" before',
    )
  }
  await migrateUpTo(database, journal, entries)
}

async function migrateUpTo(database: Database, journal: Journal, entries: Journal['entries']): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'packit-migrations-'))
  try {
    await mkdir(join(folder, 'meta'))
    await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }))
    for (const { tag } of entries) await copyFile(join(MIGRATIONS, `${tag}.sql`), join(folder, `${tag}.sql`))
    await migrate(database, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
