import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { SourceTask } from '../../../domain/srpm/source-task.ts'

/** What Copr fetches: one file that unpacks itself. */
export interface Program {
  text: string
  sha256: string
}

const SRC = resolve(import.meta.dirname, '../../..')
const ENTRY = 'builders/local/inside/make-sources.ts'
const IMPORT = /^(?:import|export) (?!type )(?:[^'"]*? from )?['"](\.[^'"]+)['"]/gm

let files: Promise<[string, string][]> | undefined

/**
 * The program that makes the sources of one task: the very files that our own sandbox runs, and the task. The same task makes
 * the same bytes.
 */
export async function renderProgram(task: SourceTask): Promise<Program> {
  files ??= collect(ENTRY)
  const packed = JSON.stringify([
    ...(await files),
    ['package.json', '{"type":"module"}\n'],
    ['task.json', JSON.stringify(task)],
  ])
  const text = UNPACK.replace('FILES', () => packed)
  return { text, sha256: createHash('sha256').update(text).digest('hex') }
}

const UNPACK = `// Makes the sources of one commit for Copr: see docs/copr.md of packit-service. Run it with Node 22.18 or newer.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const files = FILES
const root = resolve('packit-program')
for (const [name, text] of files) {
  mkdirSync(dirname(resolve(root, name)), { recursive: true })
  writeFileSync(resolve(root, name), text)
}
process.argv[2] = resolve(root, 'task.json')
await import(pathToFileURL(resolve(root, '${ENTRY}')).href)
`

/** A file and all that it loads, by path below `src`, sorted. */
async function collect(entry: string): Promise<[string, string][]> {
  const found = new Map<string, string>()
  const waiting = [entry]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue
    const text = await readFile(join(SRC, path), 'utf8')
    found.set(path, text)
    for (const [, target = ''] of text.matchAll(IMPORT))
      waiting.push(relative(SRC, resolve(SRC, dirname(path), target)))
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}
