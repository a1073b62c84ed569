import { randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { appendFile, copyFile, link, mkdir, open, readdir, rename, rm, stat, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { checkKey, checkLog } from './key.ts'
import type { Range, Storage } from './storage.ts'

/** Where what is being written lies; no object. */
const NEW = '.new'

/** Storage in a folder of this machine; every write but `append` appears in one step. */
export function openFolderStorage(dir: string): Storage {
  const pathOf = (key: string) => join(dir, ...checkKey(key))
  return {
    put: (key, data) => put(dir, pathOf(key), data),
    putFile: (key, path) => putFile(dir, pathOf(key), path),
    append: async (key, data) => append(pathOf(checkLog(key)), data),
    extend: async (key, start, data) => extend(pathOf(checkLog(key)), start, data),
    range: (key, start, length) => readRange(pathOf(key), start, length),
    read: (key) => openRead(pathOf(key)),
    list: (prefix) => listKeys(dir, prefix === '' ? dir : pathOf(prefix)),
    delete: (key) => rm(pathOf(key), { recursive: true, force: true }),
    localPath: async (key) => pathOf(key),
    publish: (from, to) => publish(dir, pathOf(from), pathOf(to)),
  }
}

/** A name beside the store's objects, from which a rename is one step. */
async function makeTemporary(dir: string): Promise<string> {
  const folder = join(dir, NEW)
  await mkdir(folder, { recursive: true })
  return join(folder, randomUUID())
}

async function put(dir: string, path: string, data: Buffer | string | Readable): Promise<void> {
  const temporary = await makeTemporary(dir)
  try {
    // opened first: a stream that opens it itself could do so after it was removed
    await using file = await open(temporary, 'wx')
    await pipeline(typeof data === 'string' || Buffer.isBuffer(data) ? [data] : data, file.createWriteStream())
    await moveIn(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function putFile(dir: string, path: string, from: string): Promise<void> {
  const temporary = await makeTemporary(dir)
  // a hard link costs nothing; another file system needs the copy
  await link(from, temporary).catch(() => copyFile(from, temporary))
  await moveIn(temporary, path)
}

async function moveIn(temporary: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await rename(temporary, path)
}

async function append(path: string, data: Buffer | string): Promise<void> {
  try {
    await appendFile(path, data)
  } catch (error) {
    if (!isMissing(error)) throw error
    await mkdir(dirname(path), { recursive: true })
    await appendFile(path, data)
  }
}

/** Whoever else writes meanwhile writes the same bytes to the same places. */
async function extend(path: string, start: number, data: Buffer): Promise<number> {
  await mkdir(dirname(path), { recursive: true })
  await using file = await open(path, constants.O_RDWR | constants.O_CREAT)
  const { size } = await file.stat()
  if (start > size || start + data.length <= size) return size
  const fresh = data.subarray(size - start)
  const { bytesWritten } = await file.write(fresh, 0, fresh.length, size)
  return size + bytesWritten
}

async function readRange(path: string, start: number, length: number): Promise<Range | undefined> {
  const file = await open(path, 'r').catch(undefinedIfMissing)
  if (!file) return undefined
  try {
    const { size } = await file.stat()
    const from = start < 0 ? Math.max(0, size + start) : Math.min(start, size)
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - from)))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from)
    return { data: buffer.subarray(0, bytesRead), start: from, size }
  } finally {
    await file.close()
  }
}

async function openRead(path: string): Promise<{ stream: Readable; size: number } | undefined> {
  const found = await stat(path).catch(undefinedIfMissing)
  return found?.isFile() ? { stream: createReadStream(path), size: found.size } : undefined
}

async function listKeys(dir: string, path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(undefinedIfMissing)
  return (entries ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .filter((key) => !key.startsWith(`${NEW}/`))
    .sort()
}

/** A link to what is published, put in place by one rename. */
async function publish(dir: string, from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  const temporary = await makeTemporary(dir)
  await symlink(relative(dirname(to), from), temporary)
  await rename(temporary, to)
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function undefinedIfMissing(error: unknown): undefined {
  // nor is there anything under a name that no file can have
  if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENAMETOOLONG') return undefined
  throw error
}
