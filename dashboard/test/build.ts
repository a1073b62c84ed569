import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** What tests write lands here: builds, pictures. It is not part of the repository. */
export const SCRATCH = fileURLToPath(new URL('../../.tmp/', import.meta.url))
/** All that a build is made from, beside the packages that the lock file names. */
const SOURCES = ['src', 'vite', 'public', 'index.html', 'package.json', 'vite.config.ts', '../package-lock.json']

const built = new Map<string, Promise<string>>()

/**
 * Builds the pages, once for all test files as long as their sources stay as they are; `plain` keeps PatternFly's style
 * sheets whole. Returns the folder.
 */
export function buildPages(kind: 'slim' | 'plain' = 'slim'): Promise<string> {
  const running = built.get(kind) ?? run(kind)
  built.set(kind, running)
  return running
}

async function run(kind: 'slim' | 'plain'): Promise<string> {
  const dir = `${SCRATCH}pages-${kind}-${await hashSources()}`
  if (existsSync(dir)) return dir
  await mkdir(SCRATCH, { recursive: true })
  const outDir = `${dir}.${process.pid}`
  const { build } = await import('vite')
  await build({
    root: ROOT,
    mode: kind === 'plain' ? 'plain' : 'production',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  })
  // several test processes may get here at a time: the first rename counts
  await rename(outDir, dir).catch(() => rm(outDir, { recursive: true }))
  return dir
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const path of filesOf(join(ROOT, source))) hash.update(path.slice(ROOT.length)).update(await readFile(path))
  }
  return hash.digest('hex').slice(0, 16)
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
