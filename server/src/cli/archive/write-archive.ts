import { chmod, link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { findLevel } from '../../db/archive/schema-level.ts'
import { withTables } from '../../db/archive/session.ts'
import { listTables, ROWS_STAY_BEHIND, readRows } from '../../db/archive/tables.ts'
import type { Database } from '../../db/database.ts'
import { SetupError } from '../../domain/errors.ts'
import { type KeptJob, listOpenJobs } from '../../jobs/move-jobs.ts'
import type { Storage } from '../../storage/storage.ts'
import { version } from '../version.ts'
import { Sum, writeNew } from './files.ts'
import {
  APP,
  type FileSum,
  FORMAT,
  JOBS,
  type KeptTable,
  MANIFEST,
  type Manifest,
  OBJECTS,
  objectFile,
  tableFile,
} from './manifest.ts'
import { findPublications } from './publications.ts'
import { readObjects, type StoredObject } from './read-objects.ts'

export interface ArchiveSource {
  database: Database
  storage: Storage
  /** Where the GitHub App lies that `/setup` made. */
  appPath: string
  now: () => Date
  /** The archive is given up, and what there is of it removed, when it fires. */
  signal?: AbortSignal | undefined
}

/**
 * Writes everything of an installation into a folder: tables of one moment, the queue, the store, the App. The service may
 * work meanwhile: the store is read after the tables, so whatever they name is there, or was removed as expired.
 *
 * @param before  an archive of the same installation: files of the store that are the same there are shared, not copied
 * @throws {SetupError} when there is something in the folder
 */
export async function writeArchive(folder: string, source: ArchiveSource, before?: string): Promise<Manifest> {
  await makeEmptyFolder(folder)
  try {
    const tables = await writeTables(folder, source)
    const objects = await writeObjects(folder, source, before)
    const manifest: Manifest = {
      format: FORMAT,
      version,
      createdAt: source.now().toISOString(),
      from: source.database.kind,
      level: await findLevel(source.database),
      ...tables,
      ...objects,
      app: await copyApp(folder, source.appPath),
    }
    await writeManifest(folder, manifest)
    return manifest
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function makeEmptyFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length > 0) {
      throw new SetupError(`${folder} is not empty: name a folder that is empty or not there`)
    }
    // it holds the key of the App, and bodies of deliveries
    await chmod(folder, 0o700)
  } catch (error) {
    if (error instanceof SetupError) throw error
    throw new SetupError(`${folder} can't be written: ${(error as Error).message}`, { cause: error })
  }
}

async function writeTables(folder: string, { database, signal }: ArchiveSource) {
  const read = await withTables(database, async (session) => {
    const tables: KeptTable[] = []
    for (const table of await listTables(session)) {
      signal?.throwIfAborted()
      if (ROWS_STAY_BEHIND.has(table.name)) {
        tables.push({ ...table, rows: 0, file: null })
        continue
      }
      const sum = new Sum()
      await writeNew(join(folder, tableFile(table.name)), sum.of(readRows(session, table), true))
      tables.push({ ...table, rows: sum.lines, file: sum.end() })
    }
    return { tables, jobs: await listOpenJobs(session.tx) }
  })
  return { tables: read.tables, jobs: await writeJobs(folder, read.jobs) }
}

const writeJobs = async (folder: string, jobs: readonly KeptJob[]) => ({
  count: jobs.length,
  file: await writeLines(join(folder, JOBS), jobs),
})

async function writeLines(path: string, rows: readonly unknown[]) {
  const sum = new Sum()
  const lines = async function* () {
    for (const row of rows) yield Buffer.from(`${JSON.stringify(row)}\n`)
  }
  await writeNew(path, sum.of(lines()))
  return sum.end()
}

async function writeObjects(folder: string, { storage, signal }: ArchiveSource, before: string | undefined) {
  // by `processes/` those that live know that they share a store
  const keys = (await storage.list('')).filter((key) => !key.startsWith('processes/'))
  const publications = await findPublications(storage, keys)
  const isShownTwice = (key: string) => publications.some(({ to }) => key.startsWith(`${to}/`))
  const older = before ? new Map((await readObjects(before)).map((object) => [object.key, object])) : undefined
  const objects: StoredObject[] = []
  for (const key of keys) {
    signal?.throwIfAborted()
    if (isShownTwice(key)) continue
    const path = join(folder, objectFile(key))
    const sum = await copyObject(storage, key, path)
    // removed as expired since it was listed
    if (!sum) continue
    const object = { key, ...sum }
    if (before && older?.get(key)?.sha256 === object.sha256) await share(join(before, objectFile(key)), path)
    objects.push(object)
  }
  const bytes = objects.reduce((all, object) => all + object.bytes, 0)
  const file = await writeLines(join(folder, OBJECTS), objects)
  return { storage: { objects: objects.length, bytes, file }, publications }
}

/** Copies an object out of the store; `undefined` when it is not there any more. */
async function copyObject(storage: Storage, key: string, path: string): Promise<FileSum | undefined> {
  const found = await storage.read(key)
  if (!found) return undefined
  // told when it is read; what goes wrong before that must not end the process
  found.stream.on('error', () => {})
  const sum = new Sum()
  try {
    await writeNew(path, sum.of(found.stream))
    return sum.end()
  } catch (error) {
    await rm(path, { force: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Puts the same file of an older archive in place of the copy; the copy stays where that can't be done. */
async function share(older: string, path: string): Promise<void> {
  const temporary = `${path}.shared`
  try {
    await link(older, temporary)
    await rename(temporary, path)
  } catch {
    await rm(temporary, { force: true })
  }
}

async function copyApp(folder: string, appPath: string) {
  const content = await readFile(appPath).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!content) return null
  const sum = new Sum()
  await writeNew(join(folder, APP), sum.of(Readable.from([content])))
  return sum.end()
}

/** Last and in one step: an archive that has it is complete. */
async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST)
  await writeFile(`${path}.new`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
  await using dir = await open(folder)
  await dir.sync()
}
