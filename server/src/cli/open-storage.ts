import { join } from 'node:path'
import type { Config } from '../config.ts'
import { openFolderStorage } from '../storage/folder.ts'
import { openS3Storage } from '../storage/s3.ts'
import type { Storage } from '../storage/storage.ts'

/** Where logs and packages are kept: what the settings name, else a folder of the data. */
export function openStorage({ storage, dataDir, s3 }: Pick<Config, 'storage' | 'dataDir' | 's3'>): Storage {
  if (storage?.kind === 's3') {
    const { accessKey = '', secretKey = '', sessionToken } = s3
    const key = { accessKey, secretKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
    return openS3Storage({ ...storage, ...key, cacheDir: join(dataDir, 'cache') })
  }
  if (storage?.kind === 'folder') return openFolderStorage(storage.dir)
  return openFolderStorage(join(dataDir, 'storage'))
}
