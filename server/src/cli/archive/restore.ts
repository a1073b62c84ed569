import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { pino } from 'pino'
import { readConfig } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { openAppStore } from '../../forges/github/app-store.ts'
import { openDatabase } from '../open-database.ts'
import { openStorage } from '../open-storage.ts'
import { stopOnSignals } from '../stop.ts'
import { findBackups } from './backups.ts'
import { describeArchive } from './export-data.ts'
import { MANIFEST, readManifest } from './manifest.ts'
import { checkArchive, importArchive } from './read-archive.ts'

export function restoreCommand(): Command {
  return new Command('restore')
    .description('bring a backup back, into a database and a data directory that hold nothing yet')
    .argument('<folder>', 'a folder that `backup` or `export` made')
    .option('--check', 'only read it, to see that it is whole')
    .action((folder: string, { check }: { check?: true }) => (check ? checkOnly(folder) : bringBack(folder)))
}

async function checkOnly(given: string): Promise<void> {
  const folder = await findArchive(given)
  const manifest = await checkArchive(folder, stopOnSignals().signal)
  console.log(`${folder} is whole: ${describeArchive(manifest)}, made ${manifest.createdAt} by ${manifest.version}`)
}

/** Whether somebody names a folder, rather than the address of a database. */
export async function isFolder(given: string): Promise<boolean> {
  return (await stat(given).catch(() => undefined))?.isDirectory() ?? false
}

/** A folder of backups is not taken for one of them: which one shall come back is for people to say. */
async function findArchive(given: string): Promise<string> {
  const folder = resolve(given)
  if (!(await isFolder(folder)))
    throw new SetupError(`${folder} is no folder that "packit-service export" or "backup" made`)
  const isArchive = await stat(join(folder, MANIFEST)).catch(() => undefined)
  const newest = isArchive ? undefined : (await findBackups(folder)).complete.at(-1)
  if (newest) throw new SetupError(`${folder} holds backups: name one of them. The newest is ${newest}`)
  return folder
}

/** Imports an archive into the installation of the settings. */
export async function bringBack(given: string): Promise<void> {
  const folder = await findArchive(given)
  const config = readConfig()
  const { signal } = stopOnSignals()
  // before a database is made for it
  await readManifest(folder)
  const { database, close } = await openDatabase(config, (line) => console.error(line), { migrate: false })
  try {
    const target = {
      database,
      storage: openStorage(config),
      appPath: openAppStore(config.dataDir, config.github).path,
      now: () => new Date(),
      log: pino({ level: 'silent' }),
      signal,
    }
    const { manifest, unknownJobs } = await importArchive(folder, target)
    console.log(
      `imported from ${folder}: ${describeArchive(manifest)}, made ${manifest.createdAt} by ${manifest.version}`,
    )
    if (unknownJobs > 0) console.log(`${unknownJobs} jobs were left out: this program has no such kinds`)
    console.log('Before this one is started, see that the other one is stopped: both would answer the same forges.')
  } finally {
    await close()
  }
}
