import { join } from 'node:path'
import type { Config } from '../config.ts'
import { openFolderStorage } from '../storage/folder.ts'
import type { Storage } from '../storage/storage.ts'

/** Where logs and packages are kept: what the settings name, else a folder of the data. */
export function openStorage({ storage, dataDir }: Pick<Config, 'storage' | 'dataDir'>): Storage {
  if (storage?.kind === 'folder') return openFolderStorage(storage.dir)
  return openFolderStorage(join(dataDir, 'storage'))
}
