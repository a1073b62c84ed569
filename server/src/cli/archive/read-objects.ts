import { join } from 'node:path'
import { SetupError } from '../../domain/errors.ts'
import type { KeptJob } from '../../jobs/move-jobs.ts'
import { readSame } from './files.ts'
import { type FileSum, JOBS, OBJECTS, readManifest } from './manifest.ts'

/** An object of the store, as an archive has it. */
export type StoredObject = FileSum & { key: string }

/** The objects of a complete archive. */
export async function readObjects(folder: string): Promise<StoredObject[]> {
  const { storage } = await readManifest(folder)
  return readLines<StoredObject>(folder, OBJECTS, storage.file)
}

export async function readJobs(folder: string): Promise<KeptJob[]> {
  const { jobs } = await readManifest(folder)
  return readLines<KeptJob>(folder, JOBS, jobs.file)
}

/** The sum over the file has shown that the lines are ours before they are believed. */
async function readLines<T>(folder: string, name: string, sum: FileSum): Promise<T[]> {
  const parts: Buffer[] = []
  for await (const chunk of readSame(join(folder, name), sum, name)) parts.push(chunk)
  try {
    const lines = Buffer.concat(parts).toString().split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T)
  } catch (cause) {
    throw new SetupError(`the archive is damaged: ${name} can't be read`, { cause })
  }
}
