import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Limits, Sandbox, SandboxEnd, SandboxResult } from '../../sandbox/sandbox.ts'
import { createGrowingLog } from '../../storage/growing-log.ts'
import type { Storage } from '../../storage/storage.ts'
import type { BuiltPackage, FoundTarget } from '../builder.ts'
import { describeLack, findDiskFull, findLack } from './findings.ts'
import { parseRebuildOutput, type RebuildInput, type RebuildOutput, RPM_NAME } from './inside/rebuild-result.ts'

interface Deps {
  sandbox: Sandbox
  storage: Storage
  limits: Limits
  workDir?: string
}

interface Build {
  /** Key of the SRPM in storage. */
  srpm: string
  /** Prefix of log and packages in storage. */
  folder: string
  signal: AbortSignal
  onStart: () => void
  onLog: (bytes: number) => void
}

type Ended = Pick<FoundTarget, 'state' | 'reason' | 'end' | 'packages' | 'files'>

/**
 * Rebuilds one SRPM in the sandbox; its log goes to storage while it is written, its packages when they are whole.
 *
 * @throws {SetupError} when there is no sandbox; whatever storage throws
 */
export async function buildHere(deps: Deps, build: Build): Promise<Ended> {
  const { sandbox, storage, limits, workDir = tmpdir() } = deps
  const resultsDir = await mkdtemp(join(workDir, 'packit-build-'))
  const log = createGrowingLog(storage, `${build.folder}/build.log`, build.onLog)
  const srpm = basename(build.srpm)
  try {
    const inside = `/in/srpm/${srpm}`
    const result = await sandbox.run({
      program: join(import.meta.dirname, 'inside/rebuild.ts'),
      input: { srpm: inside } satisfies RebuildInput,
      mounts: { [inside]: await storage.localPath(build.srpm) },
      limits,
      network: false,
      results: [{ name: RPM_NAME, maxBytes: limits.diskBytes }],
      resultsDir,
      onLog: log.add,
      onProgress: once(build.onStart),
      signal: build.signal,
    })
    const ended = judge(result, log.tail(), srpm)
    const files = ended.state === 'success' ? await store(storage, build.folder, result) : undefined
    return files ? { ...ended, files } : ended
  } finally {
    await log.flush()
    await rm(resultsDir, { recursive: true, force: true })
  }
}

/** However often the program says that it has started. */
function once(callback: () => void): () => void {
  let called = false
  return () => {
    if (!called) callback()
    called = true
  }
}

async function store(storage: Storage, folder: string, { files }: SandboxResult): Promise<string[]> {
  const keys: string[] = []
  for (const { name, path } of files) {
    await storage.putFile(`${folder}/${name}`, path)
    keys.push(`${folder}/${name}`)
  }
  return keys.sort()
}

/** What each limit is called; passing it is the change's own failure. */
const LIMITS: Partial<Record<SandboxEnd, string>> = {
  'timed-out': 'it took longer than the time limit',
  'out-of-memory': 'it used more memory than the limit',
  'disk-full': 'the work tree is full',
  'log-limit': 'its log grew larger than the limit',
}

/** How the target ended, from how the sandbox ended and what rpmbuild said. */
function judge({ end, output, files }: SandboxResult, log: string, srpm: string): Ended {
  if (end === 'canceled') return { state: 'canceled', end }
  const limit = LIMITS[end]
  if (limit) return { state: 'failure', reason: limit, end }
  const parsed = end === 'finished' ? parseRebuildOutput(output) : undefined
  if (!parsed) return { state: 'error', reason: 'the sandbox ended before the build did', end }
  if (parsed.exitCode !== 0) return judgeFailure(log, srpm)
  const packages = matchFiles(parsed, files)
  if (packages.length === 0) return { state: 'failure', reason: 'rpmbuild made no packages' }
  return { state: 'success', packages }
}

function judgeFailure(log: string, srpm: string): Ended {
  const lack = findLack(log)
  if (lack) return { state: 'error', reason: describeLack(lack, srpm) }
  if (findDiskFull(log)) return { state: 'failure', reason: 'the work tree is full', end: 'disk-full' }
  return { state: 'failure' }
}

/** The packages whose file really came out. */
function matchFiles(output: RebuildOutput, files: SandboxResult['files']): BuiltPackage[] {
  const names = new Set(files.map(({ name }) => name))
  return output.packages
    .filter(({ file }) => names.has(file))
    .map(({ name, epoch, version, release, arch }) => ({ name, epoch, version, release, arch }))
}
