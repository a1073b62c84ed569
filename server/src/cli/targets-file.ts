import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTargetTable, newerLists, parseTargetLists, type TargetLists } from '../domain/target-table.ts'
import type { TargetTable } from '../domain/targets.ts'
import { builtInLists } from '../targets/table.ts'

/** Beside the database, which belongs to one process, lies a copy for `config` and `try`. */
const fileIn = (dataDir: string) => join(dataDir, 'targets.json')

export async function writeTargetsFile(dataDir: string, lists: TargetLists): Promise<void> {
  const file = fileIn(dataDir)
  const part = `${file}.${randomUUID()}.part`
  await mkdir(dataDir, { recursive: true })
  await writeFile(part, JSON.stringify(lists))
  await rename(part, file)
}

/** The table that the service of this folder keeps; the program's own where there is none, or an older one. */
export async function readTargetsFile(dataDir: string): Promise<TargetTable> {
  const text = await readFile(fileIn(dataDir), 'utf8').catch(() => '')
  return makeTargetTable(newerLists(parse(text), builtInLists))
}

function parse(text: string): TargetLists | undefined {
  try {
    return parseTargetLists(JSON.parse(text))
  } catch {
    // nobody but us writes it: what can't be read is as good as none
    return undefined
  }
}
