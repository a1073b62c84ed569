import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type MakeSrpmStep,
  MIRROR_PATH,
  parseMakeSrpmProgress,
  parseMakeSrpmResult,
  SRPM_FILE,
  toMakeSrpmInput,
} from '../../domain/srpm/step.ts'
import type { SrpmInput } from '../../domain/srpm-input.ts'
import type { Limits, Sandbox, SandboxResult } from '../../sandbox/sandbox.ts'
import type { MadeSrpm, SrpmFailure, SrpmMaker, SrpmProgress } from '../srpm-maker.ts'
import { describeMissingPackages, findMissingPackages } from './missing-packages.ts'

export interface SrpmMakerOptions {
  sandbox: Sandbox
  limits: Limits
  /** Whether actions may use the network. */
  network: boolean
  /** `Name <address>` for changelogs. */
  packager: string
  /** Makes the downloader of one run; what it says becomes part of the log. */
  openDownloads?: (log: (line: string) => void, signal: AbortSignal) => (url: string, into: string) => Promise<void>
  workDir?: string
  onStep?: (input: SrpmInput, step: MakeSrpmStep) => void
}

/** Makes source packages in the sandbox of this machine. */
export function createLocalSrpmMaker(options: SrpmMakerOptions): SrpmMaker {
  return { makeSrpm: (input, mirror, progress) => makeSrpm(options, { input, mirror, progress }) }
}

interface Task {
  input: SrpmInput
  mirror: string
  progress: SrpmProgress
}

async function makeSrpm(options: SrpmMakerOptions, task: Task): Promise<MadeSrpm> {
  const resultsDir = await mkdtemp(join(options.workDir ?? tmpdir(), 'packit-srpm-'))
  const remove = () => rm(resultsDir, { recursive: true, force: true })
  try {
    const missing = describeMissingPackages(await findMissingPackages(task.input.options.srpm_build_deps ?? []))
    if (missing) task.progress.onLog(Buffer.from(`${missing}\n`))
    const made = read(await runInside(options, task, resultsDir), remove)
    if (made.ok) return made
    await remove()
    return missing && made.failure ? { ...made, failure: withMissing(made.failure, missing) } : made
  } catch (error) {
    await remove()
    throw error
  }
}

/** A failed action may have failed for want of them: whoever reads of it shall know. */
function withMissing(failure: SrpmFailure, missing: string): SrpmFailure {
  return failure.kind === 'action-failed' ? { ...failure, message: `${failure.message} ${missing}` } : failure
}

function runInside(
  options: SrpmMakerOptions,
  { input, mirror, progress }: Task,
  resultsDir: string,
): Promise<SandboxResult> {
  const { sandbox, limits, network } = options
  const { onLog, signal } = progress
  const download = options.openDownloads?.((line) => onLog(Buffer.from(`${line}\n`)), signal)
  return sandbox.run({
    program: join(import.meta.dirname, 'inside/make-srpm.ts'),
    input: toMakeSrpmInput(input, options.packager),
    mounts: { [MIRROR_PATH]: mirror },
    ...{ limits, network, resultsDir, onLog, signal },
    results: [{ name: SRPM_FILE, maxBytes: limits.diskBytes }],
    onProgress(said) {
      const known = parseMakeSrpmProgress(said)
      if (known) options.onStep?.(input, known.step)
    },
    ...(download ? { onFetch: download } : {}),
  })
}

/** The result, checked: the program's word counts only together with the file that came out. */
function read({ end, output, files }: SandboxResult, remove: () => Promise<void>): MadeSrpm {
  const result = end === 'finished' ? parseMakeSrpmResult(output) : undefined
  if (!result) return { ok: false, end: end === 'finished' ? 'crashed' : end, failure: null }
  if (!result.ok) {
    const { kind, message, action, lacks, files: conflicts } = result
    const failure = {
      kind,
      message,
      ...(action !== undefined && { action }),
      ...(lacks !== undefined && { lacks }),
      ...(conflicts && { files: conflicts }),
    }
    return { ok: false, end, failure }
  }
  const file = files.find(({ name }) => name === result.srpm.file)
  if (!file) return { ok: false, end: 'crashed', failure: null }
  return { ok: true, path: file.path, name: file.name, nvr: result.srpm.nvr, remove }
}
