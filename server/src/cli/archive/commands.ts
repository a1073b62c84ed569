import { mkdir } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { type Config, readConfig } from '../../config.ts'
import { findSchemaState } from '../../db/open.ts'
import { SetupError } from '../../domain/errors.ts'
import { openAppStore } from '../../forges/github/app-store.ts'
import { askOwner } from '../control.ts'
import { openDatabase } from '../open-database.ts'
import { openStorage } from '../open-storage.ts'
import { stopOnSignals } from '../stop.ts'
import { backupName, findBackups, removeOldBackups } from './backups.ts'
import { type ExportCommand, exportData } from './export-data.ts'
import { readManifest } from './manifest.ts'

export function exportCommand(): Command {
  return new Command('export')
    .description(
      'write everything into a folder, for `import` elsewhere: tables, queue, logs, packages, the GitHub App',
    )
    .argument('<folder>', 'a folder that is empty or not there')
    .action(async (folder: string) => {
      const config = readConfig()
      const lines = await runExport(config, { name: 'export', folder: resolve(folder), before: null })
      for (const line of lines) console.log(line)
    })
}

export function backupCommand(): Command {
  return new Command('backup')
    .description('write everything into a new folder, as `export` does, while the service may run')
    .argument('<folder>', 'where backups lie; what did not change since the last one there takes no room again')
    .option('--keep <number>', 'remove all but so many of the newest, when the new one is complete', atLeastOne)
    .action(backUp)
}

async function backUp(given: string, { keep }: { keep?: number }): Promise<void> {
  const config = readConfig()
  const dir = resolve(given)
  await mkdir(dir, { recursive: true })
  const { complete, incomplete } = await findBackups(dir)
  const before = await findReadable(complete.at(-1))
  const folder = join(dir, backupName(new Date()))
  for (const line of await runExport(config, { name: 'export', folder, before })) console.log(line)
  const removed = keep === undefined ? [] : await removeOldBackups(dir, keep)
  for (const old of removed) console.log(`${old}: removed, ${keep} are kept`)
  for (const left of incomplete) console.error(`packit-service: ${left} is not complete: remove it if no backup runs`)
}

/** A backup that can't be read is no reason not to make another. */
async function findReadable(folder: string | undefined): Promise<string | null> {
  if (folder === undefined) return null
  return readManifest(folder).then(
    () => folder,
    () => null,
  )
}

/** Through the service that holds the embedded database when there is one, else on the database itself. */
async function runExport(config: Config, command: ExportCommand): Promise<string[]> {
  const store = config.storage?.kind === 'folder' ? config.storage.dir : join(config.dataDir, 'storage')
  if (`${command.folder}${sep}`.startsWith(`${store}${sep}`)) {
    throw new SetupError(`${command.folder} lies in the store itself: name a folder outside of ${store}`)
  }
  const lines = config.databaseUrl ? undefined : await askOwner(config, command)
  return lines ?? (await exportHere(config, command))
}

async function exportHere(config: Config, command: ExportCommand): Promise<string[]> {
  const { signal } = stopOnSignals()
  // as the tables are: a program newer than the service beside it must not change them
  const { database, close } = await openDatabase(config, undefined, { migrate: false })
  try {
    if ((await findSchemaState(database.db)).newest === null)
      throw new SetupError('there is nothing to export: no service was ever started here')
    const storage = openStorage(config)
    const apps = openAppStore(config.dataDir, config.github)
    return await exportData(command, { database, storage, apps, now: () => new Date(), signal })
  } finally {
    await close()
  }
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a number from 1 on is needed')
  return Number(text)
}
