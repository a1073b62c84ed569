import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Limits, Sandbox, SandboxEnd } from '../../sandbox/sandbox.ts'
import { type ExamineInput, parseExamination } from './inside/examine-result.ts'
import { judge, type Verdict } from './judge.ts'

export interface ExamineDeps {
  sandbox: Sandbox
  limits: Limits
  workDir?: string
}

export interface PackagesToExamine {
  /** Packages by the name they have in the repository, and where they lie on this machine. */
  rpms: readonly { name: string; path: string }[]
  /** Their source packages. */
  srpms?: readonly { name: string; path: string }[]
  /** How long that may take at most; null or left out = what the limits say. */
  timeMs?: number | null
  onStart?: () => void
  onLog: (chunk: Buffer) => void
  signal?: AbortSignal
}

/** The only names that packages have here; they stand in command lines. */
const RPM_NAME = /^[A-Za-z0-9_][A-Za-z0-9._+~^-]{0,240}\.rpm$/
/** Installing and looking at packages takes seconds; a scriptlet may take what is left. */
const MOST_MS = 10 * 60_000

/**
 * Installs packages into an empty root and has rpmlint look at them, in the sandbox: scriptlets are a stranger's.
 *
 * @throws {SetupError} when there is no sandbox
 * @throws {RangeError} for a package with a name that no build of ours hands out
 */
export async function examinePackages(deps: ExamineDeps, asked: PackagesToExamine): Promise<Verdict> {
  const { sandbox, limits, workDir = tmpdir() } = deps
  const mounts: Record<string, string> = {}
  const srpms = asked.srpms ?? []
  for (const [folder, packages] of [['rpms', asked.rpms] as const, ['srpms', srpms] as const])
    for (const { name, path } of packages) {
      if (!RPM_NAME.test(name)) throw new RangeError(`not the name of a package: ${JSON.stringify(name)}`)
      mounts[`/in/${folder}/${name}`] = path
    }
  if (asked.rpms.length === 0) return { state: 'skipped', reason: 'There are no packages to try.', results: [] }
  const resultsDir = await mkdtemp(join(workDir, 'packit-test-'))
  try {
    const { end, output } = await sandbox.run({
      program: join(import.meta.dirname, 'inside/examine.ts'),
      input: {
        files: asked.rpms.map(({ name }) => name),
        srpms: srpms.map(({ name }) => name),
      } satisfies ExamineInput,
      mounts,
      limits: { ...limits, timeMs: Math.min(limits.timeMs, MOST_MS, asked.timeMs ?? MOST_MS) },
      ...{ network: false, isRootInside: true, results: [], resultsDir, onLog: asked.onLog },
      onProgress: () => asked.onStart?.(),
      ...(asked.signal ? { signal: asked.signal } : {}),
    })
    return judgeEnd(end, output)
  } finally {
    await rm(resultsDir, { recursive: true, force: true })
  }
}

/** What each limit is called; passing it is the packages' own failure. */
const LIMITS: Partial<Record<SandboxEnd, string>> = {
  'timed-out': 'Installing the packages took longer than the time limit.',
  'out-of-memory': 'Installing the packages used more memory than the limit.',
  'disk-full': 'The root that the packages are installed into is full.',
  'log-limit': 'The log of the installation grew larger than the limit.',
}

function judgeEnd(end: SandboxEnd, output: unknown): Verdict {
  if (end === 'canceled') return { state: 'canceled', reason: null, results: [] }
  const limit = LIMITS[end]
  if (limit) return { state: 'failure', reason: limit, results: [] }
  const examination = end === 'finished' ? parseExamination(output) : undefined
  if (examination) return judge(examination)
  return {
    state: 'error',
    reason: 'The sandbox ended before the packages were looked at: its log says why.',
    results: [],
  }
}
