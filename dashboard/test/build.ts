import { rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** What tests write lands here: builds, pictures. It is not part of the repository. */
export const SCRATCH = fileURLToPath(new URL('../../.tmp/', import.meta.url))

const built = new Map<string, Promise<string>>()

/** Builds the pages, once a process; `plain` keeps PatternFly's style sheets whole. Returns the folder. */
export function buildPages(kind: 'slim' | 'plain' = 'slim'): Promise<string> {
  const running = built.get(kind) ?? run(kind)
  built.set(kind, running)
  return running
}

async function run(kind: 'slim' | 'plain'): Promise<string> {
  const outDir = `${SCRATCH}pages-${kind}-${process.pid}`
  process.on('exit', () => rmSync(outDir, { recursive: true, force: true }))
  await mkdir(SCRATCH, { recursive: true })
  await build({
    root: ROOT,
    mode: kind === 'plain' ? 'plain' : 'production',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  })
  return outDir
}
