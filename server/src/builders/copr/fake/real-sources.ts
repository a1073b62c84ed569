import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Limits, Sandbox } from '../../../sandbox/sandbox.ts'
import type { FakeBuild } from './state.ts'

export interface MadeSources {
  log: string
  /** `null` when the script failed. */
  srpm: { name: string; data: Buffer } | null
}

/** What a file has to be called that is built as an SRPM. */
export const SRPM = /^[A-Za-z0-9_][A-Za-z0-9._+~^-]{0,240}\.src\.rpm$/

/** Really runs the script of a build in this machine's sandbox, with the network. */
export async function makeSources(
  { sandbox, limits, workDir = tmpdir() }: { sandbox: Sandbox; limits: Limits; workDir?: string },
  build: FakeBuild,
  signal: AbortSignal,
): Promise<MadeSources> {
  const { script, resultdir, builddeps } = build.sourceDict
  const log: Buffer[] = [Buffer.from(`Not installed, but wanted: ${builddeps ?? 'nothing'}\n`)]
  const resultsDir = await mkdtemp(join(workDir, 'packit-sources-'))
  try {
    const { end, files } = await sandbox.run({
      program: join(import.meta.dirname, 'inside/make-sources.ts'),
      input: { script: String(script ?? ''), resultDir: String(resultdir ?? '.') },
      ...{ mounts: {}, limits, network: true, resultsDir, signal },
      results: [{ name: SRPM, maxBytes: limits.diskBytes }],
      onLog: (chunk) => void log.push(chunk),
    })
    if (end !== 'finished') log.push(Buffer.from(`The script was ended: ${end}\n`))
    const [file] = files
    const srpm = file ? { name: file.name, data: await readFile(file.path) } : null
    return { log: Buffer.concat(log).toString(), srpm }
  } finally {
    await rm(resultsDir, { recursive: true, force: true })
  }
}
