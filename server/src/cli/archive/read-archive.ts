import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { bringToLevel } from '../../db/archive/schema-level.ts'
import { withTables } from '../../db/archive/session.ts'
import { fillTables, findFilled } from '../../db/archive/tables.ts'
import type { Database } from '../../db/database.ts'
import { migrate } from '../../db/open.ts'
import { SetupError } from '../../domain/errors.ts'
import { addKeptJobs, type KeptJob } from '../../jobs/move-jobs.ts'
import { openQueue } from '../../jobs/queue.ts'
import type { Storage } from '../../storage/storage.ts'
import { checkSame, readSame, writeNew } from './files.ts'
import { APP, type KeptTable, type Manifest, objectFile, readManifest, tableFile } from './manifest.ts'
import { putObjects } from './put-objects.ts'
import { readJobs, readObjects, type StoredObject } from './read-objects.ts'

/** Where an archive is brought. */
export interface ArchiveTarget {
  /** Without rows; its tables may be missing. */
  database: Database
  storage: Storage
  appPath: string
  now: () => Date
  log: Logger
  signal?: AbortSignal | undefined
}

export interface Imported {
  manifest: Manifest
  rows: number
  jobs: number
  /** Jobs of kinds that this program doesn't know. */
  unknownJobs: number
}

/**
 * Reads a whole archive to see that each file is what was written.
 *
 * @throws {SetupError} naming what is missing or damaged
 */
export async function checkArchive(folder: string, signal?: AbortSignal): Promise<Manifest> {
  const manifest = await readManifest(folder)
  await checkTables(folder, manifest)
  await readJobs(folder)
  for (const object of await readObjects(folder)) {
    signal?.throwIfAborted()
    await checkSame(join(folder, objectFile(object.key)), object, objectFile(object.key))
  }
  return manifest
}

async function checkTables(folder: string, { tables, app }: Manifest): Promise<void> {
  for (const { name, file } of tables) {
    if (file) await checkSame(join(folder, tableFile(name)), file, tableFile(name))
  }
  if (app) await checkSame(join(folder, APP), app, APP)
}

/**
 * Brings an archive into an installation that holds nothing yet. The store is filled first and the tables in one transaction
 * at the end: what was broken off may be repeated, and until it is whole there is nothing in the database.
 *
 * @throws {SetupError} when the archive is damaged, or something is in the way; nothing that was there is changed
 */
export async function importArchive(folder: string, target: ArchiveTarget): Promise<Imported> {
  const manifest = await readManifest(folder)
  await checkTables(folder, manifest)
  const jobs = await readJobs(folder)
  const objects = await readObjects(folder)
  await findMissing(folder, objects)
  await bringToLevel(target.database, manifest.level)
  await withTables(target.database, async (session) => refuseRows(await findFilled(session)))
  await putApp(folder, manifest, target.appPath)
  await putObjects(folder, objects, manifest.publications, target)
  const { added, unknown } = await putRows(folder, manifest, jobs, target)
  await migrate(target.database)
  const rows = manifest.tables.reduce((all, table) => all + table.rows, 0)
  return { manifest, rows, jobs: added, unknownJobs: unknown }
}

/** Before anything is written: sizes. What the bytes are is seen when they are copied. */
async function findMissing(folder: string, objects: readonly StoredObject[]): Promise<void> {
  for (const { key, bytes } of objects) {
    const found = await stat(join(folder, objectFile(key))).catch(() => undefined)
    if (!found) throw new SetupError(`the archive is not complete: ${objectFile(key)} is missing`)
    if (found.size !== bytes) {
      throw new SetupError(`the archive is damaged: ${objectFile(key)} has ${found.size} bytes instead of ${bytes}`)
    }
  }
}

function refuseRows(filled: readonly { name: string; rows: number }[]): void {
  if (filled.length === 0) return
  const named = filled.map(({ name, rows }) => `${name} ${rows}`).join(', ')
  throw new SetupError(
    `this database is not empty (${named}): nothing is overwritten. Give a new one: set PACKIT_DATA_DIR to a new folder, or ` +
      'DATABASE_URL to a new database, and start the service only after the import.',
  )
}

async function putApp(folder: string, { app }: Manifest, path: string): Promise<void> {
  if (!app) return
  const read = () => readSame(join(folder, APP), app, APP)
  if (!(await stat(path).catch(() => undefined))) return writeNew(path, read())
  await checkSame(path, app, APP).catch((cause: unknown) => {
    throw new SetupError(`${path} holds another GitHub App than the archive: nothing is overwritten. Move it away.`, {
      cause,
    })
  })
}

async function putRows(
  folder: string,
  { tables }: Manifest,
  jobs: readonly KeptJob[],
  { database, log, now }: ArchiveTarget,
) {
  const queue = await openQueue(database, log)
  try {
    return await withTables(database, async (session) => {
      refuseRows(await findFilled(session))
      const files = new Map<string, KeptTable>(tables.map((table) => [table.name, table]))
      await fillTables(session, tables, ({ name }) => {
        const file = files.get(name)?.file
        if (!file) throw new SetupError(`the archive is damaged: it has no ${tableFile(name)}`)
        return readSame(join(folder, tableFile(name)), file, tableFile(name))
      })
      return await addKeptJobs(session.tx, queue, jobs, now())
    })
  } finally {
    await queue.stop()
  }
}
